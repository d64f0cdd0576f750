import { hexBytes, hexNumber } from "./digits.ts";
import { type DataKind, type Element, elementByLead } from "./elements.ts";
import type { Encoding } from "./header.ts";
import { parameterByLead } from "./parameters.ts";

/** An identifier: what data belong to, and how many bytes and decimals they have. */
export type Head = {
  /** The lead byte; FF and the byte behind it for those that users define; null for a tag alone. */
  readonly lead: number | null;
  /** The identifier in characters; null for one that has none. */
  readonly tag: string | null;
  /** Bytes of the data, the sign's included, 0 to 31; 0 in characters, which tell it themselves. */
  readonly length: number;
  /** Digits behind the point, 0 to 7; 0 in characters. */
  readonly decimals: number;
};

/** What data say. */
export type Value =
  | { readonly kind: "number"; readonly value: number }
  /** The station has no value: all F, or M. */
  | { readonly kind: "missing" }
  /** Twelve values; null for those that are missing. */
  | { readonly kind: "series"; readonly values: readonly (number | null)[] }
  /** 32 bits, see `STATE_BITS`. */
  | { readonly kind: "state"; readonly word: number }
  | { readonly kind: "text"; readonly text: string }
  /** The data are none of what they should be. */
  | { readonly kind: "bad" };

const BAD: Value = { kind: "bad" };
const MISSING: Value = { kind: "missing" };

/** What the data `raw` of an element say: hexadecimal digits, or characters. */
export function elementValue(encoding: Encoding, { lead, decimals }: Head, raw: string): Value {
  const element = lead === null ? null : elementByLead(lead);
  switch (element?.kind) {
    case undefined:
      return ownValue(encoding, decimals, raw);
    case "number":
    case "duration":
      return encoding === "hex" ? bcdValue(raw, decimals) : decimalValue(raw);
    case "rain-slots":
    case "level-slots":
      return seriesValue(raw, SLOTS[element.kind]);
    case "state":
      return /^[0-9A-F]{8}$/i.test(raw) ? { kind: "state", word: Number.parseInt(raw, 16) } : BAD;
    case "bytes":
      return { kind: "text", text: raw };
  }
}

/** What the data of an element that the standard does not have say: a number if they are one. */
function ownValue(encoding: Encoding, decimals: number, raw: string): Value {
  const value = encoding === "hex" ? bcdValue(raw, decimals) : decimalValue(raw);
  return value.kind === "bad" ? { kind: "text", text: raw } : value;
}

/** What the data `raw` of a station's parameter say. */
export function parameterValue(encoding: Encoding, { lead, decimals }: Head, raw: string): Value {
  const kind = (lead === null ? null : parameterByLead(lead))?.kind ?? "bytes";
  const isHex = encoding === "hex";
  switch (kind) {
    case "number":
      return isHex ? bcdValue(raw, decimals) : decimalValue(raw);
    case "centres":
      return { kind: "text", text: centresText(raw) };
    case "channel":
      return { kind: "text", text: channelText(raw) };
    case "text": {
      const text = isHex ? Buffer.from(raw, "hex").toString("latin1") : raw;
      return { kind: "text", text };
    }
    case "bytes":
      return { kind: "text", text: raw };
  }
}

/** A number in BCD (SL 651-2014, 6.6.3.3): all F for none, FF before a negative one. */
function bcdValue(raw: string, decimals: number): Value {
  if (raw === "") return BAD;
  if (/^F+$/i.test(raw)) return MISSING;
  const isNegative = /^FF/i.test(raw);
  const digits = (isNegative ? raw.slice(2) : raw).padStart(decimals + 1, "0");
  if (!/^\d+$/.test(digits)) return BAD;
  const point = digits.length - decimals;
  const size = Number(`${digits.slice(0, point)}.${digits.slice(point)}`);
  return { kind: "number", value: isNegative && size !== 0 ? -size : size };
}

/** A number in characters (SL 651-2014, 6.6.2.2): M for none. */
function decimalValue(raw: string): Value {
  if (raw === "M") return MISSING;
  return /^[+-]?\d+(?:\.\d+)?$/.test(raw) ? { kind: "number", value: Number(raw) } : BAD;
}

/** How each of twelve slots is written: hexadecimal digits, and how many of its unit make one. */
type Slots = { readonly width: number; readonly parts: number };

const SLOTS = {
  "rain-slots": { width: 2, parts: 10 },
  "level-slots": { width: 4, parts: 100 },
} as const satisfies Readonly<Partial<Record<DataKind, Slots>>>;

function seriesValue(raw: string, { width, parts }: Slots): Value {
  if (raw.length !== 12 * width || !/^[0-9A-F]+$/i.test(raw)) return BAD;
  const values = Array.from({ length: 12 }, (_, i) => {
    const digits = raw.slice(i * width, (i + 1) * width);
    return /^F+$/i.test(digits) ? null : Number.parseInt(digits, 16) / parts;
  });
  return { kind: "series", values };
}

/** The addresses of those centres that there are. */
function centresText(raw: string): string {
  const pairs = raw.match(/../g) ?? [];
  return pairs.map((pair) => Number.parseInt(pair, 16)).join(" ");
}

const CHANNELS = ["off", "SMS", "IPv4", "BeiDou", "Inmarsat", "PSTN", "VHF"];

/** A channel and its address: `IPv4 218.94.153.172:9708`; A fills a number of odd length. */
function channelText(raw: string): string {
  const kind = CHANNELS[Number(raw.slice(0, 2))] ?? raw.slice(0, 2);
  const address = raw.slice(2);
  const [, ip, port] = /^(\d{12})(\d{6})$/.exec(address) ?? [];
  if (kind !== "IPv4" || ip === undefined) return `${kind} ${address.replace(/^A/i, "")}`.trim();
  const numbers = (ip.match(/.../g) ?? []).map(Number);
  return `${kind} ${numbers.join(".")}:${Number(port)}`;
}

/** An element and what was measured of it. */
export type Datum = { readonly head: Head; readonly raw: string };

/** The most bytes that a data definition can say. */
const DATA_MAX = 31;

/**
 * `value` of `element` as it is sent; null where the station has none. The number gets as many
 * digits as the standard gives it, more where it needs them, and is rounded to its decimals.
 * Throws a `RangeError` at a number that no data definition can hold, and at elements that are no
 * numbers.
 */
export function datumOf(encoding: Encoding, element: Element, value: number | null): Datum {
  const { lead, tag, decimals, digits, kind } = element;
  if (kind !== "number") throw new RangeError(`${tag} is no number`);
  if (value !== null && !Number.isFinite(value)) throw new RangeError(`${tag} of ${value}`);
  if (encoding === "ascii") {
    return { head: { lead, tag, length: 0, decimals: 0 }, raw: value?.toFixed(decimals) ?? "M" };
  }
  const raw = value === null ? "F".repeat(even(digits)) : bcdText(value, digits, decimals);
  const length = hexBytes(raw).length;
  if (length > DATA_MAX) throw new RangeError(`${tag} of ${value}`);
  return { head: { lead, tag, length, decimals }, raw };
}

/** Twelve values of rain in mm or of level in m, each five minutes, as DRP and DRZ have them. */
export function slotsDatum(
  encoding: Encoding,
  element: Element,
  values: readonly (number | null)[],
): Datum {
  const { kind } = element;
  const slots = kind === "rain-slots" || kind === "level-slots" ? SLOTS[kind] : null;
  if (slots === null) throw new RangeError(`${element.tag} has no slots`);
  if (values.length !== 12) throw new RangeError(`${values.length} slots`);
  const none = "F".repeat(slots.width);
  const raw = values.map((value) => {
    if (value === null) return none;
    const digits = hexNumber(Math.round(value * slots.parts), slots.width);
    if (digits === none) throw new RangeError(`${element.tag} of ${value}`);
    return digits;
  });
  return rawDatum(encoding, element, raw.join(""));
}

/** The state word of a station as ZT has it; its bits are `STATE_BITS`. */
export function stateDatum(encoding: Encoding, element: Element, word: number): Datum {
  if (element.kind !== "state") throw new RangeError(`${element.tag} is no state`);
  return rawDatum(encoding, element, hexNumber(word >>> 0, 8));
}

function rawDatum(encoding: Encoding, { lead, tag }: Element, raw: string): Datum {
  const length = encoding === "hex" ? raw.length / 2 : 0;
  return { head: { lead, tag, length, decimals: 0 }, raw };
}

function bcdText(value: number, digits: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals).replace(".", "");
  const size = text.padStart(even(Math.max(digits, text.length)), "0");
  const isNegative = value < 0 && /[1-9]/.test(size);
  return isNegative ? `FF${size}` : size;
}

function even(count: number): number {
  return count + (count % 2);
}
