import type { WallMs } from "./time.ts";

/** Crockford's base 32, in which ULIDs are written. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * A new id of a stream in the form of a ULID: 10 digits of the time, 16 of chance, so that ids
 * sort by their age. `random` gives numbers in [0, 1).
 */
export function streamId(at: WallMs, random: () => number): string {
  let time = "";
  for (let rest = Math.max(0, Math.floor(at)), i = 0; i < 10; i++) {
    time = `${DIGITS[rest % 32]}${time}`;
    rest = Math.floor(rest / 32);
  }
  const chance = Array.from({ length: 16 }, () => DIGITS[Math.floor(random() * 32)]);
  return time + chance.join("");
}
