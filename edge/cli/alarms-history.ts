import { alarmHistory } from "../../buffer/alarm-history.ts";
import { nearest } from "../../config/nearest.ts";
import type { Lang } from "../core/errors.ts";
import type { AlarmEvent } from "../core/event.ts";
import { toJson } from "../core/json.ts";
import { localTime } from "../world/wall-text.ts";
import { lookBack } from "./alarms-source.ts";
import { sayAlarms, sayCause } from "./alarms-text.ts";
import { columns } from "./columns.ts";
import { formatValue } from "./format.ts";
import { type Invocation, print } from "./invocation.ts";
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

/** One line an event, the oldest first. */
export function historyView(events: readonly AlarmEvent[], lang: Lang): readonly string[] {
  const rows = events.map((event) => [
    localTime(event.at),
    event.alarm,
    say(lang, event.severity),
    say(lang, event.to),
    formatted(event),
    sayCause(lang, event.cause),
    [
      ...(event.first === true ? [sayAlarms(lang, "first")] : []),
      ...(event.active === true ? [sayAlarms(lang, "present")] : []),
      ...(event.who === undefined ? [] : [event.who]),
      ...(event.reason === undefined ? [] : [event.reason]),
    ].join(" · "),
  ]);
  const titles = [
    sayAlarms(lang, "time"),
    ...(["alarm", "severity", "state", "value"] as const).map((key) => say(lang, key)),
    sayAlarms(lang, "cause"),
  ];
  return columns([titles, ...rows]);
}

function formatted({ value, unit }: AlarmEvent): string {
  if (value === null) return "";
  return unit === null ? formatValue(value) : `${formatValue(value)} ${unit}`;
}
