import type { Body, Part } from "./body.ts";
import { hexText, latin1, leadText } from "./digits.ts";
import { elementByLead } from "./elements.ts";
import { functionOf, type Layout, type StationFunction } from "./functions.ts";
import type { Frame } from "./header.ts";
import { parameterByLead } from "./parameters.ts";
import type { Remarks } from "./remarks.ts";
import { STATION_CLASSES } from "./stations.ts";
import { isStamp } from "./times.ts";
import { elementValue, type Head, parameterValue } from "./values.ts";

/** Identifiers whose definition byte says neither length nor decimals (table C.1). */
const TIME = 0xf0;
const STATION = 0xf1;
const MANUAL = 0xf2;
const PICTURE = 0xf3;

/** The time between data at equal steps (table C.3), and what users define. */
const STEP = 0x04;
const STEP_DEFINITION = 0x18;
const EXTENDED = 0xff;

/** The one parameter whose definition is the number of bytes alone (table D.1). */
const RELAY = 0x0e;

const EVENT_BYTES = 64;

/** The bytes of a body, and how far they were read. */
class Cursor {
  readonly bytes: Uint8Array;
  readonly remarks: Remarks;
  readonly #from: number;
  at = 0;

  constructor(bytes: Uint8Array, from: number, remarks: Remarks) {
    this.bytes = bytes;
    this.#from = from;
    this.remarks = remarks;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** The place in the frame of what is read next. */
  get place(): number {
    return this.#from + this.at;
  }

  startsWith(...wanted: readonly number[]): boolean {
    return wanted.every((byte, i) => this.bytes[this.at + i] === byte);
  }

  /** The next `count` bytes; null, which is remarked, where there are fewer. */
  take(count: number, what: string): Uint8Array | null {
    if (this.left < count) {
      this.remarks.fault("body-short", this.place + this.left, {
        missing: count - this.left,
        what,
      });
      return null;
    }
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  rest(): Uint8Array {
    const bytes = this.bytes.slice(this.at);
    this.at = this.bytes.length;
    return bytes;
  }
}

type Context = {
  readonly cursor: Cursor;
  readonly frame: Frame;
  readonly layout: Layout;
  readonly known: StationFunction | null;
  readonly parts: Part[];
};

/** Reads a body of bytes (SL 651-2014, 6.6.3). */
export function readBinary(frame: Frame, from: number, remarks: Remarks): Body {
  const cursor = new Cursor(frame.body, from, remarks);
  const known = functionOf(frame.functionCode);
  const layout = known?.layout[frame.direction] ?? "opaque";
  const parts: Part[] = [];
  const serial = cursor.take(2, "serial");
  const sentAt = serial === null ? null : stamp(cursor, 6, "sent");
  if (serial === null || sentAt === null) {
    return { serial: null, sentAt: null, parts: [{ kind: "data", bytes: frame.body }] };
  }
  const context: Context = { cursor, frame, layout, known, parts };
  while (cursor.left > 0) {
    const before = cursor.at;
    const part = nextPart(context);
    if (part === null) {
      cursor.at = before;
      break;
    }
    parts.push(part);
    // What its data do not divide is nothing else either.
    if (part.kind === "uniform") break;
  }
  if (cursor.left > 0) parts.push({ kind: "data", bytes: cursor.rest() });
  return { serial: ((serial[0] as number) << 8) | (serial[1] as number), sentAt, parts };
}

/** The next part; null where what is there is none, which is remarked. */
function nextPart(context: Context): Part | null {
  const { cursor, layout, parts } = context;
  if (cursor.startsWith(STATION, STATION)) return readStation(context);
  if (isClassDue(context)) return readClass(context);
  if (layout === "opaque") return { kind: "data", bytes: cursor.rest() };
  if (layout === "span" && parts.length === 0) return readSpan(cursor);
  if (layout === "version") return readVersion(cursor);
  if (layout === "counters") return readCounters(cursor);
  if (cursor.startsWith(TIME, TIME)) {
    cursor.at += 2;
    const at = stamp(cursor, 5, "observed");
    return at === null ? null : { kind: "time", at };
  }
  if (cursor.startsWith(MANUAL, MANUAL)) {
    cursor.at += 2;
    return { kind: "manual", text: latin1(cursor.rest()) };
  }
  if (cursor.startsWith(PICTURE, PICTURE)) {
    cursor.at += 2;
    return { kind: "picture", bytes: cursor.rest() };
  }
  if (cursor.startsWith(STEP, STEP_DEFINITION)) return readStep(cursor);
  if (layout === "uniform" && parts.at(-1)?.kind === "step") return readUniform(context);
  return readDatum(context);
}

/** A time in BCD; null, which is remarked, where it is short. */
function stamp(cursor: Cursor, bytes: number, what: string): string | null {
  const place = cursor.place;
  const taken = cursor.take(bytes, what);
  if (taken === null) return null;
  const digits = hexText(taken);
  if (!isStamp(digits)) cursor.remarks.fault("time", place, { what, given: digits });
  return digits;
}

function readStation({ cursor, frame }: Context): Part | null {
  const { place } = cursor;
  cursor.at += 2;
  const taken = cursor.take(5, "station");
  if (taken === null) return null;
  const address = hexText(taken);
  if (address !== frame.station) {
    cursor.remarks.note("station-differs", place, { given: address });
  }
  return { kind: "station", address };
}

/** The class stands behind the station in reports; some senders leave it out. */
function isClassDue({ cursor, frame, known, parts }: Context): boolean {
  const isBehind = parts.at(-1)?.kind === "station";
  return (
    isBehind &&
    frame.direction === "up" &&
    known?.hasClass === true &&
    !cursor.startsWith(TIME, TIME)
  );
}

function readClass({ cursor }: Context): Part | null {
  const { place } = cursor;
  const taken = cursor.take(1, "class");
  if (taken === null) return null;
  const letter = latin1(taken);
  if (!Object.hasOwn(STATION_CLASSES, letter)) {
    cursor.remarks.note("class-unknown", place, { given: hexText(taken) });
  }
  return { kind: "class", letter };
}

function readStep(cursor: Cursor): Part | null {
  cursor.at += 2;
  const taken = cursor.take(3, "step");
  return taken === null ? null : { kind: "step", raw: hexText(taken) };
}

/** Data of one element, all of the length that its identifier says. */
function readUniform(context: Context): Part | null {
  const { cursor } = context;
  const { place: start } = cursor;
  const head = readHead(context);
  if (head === null) return null;
  if (head.length === 0) {
    cursor.remarks.fault("identifier", start, { given: nameOf(head) });
    return null;
  }
  const raws: string[] = [];
  while (cursor.left >= head.length) {
    const { place } = cursor;
    const raw = hexText(cursor.take(head.length, "data") as Uint8Array);
    checkElement(cursor, head, raw, place);
    raws.push(raw);
  }
  if (cursor.left > 0) {
    cursor.remarks.fault("uneven", cursor.place, { name: nameOf(head), extra: cursor.left });
  }
  return { kind: "uniform", heads: [head], raws };
}

function readDatum(context: Context): Part | null {
  const { cursor, layout, known } = context;
  const { place } = cursor;
  const head = readHead(context);
  if (head === null) return null;
  if (layout === "identifiers" || layout === "span") return { kind: "identifier", head };
  const taken = isBulk(head) ? cursor.rest() : cursor.take(head.length, nameOf(head));
  if (taken === null) return null;
  const raw = hexText(taken);
  if (known?.isOfParameters) {
    if (parameterValue("hex", head, raw).kind === "bad") notBcd(cursor, head, raw, place);
    return { kind: "parameter", head, raw };
  }
  checkElement(cursor, head, raw, place);
  return { kind: "element", head, raw };
}

/** An identifier (SL 651-2014, table 26). */
function readHead({ cursor, known }: Context): Head | null {
  const { place } = cursor;
  const isExtended = cursor.startsWith(EXTENDED);
  const taken = cursor.take(isExtended ? 3 : 2, "identifier");
  if (taken === null) return null;
  const lead = isExtended ? EXTENDED * 256 + (taken[1] as number) : (taken[0] as number);
  const definition = taken.at(-1) as number;
  const isOfParameters = known?.isOfParameters === true;
  const element = isOfParameters ? null : elementByLead(lead);
  const isKnown = isOfParameters ? parameterByLead(lead) !== null : element !== null;
  if (!isKnown && !isExtended) {
    cursor.remarks.note("identifier-unknown", place, { given: leadText(lead) });
  }
  const tag = element?.tag ?? null;
  if (isOfParameters && lead === RELAY) return { lead, tag, length: definition, decimals: 0 };
  return { lead, tag, length: definition >> 3, decimals: definition & 7 };
}

/** Velocities in bulk, `FD F6`, of which all that follows is the data. */
function isBulk({ lead, length, decimals }: Head): boolean {
  return lead === 0xfd && length === 0xf6 >> 3 && decimals === (0xf6 & 7);
}

function checkElement(cursor: Cursor, head: Head, raw: string, place: number): void {
  if (elementValue("hex", head, raw).kind === "bad") notBcd(cursor, head, raw, place);
}

function notBcd(cursor: Cursor, head: Head, raw: string, place: number): void {
  cursor.remarks.fault("not-bcd", place, { name: nameOf(head), given: raw });
}

function nameOf({ lead, tag }: Head): string {
  return tag ?? leadText(lead ?? 0);
}

function readSpan(cursor: Cursor): Part | null {
  const from = stamp(cursor, 4, "from");
  const to = from === null ? null : stamp(cursor, 4, "to");
  return from === null || to === null ? null : { kind: "span", from, to };
}

function readVersion(cursor: Cursor): Part | null {
  const length = cursor.bytes[cursor.at] as number;
  cursor.at += 1;
  const taken = cursor.take(length, "version");
  return taken === null ? null : { kind: "version", text: latin1(taken) };
}

function readCounters(cursor: Cursor): Part | null {
  const taken = cursor.take(EVENT_BYTES, "counters");
  if (taken === null) return null;
  const view = new DataView(taken.buffer, taken.byteOffset, taken.byteLength);
  const counts = Array.from({ length: EVENT_BYTES / 2 }, (_, i) => view.getUint16(2 * i));
  return { kind: "counters", counts };
}
