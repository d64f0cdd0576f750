import type { Body, Part } from "./body.ts";
import { hexBytes, hexNumber, latin1, latin1Bytes, leadText } from "./digits.ts";
import { functionOf } from "./functions.ts";
import type { Frame } from "./header.ts";
import type { Head } from "./values.ts";

/** Of a frame what its body's form depends on. */
export type BodyForm = Pick<Frame, "encoding" | "functionCode">;

const RELAY = 0x0e;

/**
 * The bytes of a body (SL 651-2014, 6.6). Throws a `RangeError` where a part has no form: digits
 * that are none, a length beyond 31.
 */
export function writeBody({ encoding, functionCode }: BodyForm, body: Body): Uint8Array {
  const isText = encoding === "ascii";
  const { serial, sentAt, parts } = body;
  const head = serial === null || sentAt === null ? "" : hexNumber(serial, 4) + sentAt;
  if (isText) {
    return Uint8Array.from(Buffer.concat([latin1Bytes(head), ...parts.map(textOf)]));
  }
  const isOfParameters = functionOf(functionCode)?.isOfParameters === true;
  const bytes = parts.map((part) => bytesOf(part, isOfParameters));
  return Uint8Array.from(Buffer.concat([hexBytes(head), ...bytes]));
}

function bytesOf(part: Part, isOfParameters: boolean): Uint8Array {
  const identifier = (head: Head) => identifierOf(head, isOfParameters);
  switch (part.kind) {
    case "station":
      return hexBytes(`F1F1${part.address}`);
    case "class":
      return latin1Bytes(part.letter);
    case "time":
      return hexBytes(`F0F0${part.at}`);
    case "step":
      return hexBytes(`0418${part.raw}`);
    case "span":
      return hexBytes(part.from + part.to);
    case "identifier":
      return hexBytes(identifier(part.head));
    case "element":
    case "parameter":
      return hexBytes(identifier(part.head) + part.raw);
    case "uniform":
      return hexBytes(part.heads.map(identifier).join("") + part.raws.join(""));
    case "manual":
      return Buffer.concat([hexBytes("F2F2"), latin1Bytes(part.text)]);
    case "picture":
      return Buffer.concat([hexBytes("F3F3"), part.bytes]);
    case "version":
      return Buffer.concat([hexBytes(hexNumber(part.text.length, 2)), latin1Bytes(part.text)]);
    case "counters":
      return hexBytes(part.counts.map((count) => hexNumber(count, 4)).join(""));
    case "data":
      return part.bytes;
  }
}

/** Lead byte and data definition (SL 651-2014, table 26). */
function identifierOf({ lead, length, decimals }: Head, isOfParameters: boolean): string {
  if (lead === null) throw new RangeError("an identifier without a lead byte");
  const begin = leadText(lead);
  if (isOfParameters && lead === RELAY) return begin + hexNumber(length, 2);
  if (length > 31 || decimals > 7) throw new RangeError(`${length} bytes, ${decimals} decimals`);
  return begin + hexNumber((length << 3) | decimals, 2);
}

/** A part in characters: words with a blank behind each. */
function textOf(part: Part): Uint8Array {
  const words = (...all: readonly (string | null)[]) =>
    latin1Bytes(all.map((word) => `${word ?? ""} `).join(""));
  switch (part.kind) {
    case "station":
      return words("ST", part.address);
    case "class":
      return words(part.letter);
    case "time":
      return words("TT", part.at);
    case "step":
      return words(part.raw);
    case "span":
      return words(part.from, part.to);
    case "identifier":
      return words(part.head.tag);
    case "element":
    case "parameter":
      return words(part.head.tag, part.raw);
    case "uniform":
      return words(...part.heads.map(({ tag }) => tag), ...part.raws);
    case "manual":
      return words("RGZS", part.text);
    case "picture":
      return latin1Bytes(`PIC ${latin1(part.bytes)}`);
    case "version":
      return words(part.text);
    case "counters":
      return words(part.counts.map((count) => hexNumber(count, 4)).join(""));
    case "data":
      return latin1Bytes(latin1(part.bytes));
  }
}
