import { SL651_TAGS } from "../../config/sl651-tags.ts";
import type { Reading } from "../../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../../edge/core/time.ts";
import { fill } from "./bench-buffer.ts";

/** What is stored and then sent: messages of all points, each with `each` readings of them. */
export type WireLoad = {
  readonly messages: number;
  readonly each: number;
  /** Between two readings of a point, in milliseconds. */
  readonly everyMs: number;
};

/** Transmitters of one device, told as 32-bit floats with two decimals. */
export const POINTS: readonly string[] = Array.from({ length: 20 }, (_, n) => `d.p${n}`);

/** The unit of every point, as a UCUM code. */
export const UNIT = "m";

/** How many readings `load` has. */
export function countOf({ messages, each }: WireLoad): number {
  return messages * each * POINTS.length;
}

/** When the first reading of `load` was: the last was before `now`, and an hour begins with it. */
export function beginOf({ messages, each, everyMs }: WireLoad, now: number): number {
  const hourMs = 3_600_000;
  return Math.floor((now - messages * each * everyMs) / hourMs) * hourMs;
}

/** The readings of message `n`, from 0, where the first of all is at `begin`. */
export function readingsOf(n: number, { each, everyMs }: WireLoad, begin: number): Reading[] {
  return Array.from({ length: each }, (_, k) => n * each + k).flatMap((step) =>
    POINTS.map((point, p) => ({
      point,
      value: shownBy(p, step),
      quality: "good",
      at: (begin + step * everyMs) as WallMs,
      uptime: 0 as UptimeMs,
    })),
  );
}

function shownBy(point: number, step: number): number {
  const wave = Math.sin(step / 300 + point);
  const noise = ((step * 7919 + point * 104_729) % 97) / 97;
  return Math.round((20 + point + 2 * wave + noise / 10) * 100) / 100;
}

/** Fills a buffer in `dir` with `load`. */
export async function fillBuffer(dir: string, load: WireLoad, begin: number): Promise<void> {
  await fill(dir, load.messages, UNIT, (n) => readingsOf(n, load, begin));
}

/** A configuration with these points and `destination`, whose buffer is in `dir`. */
export function yamlOf(dir: string, destination: string): string {
  const points = POINTS.map(
    (id, n) => `${id.slice(2)}: { area: holding, address: ${2 * n}, type: float32, unit: ${UNIT} }`,
  );
  return `gateway: { id: gw-bench }
buffer: { dir: ${dir}/buffer }
buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { d: { bus: main, unit: 1, every: 1s, points: { ${points.join(", ")} } } }
destinations:
  centre: ${destination}
`;
}

/** A factor of HJ 212 for each point. */
export const FACTORS = POINTS.map((id, n) => `w${10_001 + n}: { point: ${id}, decimals: 2 }`).join(
  ", ",
);

/** An element of SL 651 for each point. */
export const ELEMENTS = POINTS.map((id, n) => `${SL651_TAGS[n]}: { point: ${id} }`).join(", ");
