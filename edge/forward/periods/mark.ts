import type { Quality } from "../../core/reading.ts";

/**
 * What a mark says of a value (HJ 212-2017, table 8, `-Flag`), as far as a gateway can know it:
 * N normal, B the instrument does not answer, D fault, T above or below its range, M maintenance,
 * C calibration.
 */
export type Mark = "N" | "B" | "D" | "T" | "M" | "C";

/** What stands behind the colon of a quality. */
const OF_REASON: Readonly<Record<string, Mark>> = {
  timeout: "B",
  crc: "B",
  malformed: "B",
  "link-closed": "B",
  stale: "B",
  "out-of-range": "T",
  "function-check": "M",
  "warm-up": "M",
};

/**
 * The mark of a reading of this quality. What is in doubt is no normal value: it counts as a fault
 * where no other mark says more.
 */
export function markOf(quality: Quality): Mark {
  if (quality === "good") return "N";
  const colon = quality.indexOf(":");
  const reason = quality.slice(colon + 1);
  // The device answered that it cannot.
  if (reason.startsWith("exception:")) return "B";
  // Uncertain is a calibration that is overdue, not one that is under way.
  if (reason === "calibration") return quality.startsWith("bad:") ? "C" : "D";
  return OF_REASON[reason] ?? "D";
}
