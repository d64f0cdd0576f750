/** The control characters that begin and end bodies (SL 651-2014, table 10). */
export const MARKS = {
  STX: 0x02,
  ETX: 0x03,
  EOT: 0x04,
  ENQ: 0x05,
  ACK: 0x06,
  NAK: 0x15,
  SYN: 0x16,
  ETB: 0x17,
  ESC: 0x1b,
} as const;

/** The first byte of a frame of characters. */
export const SOH = 0x01;

/** The first two bytes of a binary frame, each. */
export const HEAD = 0x7e;

/** Who sends a frame: the station upwards, the centre downwards. */
export type Direction = "up" | "down";

/**
 * How a body ends: ETX is the last, ETB not; ENQ asks, ACK and EOT confirm and go on or end, ESC
 * confirms and wants the station to stay on line for 10 min, NAK wants a packet again.
 */
export type EndMark = "ETX" | "ETB" | "ENQ" | "EOT" | "ACK" | "NAK" | "ESC";

/** The end marks of each direction (SL 651-2014, tables 11 and 12). */
export const END_MARKS: Readonly<Record<Direction, readonly EndMark[]>> = {
  up: ["ETX", "ETB"],
  down: ["ENQ", "ACK", "NAK", "EOT", "ESC"],
};

const BY_CODE = new Map<number, EndMark>(
  [...END_MARKS.up, ...END_MARKS.down].map((mark) => [MARKS[mark], mark]),
);

/** The end mark of this code; null where it is none. */
export function endMarkOf(code: number | undefined): EndMark | null {
  return BY_CODE.get(code ?? -1) ?? null;
}
