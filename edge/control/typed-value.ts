import type { PointType } from "../core/point.ts";
import type { Value } from "../core/reading.ts";

const ON = ["true", "on", "1"];
const OFF = ["false", "off", "0"];

/** The value that `text`, as a person types it, is to a point of `type`; null where it is none. */
export function typedValue({ type }: { readonly type: PointType }, text: string): Value | null {
  if (type === "string") return text;
  if (type === "bool") return ON.includes(text) ? true : OFF.includes(text) ? false : null;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  const value = Number(text);
  const isExact = Number.isSafeInteger(value) || !/^[+-]?\d+$/.test(text);
  return isExact ? value : BigInt(text.replace(/^\+/, ""));
}
