import { styleText } from "node:util";
import type { AlarmStatus } from "../alarm/alarm-status.ts";
import type { Status } from "../control/status.ts";
import { type AlarmStateName, SEVERITIES, type Severity } from "../core/alarm.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { localTime } from "../world/wall-text.ts";
import { limitText } from "./alarm-limit.ts";
import { SHORT_STATES } from "./alarm-states.ts";
import { sayAlarms } from "./alarms-text.ts";
import { clip, columns, wrapped } from "./columns.ts";
import { formatAge, formatValue } from "./format.ts";
import { type Invocation, print } from "./invocation.ts";
import { namedRows, TABLE_WIDTH } from "./named-rows.ts";
import { quickStatus } from "./quick-status.ts";
import { runningStatus } from "./running-status.ts";
import { say, sayQuality } from "./text.ts";

/** `lifeline alarms`: all alarms, what needs somebody first, in the colours of their severities. */
export async function listAlarms(invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  const status = (await quickStatus(invocation.config)) ?? (await statusByConfig(invocation));
  if (typeof status === "number") return status;
  if (json) print(toJson(status.alarms));
  else if (status.alarms.length === 0) print(say(lang, "noAlarms"));
  else for (const line of alarmList(status, lang, painted)) print(line);
  return 0;
}

/** The status as the whole configuration leads to it, or the exit code where none is to be had. */
async function statusByConfig(invocation: Invocation): Promise<Status | number> {
  const { usableConfig } = await import("./usable-config.ts");
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const status = await runningStatus(config.control.socket);
  if (status !== null) return status;
  const { offlineAlarmList } = await import("./offline.ts");
  return offlineAlarmList(config, invocation);
}

/** Colours a line where the terminal shows colours. */
export type PaintLine = (alarm: AlarmStatus, line: string) => string;

/** What is longer is cut: a text that is waited for may be of any length. */
const VALUE_MAX = 12;
const LIMIT_MAX = 16;
/** What stands under an alarm is set in by so much. */
const INDENT = "  ";

/**
 * The alarms as a table of at most 80 cells behind its headings. Under what is not at rest, or not
 * well, stands its point, how good that is, and who did what; a long name has a line of its own.
 */
export function alarmList(status: Status, lang: Lang, paint: PaintLine): readonly string[] {
  const { head, rows } = alarmRows(status, lang);
  return [...head, ...rows.flatMap(({ alarm, lines }) => lines.map((line) => paint(alarm, line)))];
}

/** The lines of `alarmList`: the headings, and those of each alarm. */
export function alarmRows(
  status: Status,
  lang: Lang,
): {
  readonly head: readonly string[];
  readonly rows: readonly { readonly alarm: AlarmStatus; readonly lines: readonly string[] }[];
} {
  const qualities = new Map(status.points.map(({ point, quality }) => [point, quality]));
  const alarms = byUrgency(status.alarms);
  const titles = (["severity", "state", "value", "setpoint", "since"] as const).map((key) =>
    say(lang, key),
  );
  const rows = alarms.map((each) => [
    say(lang, each.severity),
    sayAlarms(lang, SHORT_STATES[each.state]),
    each.value === null ? "" : clip(formatValue(each.value), VALUE_MAX),
    clip([limitText(each, lang), each.unit ?? ""].join(" ").trim(), LIMIT_MAX),
    each.since === null ? "" : formatAge(status.at - each.since, lang),
  ]);
  const table = columns([titles, ...rows], [2]);
  const names = [say(lang, "alarm"), ...alarms.map(({ alarm }) => alarm)];
  const [head = [], ...lines] = namedRows(names, table);
  const below = (each: AlarmStatus) => notes(each, qualities.get(each.point) ?? "", lang);
  const rowsOf = (alarm: AlarmStatus, i: number) => {
    return { alarm, lines: [...(lines[i] ?? []), ...below(alarm)] };
  };
  return { head, rows: alarms.map(rowsOf) };
}

/** Alarms with what needs somebody first, then by gravity, then the newest first. */
export function byUrgency(alarms: readonly AlarmStatus[]): readonly AlarmStatus[] {
  return alarms.toSorted(
    (a, b) => URGENCY[a.state] - URGENCY[b.state] || gravity(b) - gravity(a) || at(b) - at(a),
  );
}

/** Whether somebody must answer for it, or reset it, or its condition is there. */
export function needsSomebody({ state }: Pick<AlarmStatus, "state">): boolean {
  return URGENCY[state] <= URGENCY.acknowledged;
}

/** What needs somebody comes first: who must answer, who must reset, what stands, what is silent. */
const URGENCY: Readonly<Record<AlarmStateName, number>> = {
  unacknowledged: 0,
  "latched-unacknowledged": 1,
  "returned-unacknowledged": 2,
  "latched-acknowledged": 3,
  acknowledged: 4,
  "out-of-service": 5,
  shelved: 6,
  suppressed: 7,
  normal: 8,
};

function gravity({ severity }: AlarmStatus): number {
  return SEVERITIES.indexOf(severity);
}

function at({ since }: AlarmStatus): number {
  return since ?? 0;
}

/** Its point, how good that is, until when it is shelved, who did it and why, where that matters. */
function notes(alarm: AlarmStatus, quality: string, lang: Lang): readonly string[] {
  const { state, point, until, active, first, by } = alarm;
  if (state === "normal" && (quality === "good" || quality === "")) return [];
  const isQuiet = URGENCY[state] >= URGENCY["out-of-service"] && state !== "normal";
  const parts = [
    point,
    ...(quality === "good" || quality === "" ? [] : [sayQuality(lang, quality)]),
    ...(until === null ? [] : [sayAlarms(lang, "until", { time: localTime(until) })]),
    ...(isQuiet && active ? [sayAlarms(lang, "present")] : []),
    ...(first ? [sayAlarms(lang, "first")] : []),
    ...(by === null ? [] : [by.reason === undefined ? by.who : `${by.who}: ${by.reason}`]),
  ];
  return wrapped(parts.join(" · "), TABLE_WIDTH - INDENT.length).map((line) => INDENT + line);
}

const COLOURS = { blue: "blueBright", yellow: "yellow", orange: "magenta", red: "red" } as const;

/** Bold while somebody is called, dim where nobody is; plain where no colour can be shown. */
function painted({ state, severity }: AlarmStatus, line: string): string {
  return styleText([...styleOf(state, severity)], line);
}

/** The style of a line. */
export function styleOf(state: AlarmStateName, severity: Severity) {
  if (URGENCY[state] >= URGENCY["out-of-service"]) return ["dim"] as const;
  const colour = COLOURS[severity];
  return URGENCY[state] < URGENCY.acknowledged ? (["bold", colour] as const) : ([colour] as const);
}
