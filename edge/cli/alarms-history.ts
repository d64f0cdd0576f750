import { alarmHistory } from "../../buffer/alarm-history.ts";
import { nearest } from "../../config/nearest.ts";
import type { Lang } from "../core/errors.ts";
import type { AlarmEvent } from "../core/event.ts";
import { toJson } from "../core/json.ts";
import { localTime } from "../world/wall-text.ts";
import { SHORT_STATES } from "./alarm-states.ts";
import { lookBack } from "./alarms-source.ts";
import { sayAlarms, sayCause } from "./alarms-text.ts";
import { clip, columns, wrapped } from "./columns.ts";
import { formatValue } from "./format.ts";
import { type Invocation, print } from "./invocation.ts";
import { namedRows, TABLE_WIDTH } from "./named-rows.ts";
import { say } from "./text.ts";

/** `lifeline alarms history [ALARM]`: every transition that is stored, of one alarm or of all. */
export function showHistory(alarm: string | undefined, invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  return lookBack(invocation, (reader, { from, to }) => {
    const all = [...alarmHistory(reader)];
    const events = all.filter(
      (event) => (alarm ?? event.alarm) === event.alarm && event.at >= from && event.at <= to,
    );
    const isStored = alarm === undefined || all.some((event) => event.alarm === alarm);
    if (json) print(toJson(events));
    else if (!isStored) print(nothingOf(alarm, all, lang));
    else if (events.length === 0) print(sayAlarms(lang, "noHistory"));
    else for (const line of historyView(events, lang)) print(line);
    return 0;
  });
}

/** That nothing is stored of `alarm`, and of which one that it may stand for something is. */
export function nothingOf(alarm: string, events: readonly AlarmEvent[], lang: Lang): string {
  const near = nearest(alarm, [...new Set(events.map((event) => event.alarm))]);
  const meant = near === null ? "" : sayAlarms(lang, "didYouMean", { near });
  return sayAlarms(lang, "nothingOf", { alarm }) + meant;
}

/** Why, and who did it, is set in by so much. */
const INDENT = "  ";
/** What is longer is cut. */
const VALUE_MAX = 16;

/** Each event, the oldest first: a line of a table of 80 cells, and under it why, and who. */
export function historyView(events: readonly AlarmEvent[], lang: Lang): readonly string[] {
  const rows = events.map((event) => [
    localTime(event.at),
    say(lang, event.severity),
    sayAlarms(lang, SHORT_STATES[event.to]),
    clip(formatted(event), VALUE_MAX),
  ]);
  const titles = [
    sayAlarms(lang, "time"),
    ...(["severity", "state", "value"] as const).map((key) => say(lang, key)),
  ];
  const names = [say(lang, "alarm"), ...events.map(({ alarm }) => alarm)];
  const [head = [], ...lines] = namedRows(names, columns([titles, ...rows]));
  return [...head, ...events.flatMap((event, i) => [...(lines[i] ?? []), ...notes(event, lang)])];
}

/** Why an alarm moved, what else is to be known of it, who did it and what for. */
function notes(event: AlarmEvent, lang: Lang): readonly string[] {
  const { cause, first, active, who, reason } = event;
  const parts = [
    sayCause(lang, cause),
    ...(first === true ? [sayAlarms(lang, "first")] : []),
    ...(active === true ? [sayAlarms(lang, "present")] : []),
    ...(who === undefined ? [] : [reason === undefined ? who : `${who}: ${reason}`]),
  ];
  return wrapped(parts.join(" · "), TABLE_WIDTH - INDENT.length).map((line) => INDENT + line);
}

function formatted({ value, unit }: AlarmEvent): string {
  if (value === null) return "";
  return unit === null ? formatValue(value) : `${formatValue(value)} ${unit}`;
}
