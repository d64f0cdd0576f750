import type { Status } from "../control/status.ts";
import type { AlarmStateName } from "../core/alarm.ts";
import type { Lang } from "../core/errors.ts";
import { limitText } from "./alarm-limit.ts";
import { SHORT_STATES } from "./alarm-states.ts";
import { alarmList } from "./alarms-list.ts";
import { sayAlarms } from "./alarms-text.ts";
import { sayBus } from "./bus-text.ts";
import { clockView } from "./clock-view.ts";
import { columns, pad, wrapped } from "./columns.ts";
import { drainView } from "./drain-view.ts";
import { faultsView } from "./faults.ts";
import { formatAge, formatBytes, formatValue } from "./format.ts";
import { interlocksView } from "./interlock-view.ts";
import { TABLE_WIDTH } from "./named-rows.ts";
import { qualityNotes } from "./quality-view.ts";
import { secretRung } from "./secret-lines.ts";
import { say, sayQuality, type TextKey } from "./text.ts";
import { textWidth } from "./text-width.ts";
import { updatingView } from "./updating-news.ts";
import { sayWear, wearLine } from "./wear-text.ts";

/** How long before its end a calibration is told of: thirty days, in milliseconds. */
const CALIBRATE_WITHIN_MS = 30 * 86_400_000;

/** What `lifeline status` prints: who, buses, points, alarms, buffer, destinations, faults. */
export function statusView(status: Status, lang: Lang): string {
  const sections = [
    head(status, lang),
    busesView(status, lang),
    points(status, lang),
    qualityNotes(status.points, lang, {
      reasons: toldByFaults(status),
      dueFrom: status.at + CALIBRATE_WITHIN_MS,
    }),
    alarmsView(status, lang),
    interlocksView(status, lang),
    buffer(status, lang),
    destinationsView(status, lang),
    faultsView(status, lang),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function head(status: Status, lang: Lang): readonly string[] {
  const { gateway, site, release, configuration, clock } = status;
  const age = formatAge(status.at - status.since, lang);
  const who = [say(lang, "gatewayLine", { gateway }), site, say(lang, "runningFor", { age })];
  return [
    who.filter((part) => part !== null).join(" · "),
    say(lang, "releaseLine", { release, configuration, clock: say(lang, clock) }),
    ...startView(status, lang),
    ...updatingView(status, lang).flatMap((line) => wrapped(line, TABLE_WIDTH)),
    ...clockView(status.time, lang),
    ...secretsView(status, lang).flatMap((line) => wrapped(line, TABLE_WIDTH)),
  ];
}

/** How what is secret is protected; nothing where nobody certifies the gateway, or it has no key yet. */
function secretsView({ enrolment }: Status, lang: Lang): readonly string[] {
  const secrets = enrolment?.secrets ?? null;
  return secrets === null ? [] : [say(lang, "secretsLine", { rung: secretRung(secrets, lang) })];
}

/** How the run before ended, where it was not asked to end. */
function startView({ start }: Status, lang: Lang): readonly string[] {
  if (start === null || start.found === "stopped" || start.found === "first") return [];
  const { found, why, inLastHour } = start;
  const line = say(lang, "startedAfter", { found: say(lang, `run-${found}`) });
  const often = inLastHour > 1 ? say(lang, "startsInHour", { times: inLastHour }) : null;
  return [[line, why, often].filter((part) => part !== null).join(" · ")];
}

function headings(lang: Lang, ...keys: readonly TextKey[]): readonly string[] {
  return keys.map((key) => say(lang, key));
}

function since(status: Status, at: number | null, lang: Lang): string {
  return at === null ? "" : formatAge(status.at - at, lang);
}

/** The buses as a table, and below it what failed on them; nothing without any. */
export function busesView(status: Status, lang: Lang): readonly string[] {
  if (status.buses.length === 0) return [];
  const rows = status.buses.map(({ bus, state, since: at, counters, missed, use }) => [
    bus,
    say(lang, state),
    since(status, at, lang),
    use === null ? "-" : `${Math.ceil(100 * use.load)} %`,
    use === null ? "-" : use.requestsPerS.toFixed(1),
    String(counters.requests ?? 0),
    String(counters.timeouts ?? 0),
    String(missed),
  ]);
  const titles = [
    ...headings(lang, "bus", "state", "since"),
    sayBus(lang, "load"),
    sayBus(lang, "perS"),
    ...headings(lang, "requests", "timeouts", "missed"),
  ];
  const failed = status.buses.flatMap((bus) => failuresOf(status, bus, lang) ?? []);
  const boards = status.buses.flatMap(({ bus, board }) =>
    board === undefined ? [] : say(lang, "boardRuns", { bus, firmware: board.firmware }),
  );
  return [...columns([titles, ...rows], [3, 4, 5, 6, 7]), ...boards, ...failed];
}

/** What failed on a bus by why, the most frequent first, and the last of it; null where nothing. */
function failuresOf(
  { at }: Status,
  { bus, use }: Status["buses"][number],
  lang: Lang,
): string | null {
  const last = use?.lastFailure ?? null;
  if (use === null || last === null) return null;
  const counts = Object.entries(use.failures)
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${sayQuality(lang, reason)} ${count}`)
    .join(", ");
  const ago = formatAge(at - last.at, lang);
  const why = sayQuality(lang, last.reason);
  return sayBus(lang, "failures", { bus, counts, ago, device: last.device, why });
}

function points(status: Status, lang: Lang): readonly string[] {
  if (status.points.length === 0) return [];
  const rows = status.points.map(({ point, unit, value, quality, ageMs }) => [
    point,
    formatValue(value),
    unit ?? "",
    sayQuality(lang, quality),
    ageMs === null ? say(lang, "never") : formatAge(ageMs, lang),
  ]);
  return columns([headings(lang, "point", "value", "unit", "quality", "age"), ...rows], [1]);
}

/** The reasons that faults stand for which are told at the end, with what to do. */
function toldByFaults({ buses }: Status): readonly string[] {
  const isSilent = buses.some(({ silent }) => silent.length > 0);
  const isClosed = buses.some(({ state }) => state === "closed");
  return [...(isSilent ? ["timeout"] : []), ...(isClosed ? ["link-closed"] : [])];
}

/**
 * The alarms as a table; nothing when none are configured. Each with the quality of its point's
 * latest reading: what is not known cannot be judged, and "normal" says nothing then.
 */
export function alarmsView(status: Status, lang: Lang): readonly string[] {
  if (status.alarms.length === 0) return [];
  const table = alarmTable(status, lang, (state) => say(lang, state));
  if (table.every((line) => textWidth(line) <= TABLE_WIDTH)) return table;
  const short = alarmTable(status, lang, (state) => sayAlarms(lang, SHORT_STATES[state]));
  if (short.every((line) => textWidth(line) <= TABLE_WIDTH)) return short;
  // The point stands in the list of alarms too, with all else there is to tell of one.
  return alarmList(status, lang, (_, line) => line);
}

function alarmTable(
  status: Status,
  lang: Lang,
  stateText: (state: AlarmStateName) => string,
): readonly string[] {
  const qualityOf = new Map(status.points.map(({ point, quality }) => [point, quality]));
  const rows = status.alarms.map(
    ({ alarm, severity, state, point, limit, setpoint, since: at }) => [
      alarm,
      say(lang, severity),
      stateText(state),
      point,
      limitText({ limit, setpoint }, lang),
      since(status, at, lang),
      sayQuality(lang, qualityOf.get(point) ?? ""),
    ],
  );
  const titles = headings(
    lang,
    "alarm",
    "severity",
    "state",
    "point",
    "setpoint",
    "since",
    "quality",
  );
  return columns([titles, ...rows]);
}

function buffer({ buffer }: Status, lang: Lang): readonly string[] {
  const { heads, bytes, maxBytes, waiting, failing, refused, wear } = buffer;
  const line = say(lang, "bufferLine", {
    readings: heads.readings,
    events: heads.events,
    size: formatBytes(bytes),
    max: formatBytes(maxBytes),
  });
  const title = `${say(lang, "bufferTitle")}  `;
  const indent = pad("", textWidth(title));
  return [
    title + line,
    indent + say(lang, "bufferWaiting", { waiting }),
    ...(wear === null ? [] : [indent + wearLine(wear, wear.enduranceBytes, lang)]),
    ...(wear?.isShort === true ? [sayWear(lang, "short")] : []),
    ...(failing === null ? [] : [say(lang, "bufferFailing", { code: failing })]),
    ...(refused === 0 ? [] : [say(lang, "bufferRefused", { count: refused })]),
  ];
}

/** The destinations as a table, and below it how their backlog goes; nothing without any. */
export function destinationsView(status: Status, lang: Lang): readonly string[] {
  if (status.destinations.length === 0) return [];
  const rows = status.destinations.map((one) => [
    one.destination,
    say(lang, one.state),
    since(status, one.since, lang),
    String(one.owed.readings),
    String(one.owed.events),
    String(one.inFlight),
    String(one.acknowledged),
  ]);
  const titles = headings(
    lang,
    "destination",
    "state",
    "since",
    "owed",
    "events",
    "inFlight",
    "acknowledgedCount",
  );
  const drains = status.destinations.flatMap(({ destination, drain }) =>
    drain === null ? [] : `  ${drainView(destination, drain, lang)}`,
  );
  return [...columns([titles, ...rows], [3, 4, 5, 6]), ...drains];
}
