import {
  AREAS,
  countMax,
  POINTS_MAX,
  type RawOrder,
  REGISTER_TYPES,
  type ReadOrder,
} from "../control/field-orders.ts";
import type { Lang } from "../core/errors.ts";
import { type Area, isBitArea, type PointType, widthOf } from "../core/point.ts";
import { type FieldTextKey, sayField } from "./field-text.ts";

/** An order, or what is wrong with what was typed. */
export type Typed = { readonly order: ReadOrder } | { readonly mistake: string };

/** What `lifeline read` was asked for: points, whose ids have a dot, or a place on a bus. */
export function readOrderTyped(operands: readonly string[], lang: Lang): Typed {
  const [first, ...rest] = operands;
  if (first === undefined) return mistake(lang, "readUsage");
  if (!first.includes(".")) return rawTyped(first, rest, lang);
  if (operands.length > POINTS_MAX) return mistake(lang, "tooManyPoints", { max: POINTS_MAX });
  return { order: { points: operands } };
}

function rawTyped(bus: string, rest: readonly string[], lang: Lang): Typed {
  const [unitText, areaText, addressText, last = "1", ...more] = rest;
  if (unitText === undefined || areaText === undefined || addressText === undefined) {
    return mistake(lang, "readUsage");
  }
  if (more.length > 0) return mistake(lang, "readUsage");
  const area = AREAS.find((each) => each === areaText);
  if (area === undefined) {
    return mistake(lang, "noSuchArea", { area: areaText, allowed: AREAS.join(", ") });
  }
  const unit = whole(unitText, 0, 255);
  if (unit === null) return outOfRange(lang, "unitName", unitText, 0, 255);
  const address = whole(addressText, 0, 65_535);
  if (address === null) return outOfRange(lang, "addressName", addressText, 0, 65_535);
  const extent = extentOf(area, address, last, lang);
  if ("mistake" in extent) return extent;
  return { order: { raw: { bus, unit, area, address, ...extent } } };
}

/** How many values of which type `last` means: a count, or a type. */
function extentOf(
  area: Area,
  address: number,
  last: string,
  lang: Lang,
): Pick<RawOrder, "count" | "type"> | { readonly mistake: string } {
  const types: readonly PointType[] = isBitArea(area) ? ["bool"] : REGISTER_TYPES;
  const type = types.find((each) => each === last);
  const usual = types[0] as PointType;
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
  return { count, type: usual };
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
