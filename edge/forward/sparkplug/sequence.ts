/** Both counts go from 0 to 255 and begin again (Sparkplug B 3.0, 6.4.1 and 6.4.25). */
const VALUES = 256;

/** The number behind `last`, of a message or of a session; 0 where there was none. */
export function nextNumber(last: number | null): number {
  return last === null ? 0 : (last + 1) % VALUES;
}
