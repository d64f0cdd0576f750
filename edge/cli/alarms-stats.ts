import { alarmHistory } from "../../buffer/alarm-history.ts";
import {
  type Counted,
  type Figure,
  type Figures,
  FREQUENT_SHARE,
  figuresOf,
  occurrencesIn,
  STANDING_MAX,
} from "../alarm/figures.ts";
import { type Proposal, proposalsFor } from "../alarm/proposals.ts";
import { SEVERITIES } from "../core/alarm.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { localTime } from "../world/wall-text.ts";
import { lookBack } from "./alarms-source.ts";
import { type StatsTextKey, sayStats } from "./alarms-stats-text.ts";
import { sayAlarms } from "./alarms-text.ts";
import { columns } from "./columns.ts";
import { formatAge, formatValue } from "./format.ts";
import { type Invocation, print } from "./invocation.ts";
import { say } from "./text.ts";

/** `lifeline alarms stats`: the load of the alarms beside its targets, and what would lessen it. */
export function showStats(invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  return lookBack(invocation, (reader, { from, to, now }) => {
    const events = [...alarmHistory(reader)];
    const occurrences = occurrencesIn(events);
    const since = Math.max(from, events[0]?.at ?? now);
    const figures = figuresOf(occurrences, since, Math.min(to, now));
    const within = occurrences.filter((each) => each.from >= since && each.from <= figures.to);
    const proposals = proposalsFor(within);
    if (json) print(toJson({ ...figures, proposals }));
    else if (events.length === 0) print(sayAlarms(lang, "noHistory"));
    else for (const line of statsView(figures, proposals, lang)) print(line);
    return 0;
  });
}

/** What `lifeline alarms stats` prints. */
export function statsView(
  figures: Figures,
  proposals: readonly Proposal[],
  lang: Lang,
): readonly string[] {
  const { from, to, occurrences, standing, floods } = figures;
  const row = (key: StatsTextKey, { value, target, good }: Figure, show = formatValue) => [
    sayStats(lang, key),
    show(Number(value.toPrecision(3))),
    `≤ ${show(target)}`,
    verdict(good, lang),
  ];
  const count = (key: StatsTextKey, value: number, target: number) =>
    row(key, { value, target, good: value <= target });
  const head = { from: localTime(from), to: localTime(to), count: occurrences };
  const table = [
    (["figure", "value", "target", "verdict"] as const).map((key) => sayStats(lang, key)),
    row("perDay", figures.perDay),
    row("perHour", figures.perHour),
    row("peak", figures.peak),
    row("flood", figures.flood, percent),
    row("topTen", figures.topTen, percent),
    count("chatteringCount", figures.chattering.length, 0),
    count("fleetingCount", figures.fleeting.length, 0),
    count("standingCount", standing.length, STANDING_MAX - 1),
    ...SEVERITIES.map((severity) => {
      const [, ...rest] = row("figure", figures.severities[severity], percent);
      return [sayStats(lang, "share", { severity: say(lang, severity) }), ...rest];
    }),
  ];
  return [
    sayStats(lang, "head", head),
    "",
    ...columns(table, [1, 2]),
    ...(floods === 0 ? [] : ["", sayStats(lang, "floods", { count: floods })]),
    ...list("frequent", figures.frequent, lang, ({ share }) =>
      occurrences < 20 || share <= FREQUENT_SHARE ? "" : verdict(false, lang),
    ),
    ...list("chattering", figures.chattering, lang),
    ...list("fleeting", figures.fleeting, lang),
    ...standingLines(figures, lang),
    ...proposalLines(proposals, lang),
  ];
}

function verdict(good: boolean | null, lang: Lang): string {
  if (good === null) return sayStats(lang, "tooFew");
  return sayStats(lang, good ? "good" : "bad");
}

function percent(share: unknown): string {
  return `${Number((100 * Number(share)).toPrecision(2))} %`;
}

function list(
  title: StatsTextKey,
  alarms: readonly Counted[],
  lang: Lang,
  note: (each: Counted) => string = () => "",
): readonly string[] {
  if (alarms.length === 0) return [];
  const rows = alarms.map((each) => [
    `  ${each.alarm}`,
    String(each.count),
    ...(title === "frequent" ? [percent(each.share), note(each)] : []),
  ]);
  return ["", sayStats(lang, title), ...columns(rows, [1, 2])];
}

function standingLines({ standing, to }: Figures, lang: Lang): readonly string[] {
  if (standing.length === 0) return [];
  const rows = standing.map(({ alarm, since }) => [`  ${alarm}`, formatAge(to - since, lang)]);
  return ["", sayStats(lang, "standing"), ...columns(rows)];
}

function proposalLines(proposals: readonly Proposal[], lang: Lang): readonly string[] {
  if (proposals.length === 0) return [];
  return [
    "",
    sayStats(lang, "proposals"),
    ...proposals.map(({ alarm, kind, to, saved, of }) => {
      const value = kind === "deadband" ? formatValue(to) : `${to / 1000}s`;
      return `  ${sayStats(lang, "proposal", { alarm, kind, value, saved, of })}`;
    }),
  ];
}
