import type { Body, Part } from "./body.ts";
import { latin1, latin1Bytes } from "./digits.ts";
import { elementByTag } from "./elements.ts";
import { functionOf, type Layout, type StationFunction } from "./functions.ts";
import type { Frame } from "./header.ts";
import { parameterByLead } from "./parameters.ts";
import type { Remarks } from "./remarks.ts";
import { STATION_CLASSES } from "./stations.ts";
import { isStamp } from "./times.ts";
import { elementValue, type Head, parameterValue } from "./values.ts";

/** The words of a body, and how far they were read. */
class Words {
  readonly text: string;
  readonly remarks: Remarks;
  readonly #from: number;
  at = 0;

  constructor(text: string, from: number, remarks: Remarks) {
    this.text = text;
    this.#from = from;
    this.remarks = remarks;
  }

  get isDone(): boolean {
    return this.at >= this.text.length;
  }

  /** The place in the frame of what is read next. */
  get place(): number {
    return this.#from + this.at;
  }

  /** The word that is read next, without reading it. */
  peek(): string {
    const end = this.text.indexOf(" ", this.at);
    return this.text.slice(this.at, end < 0 ? undefined : end);
  }

  /** The next word, the blank behind it read too; null, which is remarked, where there is none. */
  take(what: string): string | null {
    const word = this.peek();
    if (this.isDone || word === "") {
      this.remarks.fault("body-short", this.place, { missing: 1, what });
      return null;
    }
    this.at += word.length + 1;
    return word;
  }

  rest(): string {
    const text = this.text.slice(this.at);
    this.at = this.text.length;
    return text;
  }
}

const SERIAL = 4;
const SENT = 12;
const STEP = /^DR[DHN]\d\d$/;

/** `RGZS` and `PIC`, behind which nothing is parted by blanks (table C.1). */
const MANUAL = "RGZS";
const PICTURE = "PIC";

type Context = {
  readonly words: Words;
  readonly frame: Frame;
  readonly layout: Layout;
  readonly known: StationFunction | null;
  readonly parts: Part[];
};

/** Reads a body of characters (SL 651-2014, 6.6.2). */
export function readText(frame: Frame, from: number, remarks: Remarks): Body {
  const text = latin1(frame.body);
  const [serial, sentAt] = [text.slice(0, SERIAL), text.slice(SERIAL, SERIAL + SENT)];
  if (sentAt.length < SENT || !/^[0-9A-F]{4}$/i.test(serial)) {
    const missing = Math.max(0, SERIAL + SENT - text.length);
    if (missing > 0) remarks.fault("body-short", from + text.length, { missing, what: "sent" });
    else remarks.fault("not-hex", from, { given: serial });
    return { serial: null, sentAt: null, parts: [{ kind: "data", bytes: frame.body }] };
  }
  const words = new Words(text.slice(SERIAL + SENT), from + SERIAL + SENT, remarks);
  checkStamp(words, sentAt, "sent", from + SERIAL);
  const known = functionOf(frame.functionCode);
  const layout = known?.layout[frame.direction] ?? "opaque";
  const parts: Part[] = [];
  while (!words.isDone) {
    const before = words.at;
    const part = nextPart({ words, frame, layout, known, parts });
    if (part === null) {
      words.at = before;
      break;
    }
    parts.push(part);
  }
  if (words.at > words.text.length) remarks.note("no-blank", words.place - 1);
  if (!words.isDone) parts.push({ kind: "data", bytes: latin1Bytes(words.rest()) });
  return { serial: Number.parseInt(serial, 16), sentAt, parts };
}

/** The next part; null where what is there is none, which is remarked. */
function nextPart(context: Context): Part | null {
  const { words, layout, known, frame, parts } = context;
  const word = words.peek();
  if (word === "ST") return readStation(context);
  const isReport = known?.hasClass === true && frame.direction === "up";
  if (isReport && parts.at(-1)?.kind === "station" && word !== "TT") return readClass(words);
  if (layout === "opaque" || layout === "version") {
    return { kind: "data", bytes: latin1Bytes(words.rest()) };
  }
  if (layout === "counters") return readCounters(words);
  if (layout === "span" && parts.length === 0) return readSpan(words);
  if (word === "TT") {
    words.take("TT");
    const at = stamp(words, 10, "observed");
    return at === null ? null : { kind: "time", at };
  }
  if (word === MANUAL) {
    words.take(MANUAL);
    return { kind: "manual", text: words.rest().replace(/ $/, "") };
  }
  if (word === PICTURE) {
    words.take(PICTURE);
    return { kind: "picture", bytes: latin1Bytes(words.rest()) };
  }
  if (STEP.test(word)) {
    words.take("step");
    return { kind: "step", raw: word };
  }
  if (layout === "uniform" && parts.at(-1)?.kind === "step") return readUniform(context);
  return readDatum(context);
}

function checkStamp(words: Words, digits: string, what: string, place: number): void {
  if (!isStamp(digits)) words.remarks.fault("time", place, { what, given: digits });
}

function stamp(words: Words, length: number, what: string): string | null {
  const { place } = words;
  const digits = words.take(what);
  if (digits === null) return null;
  checkStamp(words, digits.length === length ? digits : "", what, place);
  return digits;
}

function readStation({ words, frame }: Context): Part | null {
  const { place } = words;
  words.take("ST");
  const address = words.take("station");
  if (address !== null && address !== frame.station) {
    words.remarks.note("station-differs", place, { given: address });
  }
  return address === null ? null : { kind: "station", address };
}

function readClass(words: Words): Part | null {
  const { place } = words;
  const letter = words.take("class");
  if (letter !== null && !Object.hasOwn(STATION_CLASSES, letter)) {
    words.remarks.note("class-unknown", place, { given: letter });
  }
  return letter === null ? null : { kind: "class", letter };
}

function readSpan(words: Words): Part | null {
  const from = stamp(words, 8, "from");
  const to = from === null ? null : stamp(words, 8, "to");
  return from === null || to === null ? null : { kind: "span", from, to };
}

/** Elements that have the same step, then a datum of each in turn (SL 651-2014, 6.6.4.4). */
function readUniform(context: Context): Part | null {
  const { words } = context;
  const first = readHead(context);
  if (first === null) return null;
  const heads = [first];
  while (!words.isDone && elementByTag(words.peek()) !== null) {
    const head = readHead(context);
    if (head !== null) heads.push(head);
  }
  const raws: string[] = [];
  while (!words.isDone && words.peek() !== "") {
    const { place } = words;
    const head = heads[raws.length % heads.length] as Head;
    const raw = words.take("data") ?? "";
    checkElement(words, head, raw, place);
    raws.push(raw);
  }
  const extra = raws.length % heads.length;
  if (extra > 0) words.remarks.fault("uneven", words.place, { name: nameOf(first), extra });
  return { kind: "uniform", heads, raws };
}

function readDatum(context: Context): Part | null {
  const { words, layout, known } = context;
  const head = readHead(context);
  if (head === null) return null;
  if (layout === "identifiers" || layout === "span") return { kind: "identifier", head };
  const { place } = words;
  const raw = words.take(nameOf(head));
  if (raw === null) return null;
  if (known?.isOfParameters) {
    const isBad = parameterValue("ascii", head, raw).kind === "bad";
    if (isBad) words.remarks.fault("not-number", place, { name: nameOf(head), given: raw });
    return { kind: "parameter", head, raw };
  }
  checkElement(words, head, raw, place);
  return { kind: "element", head, raw };
}

/** An identifier: of a parameter the two digits of its lead byte. */
function readHead({ words, known }: Context): Head | null {
  const { place } = words;
  const tag = words.take("identifier");
  if (tag === null) return null;
  const isOfParameters = known?.isOfParameters === true;
  const isDigits = isOfParameters && /^[0-9A-F]{2}$/i.test(tag);
  const digits = isDigits ? Number.parseInt(tag, 16) : null;
  const lead = isOfParameters ? digits : (elementByTag(tag)?.lead ?? null);
  const isKnown = lead !== null && (!isOfParameters || parameterByLead(lead) !== null);
  if (!isKnown) words.remarks.note("identifier-unknown", place, { given: tag });
  return { lead, tag, length: 0, decimals: 0 };
}

function checkElement(words: Words, head: Head, raw: string, place: number): void {
  if (elementValue("ascii", head, raw).kind !== "bad") return;
  words.remarks.fault("not-number", place, { name: nameOf(head), given: raw });
}

function nameOf({ tag }: Head): string {
  return tag ?? "";
}

function readCounters(words: Words): Part | null {
  const { place } = words;
  const digits = words.take("counters") ?? "";
  const counts = digits.match(/.{4}/g) ?? [];
  if (/^[0-9A-F]{128}$/i.test(digits)) {
    return { kind: "counters", counts: counts.map((count) => Number.parseInt(count, 16)) };
  }
  words.remarks.fault("body-short", place, { missing: 128 - digits.length, what: "counters" });
  return null;
}
