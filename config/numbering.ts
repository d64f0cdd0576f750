import type { Area } from "./gateway-config.ts";

/** Where a documented number points. */
export type Place = {
  readonly area: Area;
  /** PDU address, from 0. */
  readonly address: number;
};

const AREA_OF_DIGIT: ReadonlyMap<string, Area> = new Map([
  ["0", "coil"],
  ["1", "discrete"],
  ["3", "input"],
  ["4", "holding"],
]);

const DIGIT_OF_AREA: Readonly<Record<Area, string>> = {
  coil: "0",
  discrete: "1",
  input: "3",
  holding: "4",
};

/**
 * The place of a documented number: five digits (40001 to 49999) or six (400001 to 465536); the
 * first digit names the area (0 coil, 1 discrete, 3 input, 4 holding), the rest counts from 1.
 * Null for any other text.
 */
export function placeOfNumber(number: number | string): Place | null {
  const [, digit = "", rest = ""] = /^([0134])(\d{4,5})$/.exec(String(number)) ?? [];
  const area = AREA_OF_DIGIT.get(digit);
  const address = Number(rest) - 1;
  if (area === undefined || address < 0 || address > 65_535) return null;
  return { area, address };
}

/** The number that a manual prints for a place: five digits where they do, else six. */
export function numberOfPlace({ area, address }: Place): string {
  const counted = address + 1;
  return DIGIT_OF_AREA[area] + String(counted).padStart(counted <= 9999 ? 4 : 5, "0");
}
