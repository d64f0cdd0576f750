import type { AlarmStatus } from "../alarm/alarm-status.ts";
import { limitText } from "../cli/alarm-limit.ts";
import { SHORT_STATES } from "../cli/alarm-states.ts";
import { alarmRows, byUrgency, needsSomebody } from "../cli/alarms-list.ts";
import { sayAlarms } from "../cli/alarms-text.ts";
import { formatValue, roughAge } from "../cli/format.ts";
import { say, sayQuality } from "../cli/text.ts";
import type { Status } from "../control/status.ts";
import { isQuiet } from "../core/alarm.ts";
import { type Frame, type Sheet, sheetOf } from "./frame.ts";
import { type Column, type Line, span, tableRow } from "./line.ts";
import { markOf } from "./points-page.ts";
import type { Style } from "./style.ts";
import { sayWatch } from "./text.ts";

const COLUMNS: readonly Column[] = [
  { width: 1 },
  { width: 16 },
  { width: 6 },
  { width: 16 },
  { width: 8, align: "right" },
  { width: 8 },
  { width: 6, align: "right" },
];
/** The point of an alarm has what is left of the line. */
const TAKEN = COLUMNS.reduce((sum, { width }) => sum + width + 1, 0);

/** The alarms that need somebody, in at most `most` lines, below how many there are. */
export function alarmsSection(status: Status, frame: Frame, most: number): readonly Line[] {
  const { lang } = frame;
  const calling = byUrgency(status.alarms).filter(needsSomebody);
  const quiet = status.alarms.filter(({ state }) => isQuiet(state)).length;
  const silenced = quiet === 0 ? "" : ` · ${sayWatch(lang, "quiet", { count: quiet })}`;
  if (calling.length === 0) return [[span(sayWatch(lang, "noAlarms") + silenced, "title")]];
  const room = calling.length > most ? most - 1 : most;
  const left = calling.length - room;
  const more = left > 0 ? ` · ${sayWatch(lang, "more", { count: left })} [2]` : "";
  const title = sayWatch(lang, "alarms", { count: calling.length }) + more + silenced;
  const qualities = new Map(status.points.map(({ point, quality }) => [point, quality]));
  const rows = calling
    .slice(0, Math.max(0, room))
    .map((alarm) => alarmLine(alarm, qualities.get(alarm.point) ?? "", status.at, frame));
  return [[span(title, "title")], ...rows];
}

function alarmLine(alarm: AlarmStatus, quality: string, now: number, frame: Frame): Line {
  const { lang, width } = frame;
  const { severity, state, value, since, point } = alarm;
  const how = quality === "good" || quality === "" ? "" : ` ${sayQuality(lang, quality)}`;
  const cells = [
    markOf(alarm),
    alarm.alarm,
    say(lang, severity),
    sayAlarms(lang, SHORT_STATES[state]),
    formatValue(value),
    limitText(alarm, lang),
    since === null ? "" : roughAge(now - since, lang),
    point + how,
  ];
  const columns = [...COLUMNS, { width: Math.max(0, width - TAKEN) }];
  return tableRow(
    columns,
    cells.map((cell) => span(cell, severity)),
  );
}

/** The alarms of which something has `filter` in it, with what is told of each. */
export function alarmsPage(status: Status, filter: string, { lang }: Frame): Sheet {
  const { head, rows } = alarmRows(status, lang);
  const wanted = filter.toLowerCase();
  const lines = rows
    .filter((row) => row.lines.some((line) => line.toLowerCase().includes(wanted)))
    .flatMap((row) => {
      const isCalling = needsSomebody(row.alarm);
      const mark = isCalling ? markOf(row.alarm) : " ";
      const style: Style = isCalling ? row.alarm.severity : "dim";
      return row.lines.map((line, i): Line => [span(`${i === 0 ? mark : " "} ${line}`, style)]);
    });
  return sheetOf(
    head.map((line) => [span(`  ${line}`, "dim")]),
    lines,
  );
}
