import { host } from "./bus-schema.ts";
import type { ReportedPoint } from "./centre-config.ts";
import type { DestinationContext } from "./destination-keys.ts";
import { passwordOf } from "./destination-keys.ts";
import { duration, real, secret, textLike, whole } from "./fields.ts";
import type { AnyPoint } from "./gateway-config.ts";
import { nearest } from "./nearest.ts";
import type { Path } from "./problems.ts";

/** How long to wait for the connection, in milliseconds. */
const CONNECT_MS = 10_000;
/** A value holds for at least so long, in milliseconds, and for so many of its periods. */
const HOLD_MS = 60_000;
const HOLD_PERIODS = 3;

/** What every section of a centre has that a standard is spoken with. */
export function centreKeys() {
  return {
    host: host(),
    port: whole(1, 65_535).describe("TCP port of the centre."),
    password: secret().describe("Password of the standard: a reference, never the secret itself."),
    timeout: duration("1s", "5m")
      .prefault("10s")
      .describe("How long an answer is waited for. 5s for a fixed line, 10s for a mobile one."),
  };
}

/** What every reported quantity has. */
export function reportedKeys() {
  return {
    point: textLike("point-id", /^[^\s.]+\.[^\s.]+$/).describe("The point, written device.point."),
    scale: real().default(1).describe("The number that is told is the point's value times this."),
  };
}

/** Where `input` says the centre is. */
export function tcpOf({ host, port }: { readonly host: string; readonly port: number }) {
  return { host, port, connectTimeoutMs: CONNECT_MS };
}

/** The password, where it is of the form that `form` describes. */
export function formedPassword(
  input: { readonly password?: string | undefined },
  path: Path,
  context: DestinationContext,
  form: { readonly pattern: RegExp; readonly protocol: "hj212" | "sl651" },
): string | null {
  const password = passwordOf(input, path, context);
  if (password === null || form.pattern.test(password)) return password;
  context.findings.add("centre-password", { protocol: form.protocol }, [...path, "password"]);
  return null;
}

/** The quantity `code` at `path`; null where its point cannot be told of. */
export function reportedPoint(
  code: string,
  { point: id, scale }: { readonly point: string; readonly scale: number },
  path: Path,
  context: DestinationContext,
): ReportedPoint | null {
  const point = knownPoint(id, [...path, "point"], context);
  return point && { code, point: id, scale, holdMs: holdMsOf(point) };
}

/** The point `id`, a number or a bool; null, which is told, where there is none. */
export function knownPoint(
  id: string,
  path: Path,
  { find, findings }: DestinationContext,
): AnyPoint | null {
  const lookup = find(id);
  if (lookup.kind === "unsure") return null;
  if (lookup.kind === "unknown") {
    const { nearest, known } = lookup;
    findings.add("unknown-point", { name: id, nearest, known }, path);
    return null;
  }
  if (lookup.point.type !== "string") return lookup.point;
  findings.add("centre-text", { point: id }, path);
  return null;
}

/** Whether there is an alarm `name`; where there is none, that is told. */
export function isAlarm(
  name: string,
  path: Path,
  { alarms, findings }: DestinationContext,
): boolean {
  if (alarms.includes(name)) return true;
  findings.add("unknown-alarm", { name, nearest: nearest(name, alarms), known: alarms }, path);
  return false;
}

/** How long a value of the point holds, in milliseconds. */
export function holdMsOf({ everyMs, measurement }: AnyPoint): number {
  const silenceMs = measurement?.report?.maxSilenceMs ?? 0;
  return Math.max(HOLD_MS, HOLD_PERIODS * everyMs, 1.5 * silenceMs);
}
