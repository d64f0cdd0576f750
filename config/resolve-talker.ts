import { onDevice } from "../edge/core/measurement.ts";
import { completeTalkPoint } from "./complete-talk-point.ts";
import type { Findings } from "./findings.ts";
import type { TalkerConfig, TalkPointConfig } from "./gateway-config.ts";
import { LIMIT_KEYS } from "./limits-schema.ts";
import { mergedPoints, noteAt } from "./merged-points.ts";
import type { Path } from "./problems.ts";
import type { Profile } from "./profile.ts";
import { type ResolvedProtocol, resolveProtocol } from "./resolve-protocol.ts";
import type { Draft } from "./salvage.ts";
import type { BusInput, DeviceInput } from "./schema.ts";

/** Periods of a point without a value after which it counts as silent. */
const SILENT_PERIODS = 3;
/** The same where the device is asked: half a period after an answer should have come. */
const SILENT_PERIODS_ASKED = 1.5;

const DEVICE_KEYS = ["bus", "profile", "every", "protocol", "silentAfter", "commit", "points"];
const MODBUS_DEVICE_KEYS = [
  "bus",
  "unit",
  "profile",
  "every",
  ...LIMIT_KEYS,
  "probeEvery",
  "commit",
  "points",
];

/** What is known of a device on a bus of kind serial. */
type Parts = {
  readonly draft: Draft;
  readonly name: string;
  readonly input: DeviceInput;
  readonly profile: Profile | null;
  /** Which device is on each bus of kind serial. */
  readonly owners: Map<string, string>;
  readonly findings: Findings;
};

/** Whether the device is one that is listened to, on `bus` or, as it seems, on an unknown one. */
export function talksByItself(
  bus: BusInput | null,
  input: DeviceInput,
  profile: Profile | null,
): boolean {
  if (bus !== null) return bus.kind === "serial";
  return (input.protocol ?? profile?.protocol) !== undefined;
}

/** Checks the device and its points; null where it cannot be listened to. */
export function resolveTalker(parts: Parts): TalkerConfig | null {
  const { draft, name, input, findings } = parts;
  const path = ["devices", name];
  for (const key of Object.keys(input)) {
    if (DEVICE_KEYS.includes(key)) continue;
    const params = { name: key, here: "serial", allowed: DEVICE_KEYS } as const;
    findings.add("key-elsewhere", params, [...path, key]);
  }
  const isAlone = checkAlone(parts, path);
  const { names, sure } = draft.ownPoints(name);
  if (sure && names.length === 0 && input.profile === undefined) {
    findings.add("no-points", null, path, "key");
  }
  const resolved = protocolOf(parts, path);
  if (resolved === null) return null;
  const points = talkPoints(parts, path, resolved);
  if (!isAlone || input.bus === undefined) return null;
  const { protocol, ask } = resolved;
  return { name, bus: input.bus, profile: input.profile ?? null, protocol, ask, points };
}

/** Notes every bus of kind serial, firmata, gpio or local on which certainly no device is. */
export function checkTalkerBuses({ config }: Draft, findings: Findings): void {
  const devices = Object.values(config.devices ?? {});
  for (const [name, { kind }] of Object.entries(config.buses ?? {})) {
    if (kind.startsWith("modbus-")) continue;
    if (devices.some(({ bus }) => bus === undefined || bus === name)) continue;
    findings.add("no-talker", null, ["buses", name], "key");
  }
}

/** Whether a device on a bus of another kind has no keys of one that is listened to; notes them. */
export function checkNotTalker(
  input: DeviceInput,
  profile: Profile | null,
  path: Path,
  findings: Findings,
): boolean {
  for (const name of ["silentAfter", "reference"] as const) {
    if (input[name] === undefined) continue;
    const params = { name, here: "modbus", allowed: MODBUS_DEVICE_KEYS } as const;
    findings.add("key-elsewhere", params, [...path, name]);
  }
  const bus = `${input.bus}`;
  if (input.protocol !== undefined) {
    findings.add("protocol-needs-serial", { bus }, [...path, "protocol"], "key");
    return false;
  }
  if (profile?.protocol === undefined) return true;
  findings.add("protocol-needs-serial", { bus }, [...path, "profile"]);
  return false;
}

function checkAlone({ name, input, owners, findings }: Parts, path: Path): boolean {
  if (input.bus === undefined) return true;
  const owner = owners.get(input.bus);
  if (owner === undefined) {
    owners.set(input.bus, name);
    return true;
  }
  findings.add("second-talker", { device: owner, bus: input.bus }, [...path, "bus"]);
  return false;
}

/** The device's protocol, else its profile's; null with what is wrong noted. */
function protocolOf(parts: Parts, path: Path): ResolvedProtocol | null {
  const { draft, input, profile, findings } = parts;
  if (input.protocol !== undefined) {
    return resolveProtocol(input.protocol, (code, params, below) =>
      findings.add(code, params, [...path, "protocol", ...below]),
    );
  }
  // What is wrong with a profile is told with the profile.
  if (profile?.protocol !== undefined) return resolveProtocol(profile.protocol, () => {});
  const isProfileSure =
    input.profile === undefined ? !draft.mayHave(path, "profile") : profile !== null;
  if (isProfileSure && !draft.mayHave(path, "protocol")) {
    findings.add("no-protocol", null, path, "key");
  }
  return null;
}

function talkPoints(
  { draft, name: device, input, profile, findings }: Parts,
  path: Path,
  resolved: ResolvedProtocol,
): readonly TalkPointConfig[] {
  const periods = resolved.ask === null ? SILENT_PERIODS : SILENT_PERIODS_ASKED;
  const hasProfile = input.profile !== undefined || draft.mayHave(path, "profile");
  const isWhole = profile !== null || !hasProfile;
  return [...mergedPoints(input, profile)].flatMap(([name, { point, everyMs }]) => {
    if (point.derive !== undefined) return [];
    const own = input.points[name] ?? {};
    const note = noteAt([...path, "points", name], own, isWhole, findings);
    const complete = completeTalkPoint(name, point, resolved, note);
    if (complete === null) return [];
    const { place, measurement, ...rest } = complete;
    const isText = place.kind !== "frame" && place.text.kind === "string";
    return {
      id: `${device}.${name}`,
      device,
      place,
      ...rest,
      measurement: measurement === null ? null : onDevice(measurement, device),
      type: isText ? "string" : "float64",
      everyMs,
      silentAfterMs: input.silentAfter ?? profile?.silentAfter ?? periods * everyMs,
      write: false,
    } as const;
  });
}
