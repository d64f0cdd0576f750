import { RemarkList } from "../remark-list.ts";
import type { Body } from "./body.ts";
import type { Encoding, Frame } from "./header.ts";
import { readBinary } from "./read-binary.ts";
import { readText } from "./read-text.ts";
import type { Remarks } from "./remarks.ts";

/** Bytes of serial number and time, with which a message begins. */
const BEGINNING: Readonly<Record<Encoding, number>> = { hex: 8, ascii: 16 };

/**
 * Reads the body of `frame`, which begins at byte `from` of it (SL 651-2014, 6.6), and remarks what
 * is wrong. A station's packet is only a piece of a message: what can be told of the first is, and
 * that it is cut off anywhere is no fault; the others are told when they are joined. What a centre
 * says to packets is whole.
 */
export function readBody(frame: Frame, from: number, remarks: Remarks): Body {
  const read = frame.encoding === "hex" ? readBinary : readText;
  if (frame.packet === null || frame.direction === "down") return read(frame, from, remarks);
  if (frame.packet.index !== 1) {
    return { serial: null, sentAt: null, parts: [{ kind: "data", bytes: frame.body }] };
  }
  const ofPiece: Remarks = new RemarkList();
  const body = read(frame, from, ofPiece);
  const end = from + BEGINNING[frame.encoding];
  remarks.faults.push(...ofPiece.faults.filter(({ at }) => at !== null && at <= end));
  return body;
}
