import { hexOf } from "../../drivers/wire-text.ts";
import type { Lang, Text } from "../core/errors.ts";
import type { Part } from "../forward/sl651/body.ts";
import { leadText } from "../forward/sl651/digits.ts";
import { elementByLead } from "../forward/sl651/elements.ts";
import { functionOf } from "../forward/sl651/functions.ts";
import type { Frame } from "../forward/sl651/header.ts";
import { parameterByLead } from "../forward/sl651/parameters.ts";
import { EVENTS, STATE_BITS, STATION_CLASSES } from "../forward/sl651/stations.ts";
import { stepOf } from "../forward/sl651/times.ts";
import { elementValue, type Head, parameterValue, type Value } from "../forward/sl651/values.ts";
import { saySl651 } from "./decode-sl651-text.ts";
import type { Row } from "./decode-told.ts";

/** How many bytes of what is not understood are shown to a person. */
const SHOWN_MAX = 16;

/** `1707181100` as `2017-07-18 11:00`. */
export function stampText(digits: string): string {
  const [year, month, day, ...time] = digits.match(/../g) ?? [];
  return `20${year}-${month}-${day} ${time.join(":")}`;
}

/** What one part of a body says, for a person. */
export function partRows(part: Part, frame: Frame, lang: Lang): readonly Row[] {
  const word = (key: Parameters<typeof saySl651>[1]) => saySl651(lang, key);
  switch (part.kind) {
    case "station":
      return [[word("stationAddress"), part.address]];
    case "class":
      return [[word("class"), part.letter, classOf(part.letter)?.[lang]]];
    case "time":
      return [[word("observed"), stampText(part.at)]];
    case "step":
      return [[word("step"), part.raw, stepText(part.raw, lang)]];
    case "span":
      return [[word("span"), `${stampText(part.from)}  ${stampText(part.to)}`]];
    case "identifier":
      return [[identifierText(part.head), word("asked"), nameOf(part.head, frame)?.[lang]]];
    case "element":
    case "parameter":
      return [dataRow(part.head, [part.raw], part.kind, frame, lang)];
    case "uniform":
      return part.heads.map((head, i) => {
        const raws = part.raws.filter((_, index) => index % part.heads.length === i);
        return dataRow(head, raws, "element", frame, lang);
      });
    case "manual":
      return [[word("manual"), part.text]];
    case "picture":
      return [[word("picture"), saySl651(lang, "pictureBytes", { count: part.bytes.length })]];
    case "version":
      return [[word("version"), part.text]];
    case "counters":
      return part.counts.map((count, i) => {
        return [saySl651(lang, "event", { number: i + 1 }), String(count), EVENTS[i]?.[lang]];
      });
    case "data":
      return [[word("data"), bytesText(part.bytes)]];
  }
}

function dataRow(
  head: Head,
  raws: readonly string[],
  kind: "element" | "parameter",
  frame: Frame,
  lang: Lang,
): Row {
  const unit = unitOf(head, kind);
  const values = raws.map((raw) => readValue(kind, head, raw, frame));
  const texts = values.map((value, i) => valueText(value, head, raws[i] ?? "", lang));
  const hasUnit =
    unit !== null && values.some(({ kind }) => kind === "number" || kind === "series");
  return [
    identifierText(head),
    [...texts, ...(hasUnit ? [unit] : [])].join(" "),
    nameOf(head, frame)?.[lang],
  ];
}

function readValue(kind: "element" | "parameter", head: Head, raw: string, frame: Frame): Value {
  const read = kind === "element" ? elementValue : parameterValue;
  return read(frame.encoding, head, raw);
}

function valueText(value: Value, head: Head, raw: string, lang: Lang): string {
  switch (value.kind) {
    case "number":
      return head.length === 0 ? raw : value.value.toFixed(head.decimals);
    case "missing":
      return saySl651(lang, "missing");
    case "series":
      return value.values.map((each) => each ?? "-").join(" ");
    case "state":
      return `${raw} ${stateText(value.word, lang)}`;
    case "text":
      return value.text;
    case "bad":
      return raw;
  }
}

/** The state word in words: what is wrong, and how the things are that can be one or the other. */
function stateText(word: number, lang: Lang): string {
  const said = STATE_BITS.flatMap(({ name, isAlarm, set, clear }, bit) => {
    const isSet = ((word >>> bit) & 1) === 1;
    if (isAlarm && !isSet) return [];
    return [`${name[lang]}: ${(isSet ? set : clear)[lang]}`];
  });
  return `(${said.join("; ")})`;
}

/** The identifier as it stands there: `PJ 20 19`, or in characters `PJ`. */
function identifierText({ lead, tag, length, decimals }: Head): string {
  if (lead === null || length === 0) return tag ?? (lead === null ? "?" : leadText(lead));
  return [tag ?? "", leadText(lead), leadText((length << 3) | decimals)].join(" ").trim();
}

function nameOf({ lead }: Head, { functionCode }: Frame): Text | null {
  if (lead === null) return null;
  const isOfParameters = functionOf(functionCode)?.isOfParameters === true;
  return (isOfParameters ? parameterByLead(lead) : elementByLead(lead))?.name ?? null;
}

function unitOf({ lead }: Head, kind: "element" | "parameter"): string | null {
  if (lead === null) return null;
  return (kind === "element" ? elementByLead(lead) : parameterByLead(lead))?.unit ?? null;
}

function classOf(letter: string): Text | null {
  return Object.hasOwn(STATION_CLASSES, letter) ? (STATION_CLASSES[letter] ?? null) : null;
}

function stepText(raw: string, lang: Lang): string {
  const step = stepOf(raw);
  return step === null ? "" : saySl651(lang, step.unit, { count: step.count });
}

function bytesText(bytes: Uint8Array): string {
  const more = bytes.length > SHOWN_MAX ? ` … (${bytes.length})` : "";
  return hexOf(bytes.subarray(0, SHOWN_MAX)) + more;
}

/** What one part of a body says, for a program. */
export function partJson(part: Part, frame: Frame, lang: Lang): object {
  switch (part.kind) {
    case "time":
      return { kind: part.kind, at: stampText(part.at) };
    case "span":
      return { kind: part.kind, from: stampText(part.from), to: stampText(part.to) };
    case "class":
      return { ...part, name: classOf(part.letter)?.[lang] ?? null };
    case "step":
      return { ...part, ...stepOf(part.raw) };
    case "identifier":
      return { kind: part.kind, ...headJson(part.head, "element", frame, lang) };
    case "element":
    case "parameter": {
      const { kind, head, raw } = part;
      const value = valueJson(readValue(kind, head, raw, frame), lang);
      return { kind, ...headJson(head, kind, frame, lang), raw, ...value };
    }
    case "uniform": {
      const heads = part.heads.map((head) => headJson(head, "element", frame, lang));
      const values = part.raws.map((raw, i) => {
        const head = part.heads[i % part.heads.length] as Head;
        return { raw, ...valueJson(readValue("element", head, raw, frame), lang) };
      });
      return { kind: part.kind, heads, values };
    }
    case "picture":
    case "data":
      return { kind: part.kind, length: part.bytes.length, hex: hexOf(part.bytes) };
    case "station":
    case "manual":
    case "version":
    case "counters":
      return part;
  }
}

function headJson(head: Head, kind: "element" | "parameter", frame: Frame, lang: Lang): object {
  const { lead, tag, length, decimals } = head;
  return {
    id: lead === null ? null : leadText(lead),
    tag,
    name: nameOf(head, frame)?.[lang] ?? null,
    unit: unitOf(head, kind),
    length,
    decimals,
  };
}

function valueJson(value: Value, lang: Lang): object {
  switch (value.kind) {
    case "number":
      return { value: value.value };
    case "missing":
    case "bad":
      return { value: null };
    case "series":
      return { values: value.values };
    case "state":
      return { word: value.word, bits: bitsJson(value.word, lang) };
    case "text":
      return { text: value.text };
  }
}

/** Every bit of the state word that has a meaning, from the lowest. */
function bitsJson(word: number, lang: Lang): readonly object[] {
  return STATE_BITS.map(({ name, isAlarm, set, clear }, bit) => {
    const isSet = ((word >>> bit) & 1) === 1;
    const state = (isSet ? set : clear)[lang];
    return { bit, name: name[lang], set: isSet, state, wrong: isAlarm && isSet };
  });
}
