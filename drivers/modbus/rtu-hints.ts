import { crc16, passesCrc } from "./crc16.ts";
import { EXCEPTION_BIT } from "./framer.ts";
import { FUNCTION_NAMES } from "./function-names.ts";
import { type HintKind, type Remark, remark } from "./meaning.ts";
import { meaningsOf } from "./pdu-meaning.ts";

/** The longest frame of a serial line (Modbus over serial line V1.02, 2.5.1). */
const FRAME_MAX = 256;

/** More bytes than this are not searched for frames: they are no frame. */
const SEARCHED_MAX = 1024;

/** A read request; and the answer to one besides its data. */
const REQUEST_LENGTH = 8;
const ANSWER_OVERHEAD = 5;

/** In a longer frame a lost byte is not looked for: that takes too long. */
const GUESSED_MAX = 80;

/** The highest unit that is not reserved. */
const UNIT_MAX = 247;

/** The place of a frame: from, and up to but not including, to. */
type Place = { readonly from: number; readonly to: number };

/**
 * Whether `body` (unit and PDU) is one that a device would send: a guess at a frame's repair is
 * worth telling only then, because one in 65,536 passes the check sum by chance.
 */
function isLikely(body: Uint8Array): boolean {
  const [unit = 255, code = 0] = body;
  if (unit > UNIT_MAX || !((code & ~EXCEPTION_BIT) in FUNCTION_NAMES)) return false;
  return meaningsOf(body.subarray(1), null, null).some(({ faults }) => faults.length === 0);
}

/** The sound frames in `bytes`, in order, found whatever stands around them. */
export function soundFrames(bytes: Uint8Array): readonly Place[] {
  const found: Place[] = [];
  if (bytes.length > SEARCHED_MAX) return found;
  for (let from = 0; from + 4 <= bytes.length; ) {
    const to = endOfFrame(bytes, from);
    if (to !== null) found.push({ from, to });
    from = to ?? from + 1;
  }
  return found;
}

/** Where the first sound frame that begins at `from` ends; null where none does. */
function endOfFrame(bytes: Uint8Array, from: number): number | null {
  const last = Math.min(bytes.length, from + FRAME_MAX);
  let crc = crc16(bytes, from, from + 3);
  for (let to = from + 4; to <= last; to++) {
    crc = crc16(bytes, to - 1, to, crc);
    if (crc === 0 && isLikely(bytes.subarray(from, to - 2))) return to;
  }
  return null;
}

/** How `frame`, which does not pass its check sum, could be right: the likeliest guesses. */
export function rtuHints(frame: Uint8Array): readonly Remark<HintKind>[] {
  const other = otherFraming(frame);
  if (other !== null) return [remark(other)];
  const whole = [swapped(frame), unchecked(frame)].filter((hint) => hint !== null);
  if (whole.length > 0) return whole;
  const inside = soundFrames(frame);
  if (inside.length > 0) {
    return inside.map(({ from, to }) => remark("frame-inside", { from: from + 1, to }));
  }
  if (frame.length > FRAME_MAX + 1) return [];
  const lost = [lastLost(frame), firstLost(frame)].filter((hint) => hint !== null);
  if (lost.length > 0) return lost;
  // Where more than one guess fits none is worth telling.
  const guesses = [bitFlips(frame), byteExtra(frame), byteLost(frame)];
  return guesses.find(({ length }) => length === 1) ?? cutOff(frame);
}

/** An answer that announces more data than came, or a read request that ends early. */
function cutOff(frame: Uint8Array): readonly Remark<HintKind>[] {
  const [, code = 0, third = 0] = frame;
  if (code < 1 || code > 4) return [];
  const isAnswer = third > 0 && (code <= 2 || third % 2 === 0);
  const expected = isAnswer ? third + ANSWER_OVERHEAD : REQUEST_LENGTH;
  if (frame.length >= expected || expected > FRAME_MAX) return [];
  return [remark("cut-off", { expected, found: frame.length })];
}

/** Whether the bytes are a frame of another kind of line. */
function otherFraming(bytes: Uint8Array): HintKind | null {
  if (bytes[0] === 0x3a && bytes.every((byte) => byte < 0x80)) return "is-ascii";
  const length = (bytes[4] as number) * 256 + (bytes[5] as number);
  const isTcp = bytes.length > 7 && bytes[2] === 0 && bytes[3] === 0 && length === bytes.length - 6;
  if (!isTcp || !isLikely(bytes.subarray(6))) return null;
  // A short frame fits both: where only its check sum is wrong, that is what there is to tell.
  const body = bytes.subarray(0, -2);
  return body[0] !== 0 && isLikely(body) ? null : "is-tcp";
}

function swapped(frame: Uint8Array): Remark<HintKind> | null {
  const [second, first] = frame.subarray(-2) as unknown as [number, number];
  const right = Uint8Array.of(...frame.subarray(0, -2), first, second);
  return passesCrc(right) ? remark("crc-swapped") : null;
}

/** The bytes as a whole frame that was given no check sum. */
function unchecked(frame: Uint8Array): Remark<HintKind> | null {
  if (!isLikely(frame)) return null;
  // The likeliest frames to be cut by their check sum are those of a known length.
  if (meaningsOf(frame.subarray(1, -2), null, null).some(({ faults }) => faults.length === 0)) {
    return null;
  }
  const crc = crc16(frame);
  return remark("no-check-sum", { crc: hex(crc & 0xff, crc >>> 8) });
}

function lastLost(frame: Uint8Array): Remark<HintKind> | null {
  const body = frame.subarray(0, -1);
  const crc = crc16(body);
  if (frame.at(-1) !== (crc & 0xff) || !isLikely(body)) return null;
  return remark("last-byte-lost", { byte: hex(crc >>> 8) });
}

function firstLost(frame: Uint8Array): Remark<HintKind> | null {
  for (let unit = 0; unit <= UNIT_MAX; unit++) {
    if (crc16(frame, 0, frame.length, crcOfByte(unit)) !== 0) continue;
    if (isLikely(Uint8Array.of(unit, ...frame.subarray(0, -2)))) {
      return remark("first-byte-lost", { byte: hex(unit) });
    }
  }
  return null;
}

/**
 * The bits of which one turned over explains the check sum. A bit changes the check sum over the
 * whole frame in a way of its own, whatever the other bits are.
 */
function bitFlips(frame: Uint8Array): readonly Remark<HintKind>[] {
  const found: Remark<HintKind>[] = [];
  const difference = crc16(frame);
  let changes = Array.from({ length: 8 }, (_, bit) => crcOfByte(1 << bit, 0));
  for (let at = frame.length - 1; at >= 0; at--) {
    const bit = changes.indexOf(difference);
    if (bit >= 0) {
      const byte = (frame[at] as number) ^ (1 << bit);
      if (isLikely(frame.with(at, byte).subarray(0, -2))) {
        found.push(remark("bit-flipped", { at: at + 1, bit, byte: hex(byte) }));
      }
    }
    changes = changes.map((change) => crcOfByte(0, change));
  }
  return found;
}

function byteExtra(frame: Uint8Array): readonly Remark<HintKind>[] {
  const found: Remark<HintKind>[] = [];
  for (let at = 0; at < frame.length; at++) {
    // One of two that are alike: either can be left out.
    if (frame[at] === frame[at - 1]) continue;
    if (crc16(frame, at + 1, frame.length, crc16(frame, 0, at)) !== 0) continue;
    const body = Uint8Array.from([...frame.subarray(0, at), ...frame.subarray(at + 1)]);
    if (!isLikely(body.subarray(0, -2))) continue;
    found.push(remark("byte-extra", { at: at + 1, byte: hex(frame[at] as number) }));
  }
  return found;
}

function byteLost(frame: Uint8Array): readonly Remark<HintKind>[] {
  const found: Remark<HintKind>[] = [];
  if (frame.length > GUESSED_MAX) return found;
  for (let at = 1; at < frame.length; at++) {
    const before = crc16(frame, 0, at);
    for (let byte = 0; byte < 256; byte++) {
      // The same bytes come of putting it in front of its like.
      if (byte === frame[at - 1]) continue;
      if (crc16(frame, at, frame.length, crcOfByte(byte, before)) !== 0) continue;
      const body = Uint8Array.from([...frame.subarray(0, at), byte, ...frame.subarray(at)]);
      if (isLikely(body.subarray(0, -2))) {
        found.push(remark("byte-lost", { at: at + 1, byte: hex(byte) }));
      }
    }
  }
  return found;
}

const BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** The check sum of one byte, continued from `before`. */
function crcOfByte(byte: number, before = 0xffff): number {
  return crc16(BYTES, byte, byte + 1, before);
}

function hex(...bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(" ");
}
