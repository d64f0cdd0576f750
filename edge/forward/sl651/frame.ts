import type { FrameRules } from "../frame-search.ts";
import { RemarkList } from "../remark-list.ts";
import type { Body } from "./body.ts";
import { crcOf } from "./crc.ts";
import { hexNumber, hexText, latin1 } from "./digits.ts";
import { functionOf } from "./functions.ts";
import { CRC, type Encoding, type Frame, HEADER, PACKET_NUMBER } from "./header.ts";
import { type Direction, END_MARKS, endMarkOf, HEAD, MARKS, SOH } from "./marks.ts";
import { readBody } from "./read-body.ts";
import type { Fault, Note, Remarks } from "./remarks.ts";

/** Everything that can be said of the bytes of one frame. */
export type Decoded = {
  readonly bytes: Uint8Array;
  /** Null where there is no whole header. What it says is to be acted upon only without faults. */
  readonly frame: Frame | null;
  /** What stands in the body; null where there is none. */
  readonly body: Body | null;
  /** What the length says; null where there is none. */
  readonly declaredLength: number | null;
  /** How many bytes stand between start mark and end mark. */
  readonly bodyLength: number;
  /** The check sum as it stands there, empty where none does, and as it should be. */
  readonly crcGiven: string;
  readonly crcComputed: string;
  readonly crcValid: boolean;
  /** What is wrong; a frame without faults is sound. */
  readonly faults: readonly Fault[];
  readonly notes: readonly Note[];
};

const NOTHING = {
  frame: null,
  body: null,
  declaredLength: null,
  bodyLength: 0,
  crcGiven: "",
  crcComputed: "",
  crcValid: false,
} as const;

/** What `bytes`, taken for one frame, say (SL 651-2014, 6.2 to 6.6). Never throws. */
export function decodeFrame(bytes: Uint8Array): Decoded {
  const remarks: Remarks = new RemarkList();
  const told = decodeFrom(bytes, headIndex(bytes, remarks), remarks);
  return { bytes, ...NOTHING, ...told, faults: remarks.faults, notes: remarks.notes };
}

function headIndex(bytes: Uint8Array, remarks: Remarks): number {
  if (encodingAt(bytes, 0) !== null) return 0;
  const found = bytes.findIndex((_, at) => encodingAt(bytes, at) !== null);
  remarks.fault("no-head", 0, { found });
  return found;
}

/** How the frame that begins at `at` is written; null where none begins. */
function encodingAt(bytes: Uint8Array, at: number): Encoding | null {
  if (bytes[at] === SOH) return "ascii";
  return bytes[at] === HEAD && bytes[at + 1] === HEAD ? "hex" : null;
}

function decodeFrom(bytes: Uint8Array, from: number, remarks: Remarks): Partial<Decoded> {
  const encoding = encodingAt(bytes, from);
  if (encoding === null) return {};
  const start = from + HEADER[encoding];
  if (bytes.length <= start) {
    remarks.fault("too-short", bytes.length, { missing: start + 1 - bytes.length });
    return {};
  }
  const digits = headerDigits(bytes, from, encoding, remarks);
  if (digits === null) return {};
  const declaredLength = Number.parseInt(digits.slice(-3), 16);
  const direction = directionOf(digits, start - (encoding === "hex" ? 2 : 4), remarks);
  const end = endIndex(bytes, from, start + 1 + declaredLength, encoding, remarks);
  const { packet, bodyFrom } = packetOf(bytes, start, end, encoding, remarks);
  const mark = endMark(bytes[end], end, direction, remarks);
  const crc = checkCrc(bytes, from, end, encoding, remarks);
  const frame: Frame = {
    encoding,
    direction,
    ...addressesOf(digits, direction, remarks),
    packet,
    body: bytes.slice(bodyFrom, end),
    end: mark ?? "ETX",
  };
  const body = readBody(frame, bodyFrom, remarks);
  return { frame, body, declaredLength, bodyLength: Math.max(0, end - start - 1), ...crc };
}

/** The header as hexadecimal digits; null where characters are none. */
function headerDigits(
  bytes: Uint8Array,
  from: number,
  encoding: Encoding,
  remarks: Remarks,
): string | null {
  if (encoding === "hex") return hexText(bytes.subarray(from + 2, from + HEADER.hex));
  const text = latin1(bytes.subarray(from + 1, from + HEADER.ascii));
  if (/^[0-9A-Fa-f]*$/.test(text)) return text.toUpperCase();
  remarks.fault("not-hex", from + 1 + text.search(/[^0-9A-Fa-f]/), { given: text });
  return null;
}

function directionOf(digits: string, index: number, remarks: Remarks): Direction {
  const given = digits.at(-4) ?? "0";
  if (given !== "0" && given !== "8") remarks.fault("direction", index, { given });
  return given >= "8" ? "down" : "up";
}

/** Addresses, password and function; the addresses change places with the direction. */
function addressesOf(digits: string, direction: Direction, remarks: Remarks) {
  const [up, down] = [digits.slice(0, 2), digits.slice(10, 12)];
  const centre = Number.parseInt(direction === "up" ? up : down, 16);
  const station = direction === "up" ? digits.slice(2, 12) : digits.slice(0, 10);
  const functionCode = Number.parseInt(digits.slice(16, 18), 16);
  if (centre === 0) remarks.note("centre-zero", null);
  const isStation = station.startsWith("00") ? /^\d+$/.test(station) : /^\d{6}/.test(station);
  if (!isStation) remarks.note("station-form", null, { given: station });
  if (functionOf(functionCode) === null) {
    remarks.note("function-unknown", null, { given: hexNumber(functionCode, 2) });
  }
  return { centre, station, password: digits.slice(12, 16), functionCode };
}

/** Where the end mark stands: as the length says, or where the check sum shows that it is wrong. */
function endIndex(
  bytes: Uint8Array,
  from: number,
  told: number,
  encoding: Encoding,
  remarks: Remarks,
): number {
  const behind = 1 + CRC[encoding];
  const last = bytes.length - behind;
  const extra = last - told;
  if (extra === 0) return told;
  const begin = from + HEADER[encoding] + 1;
  const isWhole = last >= begin && endMarkOf(bytes[last]) !== null;
  if (isWhole && crcAt(bytes, last, encoding) === crcOf(bytes.subarray(from, last + 1))) {
    remarks.fault("length", begin - 1 - (encoding === "hex" ? 2 : 4), {
      said: told - begin,
      found: last - begin,
    });
    return last;
  }
  if (extra > 0) remarks.fault("trailing", told + behind, { extra });
  else remarks.fault("too-short", bytes.length, { missing: -extra });
  return Math.min(told, bytes.length);
}

/** The number of the packet, behind SYN, and where the body begins. */
function packetOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  encoding: Encoding,
  remarks: Remarks,
) {
  const mark = bytes[start];
  if (mark !== MARKS.STX && mark !== MARKS.SYN) {
    remarks.fault("start-mark", start, { given: hexNumber(mark ?? 0, 2) });
  }
  if (mark !== MARKS.SYN) return { packet: null, bodyFrom: start + 1 };
  const bodyFrom = start + 1 + PACKET_NUMBER[encoding];
  const field = bytes.subarray(start + 1, bodyFrom);
  const digits = encoding === "hex" ? hexText(field) : latin1(field);
  if (bodyFrom > end || !/^[0-9A-Fa-f]{6}$/.test(digits)) {
    remarks.fault("body-short", start + 1, { missing: Math.max(0, bodyFrom - end), what: "SYN" });
    return { packet: null, bodyFrom: Math.min(bodyFrom, end) };
  }
  const [total, index] = [digits.slice(0, 3), digits.slice(3)].map((part) =>
    Number.parseInt(part, 16),
  ) as [number, number];
  if (index < 1 || index > total) remarks.fault("packet-number", start + 1, { index, total });
  return { packet: { total, index }, bodyFrom };
}

function endMark(code: number | undefined, at: number, direction: Direction, remarks: Remarks) {
  const mark = endMarkOf(code);
  if (mark === null) {
    if (code !== undefined) remarks.fault("end-mark", at, { given: hexNumber(code, 2) });
  } else if (!END_MARKS[direction].includes(mark)) {
    remarks.note("end-mark-direction", at, { mark });
  }
  return mark;
}

/** The check sum behind the end mark at `end`; NaN where there is none. */
function crcAt(bytes: Uint8Array, end: number, encoding: Encoding): number {
  const field = bytes.subarray(end + 1, end + 1 + CRC[encoding]);
  const digits = encoding === "hex" ? hexText(field) : latin1(field);
  return /^[0-9A-Fa-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
}

function checkCrc(
  bytes: Uint8Array,
  from: number,
  end: number,
  encoding: Encoding,
  remarks: Remarks,
) {
  const field = bytes.subarray(end + 1, end + 1 + CRC[encoding]);
  const crcGiven = encoding === "hex" ? hexText(field) : latin1(field);
  const computed = crcOf(bytes.subarray(from, end + 1));
  const given = crcAt(bytes, end, encoding);
  const crcComputed = hexNumber(computed, 4);
  if (field.length === CRC[encoding] && given !== computed) {
    remarks.fault("crc", end + 1, { given: crcGiven, computed: crcComputed });
    const swapped = ((computed & 0xff) << 8) | (computed >>> 8);
    if (given === swapped) remarks.note("crc-swapped", end + 1);
  }
  return { crcGiven, crcComputed, crcValid: given === computed };
}

/** How frames of SL 651, of either form, are found in a stream. */
export const STREAM_RULES: FrameRules = {
  fillers: [],
  lengthAt(bytes, at) {
    const encoding = bytes[at] === SOH ? "ascii" : bytes[at] === HEAD ? "hex" : null;
    if (encoding === null) return null;
    const start = at + HEADER[encoding];
    if (!mayBeHeader(bytes, at, encoding)) return null;
    if (start >= bytes.length) return "short";
    const field = bytes.subarray(start - (encoding === "hex" ? 2 : 4), start);
    const digits = encoding === "hex" ? hexText(field) : latin1(field);
    const isMark = bytes[start] === MARKS.STX || bytes[start] === MARKS.SYN;
    if (!isMark || !/^[08]/.test(digits)) return null;
    return start + 1 + Number.parseInt(digits.slice(1), 16) + 1 + CRC[encoding] - at;
  },
  isSound(frame) {
    const encoding = frame[0] === SOH ? "ascii" : "hex";
    const end = frame.length - CRC[encoding] - 1;
    if (endMarkOf(frame[end]) === null) return false;
    return crcAt(frame, end, encoding) === crcOf(frame.subarray(0, end + 1));
  },
};

/** Whether what is there of a header at `at` can be one. */
function mayBeHeader(bytes: Uint8Array, at: number, encoding: Encoding): boolean {
  if (encoding === "hex") return at + 1 >= bytes.length || bytes[at + 1] === HEAD;
  return /^[0-9A-Fa-f]*$/.test(latin1(bytes.subarray(at + 1, at + HEADER.ascii)));
}
