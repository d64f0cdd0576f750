import type { Body } from "./body.ts";
import type { Frame } from "./header.ts";
import { readBinary } from "./read-binary.ts";
import { readText } from "./read-text.ts";
import type { Remarks } from "./remarks.ts";

/**
 * Reads the body of `frame`, which begins at byte `from` of it (SL 651-2014, 6.6), and remarks what
 * is wrong. A packet that is not the first is only a piece of one: it is told when they are joined.
 */
export function readBody(frame: Frame, from: number, remarks: Remarks): Body {
  if (frame.packet !== null && frame.packet.index !== 1) {
    return { serial: null, sentAt: null, parts: [{ kind: "data", bytes: frame.body }] };
  }
  return frame.encoding === "hex"
    ? readBinary(frame, from, remarks)
    : readText(frame, from, remarks);
}
