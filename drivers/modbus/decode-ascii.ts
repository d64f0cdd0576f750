import { passesCrc } from "./crc16.ts";
import { type Explanation, explain, explainDamaged, type Known } from "./explanation.ts";
import { type FaultKind, type Remark, remark } from "./meaning.ts";

const COLON = 0x3a;
const CR = 0x0d;
const LF = 0x0a;

/** Unit, function and check sum: no frame is shorter. */
const SHORTEST = 3;

/** The check sum of Modbus ASCII (Modbus over serial line V1.02, 2.5.2.2). */
export function lrc(bytes: Uint8Array): number {
  return -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
}

/**
 * What `bytes`, the characters of one frame, say (Modbus over serial line V1.02, 2.5.2). That CR
 * and LF are missing is no fault: hardly any print of a frame has them.
 */
export function decodeAscii(bytes: Uint8Array, known: Known): Explanation {
  const faults: Remark<FaultKind>[] = [];
  const hasColon = bytes[0] === COLON;
  if (!hasColon) faults.push(remark("no-colon"));
  const digits = withoutLineEnd(hasColon ? bytes.subarray(1) : bytes);
  const binary = binaryOf(digits, faults);
  if (binary === null) {
    const hints = passesCrc(bytes) ? [remark("is-rtu")] : [];
    return explainDamaged({ bytes, body: bytes.subarray(0, 0), faults, hints }, known);
  }
  if (binary.length < SHORTEST) {
    faults.push(remark("too-short", { missing: SHORTEST - binary.length }));
    return explainDamaged({ bytes, body: binary.subarray(0, 2), faults }, known);
  }
  const body = binary.subarray(0, -1);
  const computed = lrc(body);
  const passes = binary.at(-1) === computed;
  const check = { given: binary.slice(-1), computed: Uint8Array.of(computed), passes };
  if (passes) return explain({ bytes, body, check, faults }, known);
  faults.push(remark("check-sum"));
  const isSum = binary.at(-1) === (-computed & 0xff);
  const hints = isSum ? [remark("lrc-is-sum")] : passesCrc(binary) ? [remark("is-rtu")] : [];
  return explainDamaged({ bytes, body, check, faults, hints }, known);
}

function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  if (bytes[end - 1] === LF) end--;
  if (bytes[end - 1] === CR) end--;
  return bytes.subarray(0, end);
}

/** The bytes that hex digits mean; null, with why, where they mean none. */
function binaryOf(digits: Uint8Array, faults: Remark<FaultKind>[]): Uint8Array | null {
  const text = String.fromCharCode(...digits);
  const at = text.search(/[^0-9A-Fa-f]/);
  if (at >= 0) {
    faults.push(remark("not-hex", { at: at + 1, character: printed(digits[at] as number) }));
    return null;
  }
  if (text.length % 2 === 1) {
    faults.push(remark("odd-digits", { digits: text.length }));
    return null;
  }
  return Uint8Array.from(Buffer.from(text, "hex"));
}

function printed(byte: number): string {
  const isPrintable = byte > 0x20 && byte < 0x7f;
  return isPrintable ? String.fromCharCode(byte) : `0x${byte.toString(16).padStart(2, "0")}`;
}
