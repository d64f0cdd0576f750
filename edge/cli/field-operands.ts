import {
  AREAS,
  countMax,
  POINTS_MAX,
  type RawOrder,
  type ReadOrder,
  typesOf,
  writeMax,
} from "../control/field-orders.ts";
import { ORDERS, type RawWrite } from "../control/raw-write.ts";
import type { Lang } from "../core/errors.ts";
import { type Area, type ByteOrder, widthOf } from "../core/point.ts";
import { type FieldTextKey, sayField } from "./field-text.ts";

/** An order, or what is wrong with what was typed. */
export type Typed = { readonly order: ReadOrder } | { readonly mistake: string };

/** What `--type` and `--order` say, as they were typed. */
export type HowTyped = { readonly type?: string; readonly order?: string };

/** What `lifeline read` was asked for: points, whose ids have a dot, or a place on a bus. */
export function readOrderTyped(
  operands: readonly string[],
  lang: Lang,
  how: Pick<HowTyped, "order"> = {},
): Typed {
  const [first, ...rest] = operands;
  if (first === undefined) return mistake(lang, "readUsage");
  if (!first.includes(".")) return rawTyped(first, rest, lang, how);
  if (how.order !== undefined) return mistake(lang, "onlyByAddress");
  if (operands.length > POINTS_MAX) return mistake(lang, "tooManyPoints", { max: POINTS_MAX });
  return { order: { points: operands } };
}

function rawTyped(
  bus: string,
  rest: readonly string[],
  lang: Lang,
  how: Pick<HowTyped, "order">,
): Typed {
  const [unitText, areaText, addressText, last = "1", ...more] = rest;
  if (addressText === undefined || more.length > 0) return mistake(lang, "readUsage");
  const place = placeTyped(unitText ?? "", areaText ?? "", addressText, AREAS, lang);
  if ("mistake" in place) return place;
  const extent = extentOf(place.area, place.address, last, lang);
  if ("mistake" in extent) return extent;
  const order = orderTyped(how.order, lang);
  if (typeof order === "object") return order;
  return { order: { raw: { bus, ...place, ...extent, ...(how.order && { order }) } } };
}

/** What `lifeline write BUS UNIT AREA ADDRESS VALUE...` is to write, or what is wrong with it. */
export function rawWriteTyped(
  [bus = "", unitText, areaText, addressText, ...values]: readonly string[],
  how: HowTyped,
  lang: Lang,
): { readonly raw: RawWrite } | { readonly mistake: string } {
  if (unitText === undefined || areaText === undefined || addressText === undefined) {
    return mistake(lang, "writeUsage");
  }
  const place = placeTyped(unitText, areaText, addressText, ["coil", "holding"], lang);
  if ("mistake" in place) return place;
  const order = orderTyped(how.order, lang);
  if (typeof order === "object") return order;
  const types = typesOf(place.area);
  const type = how.type === undefined ? types[0] : types.find((each) => each === how.type);
  if (type === undefined) {
    const parameters = { type: how.type ?? "", area: place.area, allowed: types.join(", ") };
    return mistake(lang, "noSuchWriteType", parameters);
  }
  const raw = { bus, ...place, type, order, values };
  const max = writeMax(raw);
  if (max < 1) {
    return outOfRange(lang, "addressName", addressText, 0, 65_536 - widthOf(type, 0));
  }
  if (values.length > max || values.length === 0) {
    const found = values.length;
    return mistake(lang, "notInRange", { name: sayField(lang, "countName"), min: 1, max, found });
  }
  return { raw };
}

/** Unit, area and address as they were typed, or what is wrong with them. */
function placeTyped<Allowed extends Area>(
  unitText: string,
  areaText: string,
  addressText: string,
  areas: readonly Allowed[],
  lang: Lang,
) {
  const area = areas.find((each) => each === areaText);
  if (area === undefined) {
    const key = AREAS.some((each) => each === areaText) ? "unwritableArea" : "noSuchArea";
    return mistake(lang, key, { area: areaText, allowed: areas.join(", ") });
  }
  const unit = unitTyped(unitText, lang);
  if (typeof unit === "object") return unit;
  const address = whole(addressText, 0, 65_535);
  if (address === null) return outOfRange(lang, "addressName", addressText, 0, 65_535);
  return { unit, area, address };
}

/** A unit as it was typed, or what is wrong with it. */
export function unitTyped(text: string, lang: Lang): number | { readonly mistake: string } {
  return whole(text, 0, 255) ?? outOfRange(lang, "unitName", text, 0, 255);
}

function orderTyped(text = "ABCD", lang: Lang): ByteOrder | { readonly mistake: string } {
  const order = ORDERS.find((each) => each === text.toUpperCase());
  return order ?? mistake(lang, "noSuchOrder", { order: text, allowed: ORDERS.join(", ") });
}

/** How many values of which type `last` means: a count, or a type. */
function extentOf(
  area: Area,
  address: number,
  last: string,
  lang: Lang,
): Pick<RawOrder, "count" | "type"> | { readonly mistake: string } {
  const types = typesOf(area);
  const type = types.find((each) => each === last);
  const left = 65_536 - address;
  if (type !== undefined) {
    if (widthOf(type, 0) <= left) return { count: 1, type };
    return outOfRange(lang, "addressName", String(address), 0, 65_536 - widthOf(type, 0));
  }
  if (!/^\d+$/.test(last)) {
    return mistake(lang, "noSuchType", { type: last, area, allowed: types.join(", ") });
  }
  const max = Math.min(countMax(area), left);
  const count = whole(last, 1, max);
  if (count === null) return outOfRange(lang, "countName", last, 1, max);
  return { count, type: types[0] };
}

function whole(text: string, min: number, max: number): number | null {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : null;
}

function outOfRange(
  lang: Lang,
  name: "unitName" | "addressName" | "countName",
  found: string,
  min: number,
  max: number,
) {
  return mistake(lang, "notInRange", { name: sayField(lang, name), min, max, found });
}

function mistake(
  lang: Lang,
  key: FieldTextKey,
  parameters: Readonly<Record<string, string | number>> = {},
): { readonly mistake: string } {
  return { mistake: sayField(lang, key, parameters) };
}
