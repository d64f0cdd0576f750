import type { FrameRules } from "../frame-search.ts";
import { RemarkList } from "../remark-list.ts";
import { crcOf, crcText, modbusCrcOf } from "./crc.ts";
import { type Item, type Packet, SEGMENT_MAX } from "./packet.ts";
import type { Fault, Note, Remarks } from "./remarks.ts";
import { type Placed, readSegment, type Segment } from "./segment.ts";

/** Everything that can be said of the bytes of one frame. */
export type Decoded = {
  readonly bytes: Uint8Array;
  /** What the length says; null where it says nothing. */
  readonly declaredLength: number | null;
  /** How many bytes the data segment has. */
  readonly segmentLength: number;
  /** The check sum as it stands there, empty where none does, and as it should be. */
  readonly crcGiven: string;
  readonly crcComputed: string;
  readonly crcValid: boolean;
  /** The fields before CP, in the order of the wire. */
  readonly fields: readonly Item[];
  /** Null where there is no data segment. What it says is to be acted upon only without faults. */
  readonly packet: Packet | null;
  /** What is wrong; a frame without faults is sound. */
  readonly faults: readonly Fault[];
  readonly notes: readonly Note[];
};

const HASH = 0x23;
const AMPERSAND = 0x26;
const CR = 0x0d;
const LF = 0x0a;
const HEAD = 6;
const CRC = 4;

/** How frames are taken that are not the standard's. */
export type ReadOptions = {
  /** The longest data segment that is taken from a stream, in bytes; the standard's is 1024. */
  readonly segmentMax?: number;
  /** Whether CRC-16/MODBUS is taken as well, for senders that have it wrong: then it is a note. */
  readonly takesModbusCrc?: boolean;
};

/** What `bytes`, taken for one frame, say (HJ 212-2017, 6.3). Never throws. */
export function decodeFrame(bytes: Uint8Array, options: ReadOptions = {}): Decoded {
  const remarks: Remarks = new RemarkList();
  const head = headIndex(bytes, remarks);
  if (head === null) return nothing(bytes, remarks);
  const { declared, from } = lengthIn(bytes, head, remarks);
  const to = segmentEnd(bytes, from, declared, remarks);
  const segment = bytes.subarray(from, to);
  const crc = checkCrc(bytes, segment, to, remarks, options);
  if (segment.length > SEGMENT_MAX) {
    remarks.note("segment-long", from, { found: segment.length, max: SEGMENT_MAX });
  }
  const read: Segment | null = segment.length === 0 ? null : readSegment(segment, from, remarks);
  if (read === null && remarks.faults.length === 0) remarks.fault("no-cp", from);
  return {
    bytes,
    declaredLength: declared,
    segmentLength: segment.length,
    ...crc,
    fields: (read?.fields ?? []).map(({ name, value }: Placed) => ({ name, value })),
    packet: read?.packet ?? null,
    faults: remarks.faults,
    notes: remarks.notes,
  };
}

/** Where the frame begins: a data segment alone may be meant too. Null where nothing is. */
function headIndex(bytes: Uint8Array, remarks: Remarks): number | null {
  if (bytes[0] === HASH && bytes[1] === HASH) return 0;
  const text = Buffer.from(bytes);
  const found = text.indexOf("##");
  remarks.fault("no-head", 0, { found });
  if (found >= 0) return found;
  return text.includes("CP=") ? 0 : null;
}

/** What can be said of bytes that hold no frame at all. */
function nothing(bytes: Uint8Array, { faults, notes }: Remarks): Decoded {
  return {
    bytes,
    declaredLength: null,
    segmentLength: 0,
    crcGiven: "",
    crcComputed: "",
    crcValid: false,
    fields: [],
    packet: null,
    faults,
    notes,
  };
}

/** What the length says, and where the data segment begins. */
function lengthIn(bytes: Uint8Array, head: number, remarks: Remarks) {
  const begin = bytes[head] === HASH ? head + 2 : head;
  const text = Buffer.from(bytes.subarray(begin, begin + 4)).toString("latin1");
  if (/^\d{4}$/.test(text)) return { declared: Number(text), from: begin + 4 };
  remarks.fault("length-digits", begin, { given: text });
  const [few = ""] = /^\d*/.exec(text) ?? [];
  return { declared: few === "" ? null : Number(few), from: begin + few.length };
}

/** Where the data segment ends: as the length says, else behind the last `&&`. */
function segmentEnd(
  bytes: Uint8Array,
  from: number,
  declared: number | null,
  remarks: Remarks,
): number {
  const told = declared === null ? null : from + declared;
  // A length that is one short ends between ampersands too: what follows must be a check sum.
  const text = Buffer.from(bytes).toString("latin1");
  if (told !== null && /^&&[0-9A-Fa-f]{4}/.test(text.slice(told - 2))) return told;
  const fence = text.lastIndexOf("&&");
  if (fence < from) {
    if (told !== null && told + CRC > bytes.length) {
      remarks.fault("too-short", bytes.length, { missing: told + CRC - bytes.length });
    }
    return told === null ? bytes.length : Math.min(told, bytes.length);
  }
  const end = fence + 2;
  if (told !== null && told !== end)
    remarks.fault("length", from - 4, { said: told - from, found: end - from });
  return end;
}

function checkCrc(
  bytes: Uint8Array,
  segment: Uint8Array,
  to: number,
  remarks: Remarks,
  { takesModbusCrc = false }: ReadOptions,
) {
  const field = Buffer.from(bytes.subarray(to, to + CRC)).toString("latin1");
  const crcGiven = field.replace(/[\r\n]+$/, "");
  const crcComputed = crcText(crcOf(segment));
  const given = crcGiven.toUpperCase();
  const crcValid = given === crcComputed;
  if (!/^[0-9A-F]{4}$/.test(given)) {
    remarkNoCrc(bytes, to, crcGiven, remarks);
    return { crcGiven, crcComputed, crcValid };
  }
  const isModbus = !crcValid && given === crcText(modbusCrcOf(segment));
  if (!crcValid && !(isModbus && takesModbusCrc)) {
    remarks.fault("crc", to, { given: crcGiven, computed: crcComputed });
  }
  if (isModbus) remarks.note("modbus-crc", to);
  if (given !== crcGiven) remarks.note("crc-case", to);
  checkTail(bytes, to + CRC, remarks);
  return { crcGiven, crcComputed, crcValid };
}

/** What stands where a check sum belongs is none: it is cut off, or something else. */
function remarkNoCrc(bytes: Uint8Array, to: number, given: string, remarks: Remarks): void {
  if (to + CRC <= bytes.length) remarks.fault("crc-digits", to, { given });
  else if (remarks.faults.every(({ kind }) => kind !== "too-short")) {
    remarks.fault("too-short", bytes.length, { missing: to + CRC - bytes.length });
  }
}

function checkTail(bytes: Uint8Array, from: number, remarks: Remarks): void {
  const isTail = bytes[from] === CR && bytes[from + 1] === LF;
  if (!isTail) remarks.note("no-tail", from);
  const end = isTail ? from + 2 : from;
  if (bytes.length > end) remarks.fault("trailing", end, { extra: bytes.length - end });
}

/**
 * How frames of HJ 212 are found in a stream: by `##` and length, and believed where the check sum
 * is right and CP is closed. They come without CR LF, which not every sender has.
 */
export function streamRules(options: ReadOptions = {}): FrameRules {
  const { segmentMax = SEGMENT_MAX, takesModbusCrc = false } = options;
  return {
    fillers: [CR, LF],
    lengthAt(bytes, at) {
      if (bytes[at] !== HASH) return null;
      let length = 0;
      for (let i = 1; i < HEAD; i++) {
        const byte = bytes[at + i];
        if (byte === undefined) return "short";
        if (i === 1 ? byte !== HASH : byte < 0x30 || byte > 0x39) return null;
        if (i > 1) length = length * 10 + byte - 0x30;
      }
      return length > segmentMax ? null : HEAD + length + CRC;
    },
    isSound(frame) {
      const segment = frame.subarray(HEAD, -CRC);
      const isClosed = segment.at(-1) === AMPERSAND && segment.at(-2) === AMPERSAND;
      if (!isClosed || Buffer.from(segment).indexOf("CP=&&") < 0) return false;
      const given = Buffer.from(frame.subarray(-CRC)).toString("latin1").toUpperCase();
      const isRight = given === crcText(crcOf(segment));
      return isRight || (takesModbusCrc && given === crcText(modbusCrcOf(segment)));
    },
  };
}
