import { decodeAscii } from "./decode-ascii.ts";
import { decodeRtu } from "./decode-rtu.ts";
import { decodeTcp } from "./decode-tcp.ts";
import type { Explanation, Known } from "./explanation.ts";
import type { Field } from "./meaning.ts";
import type { Asked } from "./pdu-meaning.ts";

/** The ways in which Modbus frames are written on a line. */
export const FRAMINGS = ["modbus-rtu", "modbus-tcp", "modbus-ascii"] as const;

/** One of them. */
export type Framing = (typeof FRAMINGS)[number];

const NOTHING_KNOWN: Known = { direction: null, asked: null };

/**
 * What `bytes`, taken for one frame, say; what is wrong with them, and how they could be right.
 * Never throws: any bytes have an explanation. `known` is what the moment tells of the frame.
 */
export function decode(
  framing: Framing,
  bytes: Uint8Array,
  known: Known = NOTHING_KNOWN,
): Explanation {
  switch (framing) {
    case "modbus-rtu":
      return decodeRtu(bytes, known);
    case "modbus-tcp":
      return decodeTcp(bytes, known);
    case "modbus-ascii":
      return decodeAscii(bytes, known);
  }
}

/** What the frame asks for, where it is a sound request; null otherwise. */
export function askedBy({ unit, functionCode, meanings, faults }: Explanation): Asked | null {
  const meaning = meanings.find(({ direction }) => direction !== "answer");
  if (meaning === undefined || faults.length > 0) return null;
  if (unit === null || functionCode === null) return null;
  const numberOf = (...names: readonly Field["name"][]) => {
    const found = meaning.fields.find(({ name }) => names.includes(name))?.value;
    return typeof found === "number" ? found : null;
  };
  return {
    unit,
    functionCode,
    address: numberOf("address", "readAddress"),
    count: numberOf("count", "readCount"),
  };
}
