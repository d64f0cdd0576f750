import type { AlarmStatus } from "../alarm/alarm-status.ts";
import { needsSomebody } from "../cli/alarms-list.ts";
import { formatValue, roughAge } from "../cli/format.ts";
import { say, sayQuality } from "../cli/text.ts";
import type { PointStatus } from "../control/status.ts";
import { SEVERITIES } from "../core/alarm.ts";
import type { Lang } from "../core/errors.ts";
import type { Frame, Sheet } from "./frame.ts";
import { type Column, type Line, span, tableRow } from "./line.ts";
import type { Shown, WatchState } from "./state.ts";
import type { Style } from "./style.ts";
import { sayWatch } from "./text.ts";
import { trendText } from "./trend.ts";

/** Cells of the mark, and of the columns behind the name up to the trend. */
const MARK: Column = { width: 1 };
const MIDDLE: readonly Column[] = [
  { width: 10, align: "right" },
  { width: 8 },
  { width: 18 },
  { width: 6, align: "right" },
];
/** The name has what is left of a line, and gives what it does not need to the trend. */
const TREND_MIN = 9;
const TREND_MAX = 40;
const NAME_MIN = 12;
/** Blanks between the columns. */
const GAPS = MIDDLE.length + 2;

/** The points with their newest values and their trends. */
export function pointsPage(state: WatchState, shown: Shown, frame: Frame): Sheet {
  const { points, alarms } = shown.status;
  const { lang } = frame;
  const gravest = gravestAlarms(alarms);
  const [columns, trendWidth] = columnsFor(points, frame.width);
  const titles = (["point", "value", "unit", "quality", "age"] as const).map((key) =>
    span(say(lang, key), "dim"),
  );
  const head = [span(""), ...titles, span(sayWatch(lang, "trend"), "dim")];
  const rows = sorted(state, matching(points, state.filter, lang), gravest);
  const line = (point: PointStatus) => {
    const trend = trendText(shown.trends.get(point.point), trendWidth);
    return tableRow(columns, rowOf(point, gravest.get(point.point), trend, frame));
  };
  return {
    head: [tableRow(columns, head)],
    of: rows.length,
    lines: (from, to) => rows.slice(from, to).map(line),
  };
}

function columnsFor(
  points: readonly PointStatus[],
  width: number,
): readonly [columns: readonly Column[], trendWidth: number] {
  const taken = [MARK, ...MIDDLE].reduce((sum, column) => sum + column.width, GAPS);
  const longest = points.reduce((most, { point }) => Math.max(most, point.length), NAME_MIN);
  const name = Math.max(NAME_MIN, Math.min(longest, width - taken - TREND_MIN));
  const trend = Math.min(TREND_MAX, Math.max(0, width - taken - name));
  return [[MARK, { width: name }, ...MIDDLE, { width: trend }], trend];
}

function rowOf(
  { point, value, unit, quality, ageMs }: PointStatus,
  alarm: AlarmStatus | undefined,
  trend: string,
  { lang }: Frame,
): Line {
  const isGood = quality === "good";
  const isBad = quality.startsWith("bad");
  const style: Style | null = alarm?.severity ?? (isBad ? "bad" : null);
  const words = sayQuality(lang, quality);
  const age = ageMs === null ? say(lang, "never") : roughAge(ageMs, lang);
  return [
    span(alarm === undefined ? " " : markOf(alarm), style),
    span(point, style),
    span(formatValue(value), style),
    span(unit ?? "", isGood ? "dim" : style),
    span(
      isGood ? words : `${isBad ? "x" : "?"} ${words}`,
      isGood ? null : isBad ? "bad" : "yellow",
    ),
    span(age),
    span(trend, style ?? "green"),
  ];
}

/** How an alarm that needs somebody is marked, colours or none. */
export function markOf({ state }: Pick<AlarmStatus, "state">): string {
  return state === "acknowledged" ? "*" : "!";
}

/** The gravest alarm of each point among those that need somebody. */
function gravestAlarms(alarms: readonly AlarmStatus[]): ReadonlyMap<string, AlarmStatus> {
  const calling = alarms
    .filter(needsSomebody)
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return new Map(calling.map((alarm) => [alarm.point, alarm]));
}

/** The points that have `filter` in what their row says, be it written in capitals or not. */
function matching(
  points: readonly PointStatus[],
  filter: string,
  lang: Lang,
): readonly PointStatus[] {
  if (filter === "") return points;
  const wanted = filter.toLowerCase();
  return points.filter(({ point, unit, quality }) =>
    `${point} ${unit ?? ""} ${quality} ${sayQuality(lang, quality)}`.toLowerCase().includes(wanted),
  );
}

/** What puts `gas-2` before `gas-10`. */
function nameKey(point: string): string {
  return point.replace(/\d+/g, (digits) => digits.padStart(9, "0"));
}

function sorted(
  { sort, isReversed }: WatchState,
  points: readonly PointStatus[],
  gravest: ReadonlyMap<string, AlarmStatus>,
): readonly PointStatus[] {
  const rank = rankOf(sort, gravest);
  const inOrder = points
    .map((point) => ({ point, rank: rank(point), name: nameKey(point.point) }))
    .toSorted((a, b) => b.rank - a.rank || (a.name < b.name ? -1 : 1))
    .map(({ point }) => point);
  return isReversed ? inOrder.toReversed() : inOrder;
}

/** A number for each point: the greater, the further up it stands. */
function rankOf(
  sort: WatchState["sort"],
  gravest: ReadonlyMap<string, AlarmStatus>,
): (point: PointStatus) => number {
  switch (sort) {
    case "name":
      return () => 0;
    case "age":
      return ({ ageMs }) => ageMs ?? Number.MAX_SAFE_INTEGER;
    case "quality":
      return ({ quality }) => (quality === "good" ? 0 : quality.startsWith("bad") ? 2 : 1);
    case "alarm":
      return ({ point }) => {
        const alarm = gravest.get(point);
        return alarm === undefined ? -1 : SEVERITIES.indexOf(alarm.severity);
      };
  }
}
