import { styleText } from "node:util";
import type { AlarmStatus } from "../alarm/alarm-status.ts";
import type { Status } from "../control/status.ts";
import { type AlarmStateName, SEVERITIES } from "../core/alarm.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { callControl } from "../world/control-socket.ts";
import { localTime } from "../world/wall-text.ts";
import { limitText } from "./alarm-limit.ts";
import { sayAlarms } from "./alarms-text.ts";
import { columns } from "./columns.ts";
import { formatAge, formatValue } from "./format.ts";
import { type Invocation, print } from "./invocation.ts";
import { say, sayQuality } from "./text.ts";
import { usableConfig } from "./usable-config.ts";

/** `lifeline alarms`: all alarms, what needs somebody first, in the colours of their severities. */
export async function listAlarms(invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const status = (await callControl(config.control.socket, "status")) as Status;
  if (json) print(toJson(status.alarms));
  else if (status.alarms.length === 0) print(say(lang, "noAlarms"));
  else for (const line of alarmList(status, lang, painted)) print(line);
  return 0;
}

/** Colours a line where the terminal shows colours. */
export type PaintLine = (alarm: AlarmStatus, line: string) => string;

/** The alarms as a table, one line each behind the headings. */
export function alarmList(status: Status, lang: Lang, paint: PaintLine): readonly string[] {
  const qualities = new Map(status.points.map(({ point, quality }) => [point, quality]));
  const alarms = status.alarms.toSorted(
    (a, b) => URGENCY[a.state] - URGENCY[b.state] || gravity(b) - gravity(a) || at(b) - at(a),
  );
  const rows = alarms.map((each) => [
    each.alarm,
    say(lang, each.severity),
    say(lang, each.state),
    each.value === null ? "" : formatValue(each.value),
    limitText(each, lang),
    each.unit ?? "",
    each.since === null ? "" : formatAge(status.at - each.since, lang),
    each.point,
    sayQuality(lang, qualities.get(each.point) ?? ""),
    notes(each, lang),
  ]);
  const titles = (
    [
      "alarm",
      "severity",
      "state",
      "value",
      "setpoint",
      "unit",
      "since",
      "point",
      "quality",
    ] as const
  ).map((key) => say(lang, key));
  const [head = "", ...lines] = columns([titles, ...rows], [3]);
  return [head, ...alarms.map((each, i) => paint(each, lines[i] ?? ""))];
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

/** Until when it is shelved, who did it and why, and what its state does not say. */
function notes({ state, until, active, first, by }: AlarmStatus, lang: Lang): string {
  const isQuiet = URGENCY[state] >= URGENCY["out-of-service"] && state !== "normal";
  return [
    ...(until === null ? [] : [sayAlarms(lang, "until", { time: localTime(until) })]),
    ...(isQuiet && active ? [sayAlarms(lang, "present")] : []),
    ...(first ? [sayAlarms(lang, "first")] : []),
    ...(by === null ? [] : [by.reason === undefined ? by.who : `${by.who}: ${by.reason}`]),
  ].join(" · ");
}

const COLOURS = { blue: "blueBright", yellow: "yellow", orange: "magenta", red: "red" } as const;

/** Bold while somebody is called, dim where nobody is; plain where no colour can be shown. */
function painted({ state, severity }: AlarmStatus, line: string): string {
  if (URGENCY[state] >= URGENCY["out-of-service"]) return styleText("dim", line);
  const colour = COLOURS[severity];
  return styleText(URGENCY[state] < URGENCY.acknowledged ? ["bold", colour] : colour, line);
}
