import { onDevice } from "../edge/core/measurement.ts";
import { widthOf } from "../edge/core/point.ts";
import { completeDerived, derivedOn } from "./complete-derived.ts";
import { completePoint } from "./complete-point.ts";
import type { Findings } from "./findings.ts";
import type {
  BoardDeviceConfig,
  DeviceConfig,
  PointConfig,
  TalkerConfig,
} from "./gateway-config.ts";
import { limitsOf, shareAddresses } from "./limits.ts";
import { mergedPoints, noteAt } from "./merged-points.ts";
import { nearest } from "./nearest.ts";
import type { Path } from "./problems.ts";
import type { Profile, Profiles } from "./profile.ts";
import { resolveBoard } from "./resolve-board.ts";
import type { DraftDerived } from "./resolve-derived.ts";
import { checkNotTalker, resolveTalker, talksByItself } from "./resolve-talker.ts";
import type { Draft } from "./salvage.ts";
import type { BusInput, DeviceInput } from "./schema.ts";

/** A bus whose devices are asked by address. */
export type ModbusInput = Extract<BusInput, { readonly kind: `modbus-${string}` }>;

/** The devices and points of the buses. */
export type ReadDevices = {
  readonly devices: readonly DeviceConfig[];
  readonly points: readonly PointConfig[];
  readonly talkers: readonly TalkerConfig[];
  readonly boards: readonly BoardDeviceConfig[];
};

/** They, and the points that are worked out from them. */
export type ResolvedDevices = ReadDevices & { readonly derived: readonly DraftDerived[] };

/** Checks every device and its points, with its profile, against the buses. */
export function resolveDevices(
  draft: Draft,
  profiles: Profiles,
  findings: Findings,
): ResolvedDevices {
  const devices: DeviceConfig[] = [];
  const points: PointConfig[] = [];
  const talkers: TalkerConfig[] = [];
  const boards: BoardDeviceConfig[] = [];
  const derived: DraftDerived[] = [];
  const talkerOwners = new Map<string, string>();
  const unitOwners = new Map<string, string>();
  for (const [name, input] of Object.entries(draft.config.devices ?? {})) {
    const path = ["devices", name];
    const profile = profileOf(input, profiles, path, findings);
    const parts = { draft, name, input, profile, findings };
    derived.push(...derivedPoints(parts));
    if (isBusless(parts)) continue;
    const bus = busOf(draft, input, path, findings);
    if (talksByItself(bus, input, profile)) {
      const talker = resolveTalker({ ...parts, owners: talkerOwners });
      if (talker !== null) talkers.push(talker);
      continue;
    }
    if (bus?.kind === "firmata" || bus?.kind === "gpio" || bus?.kind === "local") {
      const on = bus.kind;
      const board = resolveBoard({ draft, name, on, input, others: boards, findings });
      if (board !== null) boards.push(board);
      continue;
    }
    if (bus !== null && !isModbus(bus)) continue;
    if (!checkNotTalker(input, profile, path, findings)) continue;
    const { names, sure } = draft.ownPoints(name);
    if (sure && names.length === 0 && input.profile === undefined) {
      findings.add("no-points", null, path, "key");
    }
    const { readAlone, ...limits } = limitsOf(input, profile);
    const hasProfile = input.profile !== undefined || draft.mayHave(path, "profile");
    const isWhole = profile !== null || !hasProfile;
    for (const [pointName, { point, everyMs }] of mergedPoints(input, profile)) {
      if (point.derive !== undefined) continue;
      const own = input.points[pointName] ?? {};
      const note = noteAt([...path, "points", pointName], own, isWhole, findings);
      const complete = completePoint(point, { ...limits, readAlone }, note);
      if (complete === null) continue;
      const { measurement } = complete;
      points.push({
        id: `${name}.${pointName}`,
        device: name,
        everyMs,
        ...complete,
        measurement: measurement === null ? null : onDevice(measurement, name),
      });
    }
    checkClearing(name, points, findings);
    const unit = bus === null ? null : unitOf(draft, name, bus, unitOwners, findings);
    if (bus === null || unit === null || input.bus === undefined) continue;
    devices.push({
      name,
      bus: input.bus,
      unit,
      profile: input.profile ?? null,
      ...limits,
      probeEveryMs: input.probeEvery ?? bus.probeEvery,
    });
  }
  return { devices, points, talkers, boards, derived };
}

/** What is known of a device. */
type Parts = {
  readonly draft: Draft;
  readonly name: string;
  readonly input: DeviceInput;
  readonly profile: Profile | null;
  readonly findings: Findings;
};

/** The points of a device that are worked out from others. */
function derivedPoints({ name, input, profile, findings }: Parts): readonly DraftDerived[] {
  return [...mergedPoints(input, profile)].flatMap(([pointName, { point }]) => {
    if (point.derive === undefined) return [];
    const own = input.points[pointName] ?? {};
    const note = noteAt(["devices", name, "points", pointName], own, true, findings);
    const complete = completeDerived(point, point.derive, note);
    if (complete === null) return [];
    const { derivation, measurement } = complete;
    return {
      ...complete,
      id: `${name}.${pointName}`,
      device: name,
      derivation: derivedOn(derivation, name),
      measurement: measurement === null ? null : onDevice(measurement, name),
    };
  });
}

/** Keys of a device without a bus. */
const BUSLESS_KEYS = ["profile", "commit", "points"];

/** Whether the device has no bus; a point that is to be read lacks it. */
function isBusless({ draft, name, input, profile, findings }: Parts): boolean {
  const path = ["devices", name];
  if (input.bus !== undefined || draft.mayHave(path, "bus")) return false;
  const points = [...mergedPoints(input, profile).values()];
  const isDerived = points.length > 0 && points.every(({ point }) => point.derive !== undefined);
  if (!isDerived) {
    findings.add("missing-key", { expected: { kind: "name" } }, [...path, "bus"], "key");
    return false;
  }
  for (const key of Object.keys(input)) {
    if (BUSLESS_KEYS.includes(key)) continue;
    const params = { name: key, here: "busless", allowed: BUSLESS_KEYS } as const;
    findings.add("key-elsewhere", params, [...path, key]);
  }
  return true;
}

/** Notes every point that is read with registers that another one's reading clears. */
function checkClearing(device: string, points: readonly PointConfig[], findings: Findings): void {
  const own = points.filter((point) => point.device === device);
  const spanOf = (point: PointConfig) => ({
    area: point.area,
    address: point.address,
    count: widthOf(point.type, point.length),
  });
  for (const point of own) {
    const other = own.find(
      (each) => each !== point && each.readClears && shareAddresses(spanOf(each), spanOf(point)),
    );
    if (other === undefined) continue;
    const name = point.id.slice(device.length + 1);
    findings.add("point-cleared", { point: other.id }, ["devices", device, "points", name], "key");
  }
}

/** Whether the devices of the bus are asked by address. */
export function isModbus(bus: BusInput): bus is ModbusInput {
  return bus.kind.startsWith("modbus-");
}

/** Whether the bus is a serial line, or passes on the frames of one as they are. */
function isSerialLine(bus: ModbusInput): boolean {
  if (bus.kind === "modbus-udp") return false;
  return "framing" in bus ? bus.framing !== "tcp" : true;
}

function profileOf(
  { profile: name }: DeviceInput,
  profiles: Profiles,
  path: Path,
  findings: Findings,
): Profile | null {
  if (name === undefined) return null;
  const profile = profiles.get(name);
  if (profile !== undefined) return profile;
  const known = [...profiles.keys()];
  const params = { name, nearest: nearest(name, known), known };
  findings.add("unknown-profile", params, [...path, "profile"]);
  return null;
}

/** The device's bus; null when there is none, or when it has faults of its own. */
function busOf(
  draft: Draft,
  { bus: name }: DeviceInput,
  path: Path,
  findings: Findings,
): BusInput | null {
  if (name === undefined) return null;
  const known = draft.buses;
  if (known.includes(name)) return draft.config.buses?.[name] ?? null;
  findings.add("unknown-bus", { name, nearest: nearest(name, known), known }, [...path, "bus"]);
  return null;
}

function unitOf(
  draft: Draft,
  device: string,
  bus: ModbusInput,
  owners: Map<string, string>,
  findings: Findings,
): number | null {
  const path = ["devices", device];
  const { unit, bus: busName = "" } = draft.config.devices?.[device] ?? {};
  const [min, max] = isSerialLine(bus) ? [1, 247] : [0, 255];
  const at = [...path, "unit"];
  if (unit === undefined) {
    if (draft.mayHave(path, "unit")) return null;
    findings.add("missing-key", { expected: { kind: "whole", min, max } }, at, "key");
    return null;
  }
  if (unit < min || unit > max) {
    findings.add("rtu-unit", { unit }, at);
    return null;
  }
  const owner = owners.get(`${busName} ${unit}`);
  if (owner !== undefined) {
    findings.add("same-unit", { device: owner, unit, bus: busName }, at);
    return null;
  }
  owners.set(`${busName} ${unit}`, device);
  return unit;
}
