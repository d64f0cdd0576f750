/** What Chinese printers set where a type is missing: the geta mark. */
const MISSING = "〓";

/**
 * `value` (plain data) with every character that `has` no glyph for replaced in its texts, and
 * without control characters but the end of a line.
 */
export function withGlyphs<Value>(value: Value, has: (codePoint: number) => boolean): Value {
  return replaced(value, (text) =>
    [...text.normalize("NFC").replace(/\r\n?/g, "\n").replace(CONTROLS, "")]
      .map((character) => (isSet(character, has) ? character : MISSING))
      .join(""),
  ) as Value;
}

/** Controls, marks of direction, joiners and variation selectors: nothing is seen of them. */
const CONTROLS = /(?!\n)[\p{Cc}\p{Cf}]|\p{Variation_Selector}/gu;

function isSet(character: string, has: (codePoint: number) => boolean): boolean {
  return character === "\n" || has(character.codePointAt(0) as number);
}

function replaced(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") return replace(value);
  if (Array.isArray(value)) return value.map((entry) => replaced(entry, replace));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, replaced(entry, replace)]);
  return Object.fromEntries(entries);
}
