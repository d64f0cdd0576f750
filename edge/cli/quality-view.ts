import type { PointStatus } from "../control/status.ts";
import type { Lang } from "../core/errors.ts";
import type { WallMs } from "../core/time.ts";
import type { PointNotes } from "../measure/measure-desk.ts";
import { localTime } from "../world/wall-text.ts";
import { QUALITY_TEXT, sayQualityText } from "./quality-text.ts";

/** A point as it is shown: its quality, and what is to be known of it besides. */
export type Shown = Pick<PointStatus, "point" | "quality"> &
  Partial<PointNotes & Pick<PointStatus, "origin">>;

/** What need not be said. */
export type Told = {
  /** Reasons that were explained before. */
  readonly reasons?: readonly string[];
  /** Calibrations that hold until then or longer. */
  readonly dueFrom?: number;
};

type Key = keyof typeof QUALITY_TEXT;

/**
 * What the qualities of `points` mean and what to do, each reason once, then what is to be known of
 * maintenance and calibrations, but for what is in `told`. Nothing where there is nothing to say.
 */
export function qualityNotes(
  points: readonly Shown[],
  lang: Lang,
  { reasons: known = [], dueFrom = Number.POSITIVE_INFINITY }: Told = {},
): readonly string[] {
  const lines = [
    ...reasons(points, lang, known),
    ...maintenance(points, lang),
    ...calibrations(points, lang, dueFrom),
    ...works(points, lang),
  ];
  return lines.length === 0 ? [] : [sayQualityText(lang, "title"), ...lines];
}

function reasons(points: readonly Shown[], lang: Lang, told: readonly string[]) {
  const isNew = ({ quality }: Shown) => !told.includes(quality.split(":")[1] ?? "");
  const byKey = Map.groupBy(points.filter(isNew), reasonKey);
  return Array.from(byKey, ([key, alike]) => {
    if (!isKey(key)) return [];
    const about = { points: names(alike, lang), meaning: sayQualityText(lang, key) };
    return [`  ${sayQualityText(lang, "about", about)}`, todo(lang, `${key}Todo`)];
  }).flat();
}

/** What is old because it was not asked for has another cause than what is told, or derived. */
function reasonKey({ quality, origin = "asked" }: Shown): string {
  const reason = quality.split(":")[1] ?? "";
  if (reason !== "stale" || origin === "asked") return reason;
  return origin === "told" ? "staleTold" : "staleDerived";
}

function maintenance(points: readonly Shown[], lang: Lang): readonly string[] {
  const asking = points.filter((point) => point.maintenance === true);
  if (asking.length === 0) return [];
  const about = { points: names(asking, lang) };
  return [`  ${sayQualityText(lang, "maintenance", about)}`, todo(lang, "maintenanceTodo")];
}

/** Those that have run out with what to do, where the reason has not said it yet. */
function calibrations(points: readonly Shown[], lang: Lang, dueFrom: number): readonly string[] {
  return points.flatMap(({ point, quality, calibration }) => {
    if (calibration == null) return [];
    const { due, isOverdue } = calibration;
    if (due === null) return [`  ${sayQualityText(lang, "neverCalibrated", { point })}`];
    if (due >= dueFrom && !isOverdue) return [];
    const key = isOverdue ? "overdue" : "calibratedUntil";
    const line = `  ${sayQualityText(lang, key, { point, day: lastDay(due) })}`;
    const isSaid = !isOverdue || quality.endsWith(":calibration");
    return isSaid ? [line] : [line, todo(lang, "calibrationTodo")];
  });
}

/** Who is at work on which point, and until when at the latest. */
function works(points: readonly Shown[], lang: Lang): readonly string[] {
  return points.flatMap(({ point, work }) => {
    if (work === undefined) return [];
    const about = { point, who: work.who, until: localTime(work.until) };
    return [`  ${sayQualityText(lang, "work", about)}`];
  });
}

function todo(lang: Lang, key: string): string {
  return `    → ${isKey(key) ? sayQualityText(lang, key) : ""}`;
}

function names(points: readonly Shown[], lang: Lang): string {
  return points.map(({ point }) => point).join(lang === "en" ? ", " : "、");
}

function isKey(word: string): word is Key {
  return Object.hasOwn(QUALITY_TEXT, word);
}

/** The last day that `due` belongs to: it is the end of that day where days end last (UTC-12). */
const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "Etc/GMT+12" });

function lastDay(due: WallMs): string {
  return DAY.format(due - 1);
}
