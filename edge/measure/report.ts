import type { Report } from "../core/measurement.ts";
import type { Reading, Value } from "../core/reading.ts";

/**
 * Whether `reading` is worth storing and sending after `last`, the newest that was: its quality is
 * another one, it has moved by at least the deadband, or that one is `maxSilenceMs` old. A deadband
 * of 0 leaves nothing out.
 */
export function isNews({ deadband, maxSilenceMs }: Report, reading: Reading, last: Reading | null) {
  if (last === null || reading.quality !== last.quality) return true;
  if (reading.uptime - last.uptime >= maxSilenceMs) return true;
  return hasMoved(deadband, reading.value, last.value);
}

/** Two that are not known, for the same reason, tell the same. */
function hasMoved(deadband: number, to: Value | null, from: Value | null): boolean {
  if (typeof to === "number" && typeof from === "number") return Math.abs(to - from) >= deadband;
  return to !== from;
}
