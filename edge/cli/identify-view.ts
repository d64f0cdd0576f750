import { numberOfPlace } from "../../config/numbering.ts";
import type { Lang } from "../core/errors.ts";
import { isEmpty } from "../identify/draft.ts";
import type { Hypothesis, Place } from "../identify/hypotheses.ts";
import { columns } from "./columns.ts";
import { formatValue } from "./format.ts";
import { sayIdentify } from "./identify-text.ts";

/** A second guess is worth telling from this share on. */
const WORTH = 0.02;

/** What each place most likely holds, as a table; a second guess below it where there is a doubt. */
export function placesView(places: readonly Place[], lang: Lang): readonly string[] {
  const keys = ["place", "number", "type", "sure", "value", "meaning"] as const;
  const shown = places.filter(({ hypotheses: [first] }) => first !== undefined && !isEmpty(first));
  const rows = shown.flatMap(({ area, address, hypotheses }) => {
    const [first, second] = hypotheses as [Hypothesis, Hypothesis?];
    const row = [
      `${area} ${address}`,
      String(numberOfPlace({ area, address })),
      typeText(first),
      `${Math.round(first.sure * 100)} %`,
      valueText(first),
      meaningText(first, lang),
    ];
    if (second === undefined || second.sure < WORTH) return [row];
    const or = sayIdentify(lang, "or", { type: typeText(second), value: valueText(second) });
    return [row, ["", "", "", `${Math.round(second.sure * 100)} %`, "", or]];
  });
  const empty = places.length - shown.length;
  return [
    ...columns([keys.map((key) => sayIdentify(lang, key)), ...rows], [1, 3, 4]),
    ...(empty === 0 ? [] : ["", sayIdentify(lang, "empty", { count: empty })]),
  ];
}

/** What `identify --json` prints of a hypothesis: flat, and as a configuration writes it. */
export function hypothesisJson({ type, order, width, sure, course, text, meaning }: Hypothesis) {
  return {
    type,
    order,
    registers: width,
    sure: Number(sure.toPrecision(4)),
    course,
    text,
    meaning,
  };
}

function typeText({ type, order, width }: Hypothesis): string {
  if (type === "string") return `string ${width}`;
  return width === 1 && order === "ABCD" ? type : `${type} ${order}`;
}

function valueText({ course, text }: Hypothesis): string {
  return course === null ? `"${text ?? ""}"` : rounded(course.last);
}

function meaningText({ meaning, course }: Hypothesis, lang: Lang): string {
  if (meaning.kind === "unknown") {
    return sayIdentify(lang, "unknown", { step: rounded(100 * (course?.relativeStep ?? 0)) });
  }
  if (meaning.kind !== "quantity") return sayIdentify(lang, meaning.kind);
  const { quantity, unit, scale } = meaning;
  const value = rounded((course?.last ?? 0) * scale);
  const about = { quantity: sayIdentify(lang, quantity), value, unit, scale };
  return sayIdentify(lang, "scaled", about);
}

function rounded(value: number): string {
  return formatValue(Number(value.toPrecision(4)));
}
