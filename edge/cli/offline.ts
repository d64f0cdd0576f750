import { existsSync } from "node:fs";
import { join } from "node:path";
import { type LastKnown, lastKnown } from "../../buffer/last-known.ts";
import { Reader } from "../../buffer/reader.ts";
import { type Survey, survey } from "../../buffer/survey.ts";
import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import { type AlarmStateName, isActive, SEVERITIES } from "../core/alarm.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { SystemClock } from "../world/clock.ts";
import { localTime } from "../world/wall-text.ts";
import { SHORT_STATES } from "./alarm-states.ts";
import { sayAlarms } from "./alarms-text.ts";
import { columns, wrapped } from "./columns.ts";
import { formatAge, formatBytes, formatValue } from "./format.ts";
import { type Invocation, print } from "./invocation.ts";
import { namedRows, TABLE_WIDTH } from "./named-rows.ts";
import { sayOffline } from "./offline-text.ts";
import { say, sayQuality } from "./text.ts";

/**
 * What is known of the gateway of a configuration that does not run, by its database. Stable: other
 * programs read it.
 */
export type Offline = {
  readonly v: 1;
  readonly running: false;
  readonly gateway: string;
  readonly site: string | null;
  /** Now, in Unix milliseconds. */
  readonly at: number;
  readonly socket: string;
  readonly database: string;
  /** What is stored; null where there is no database. */
  readonly last: LastKnown | null;
  readonly buffer: Survey | null;
};

/** Looks up what is known of the gateway of `config`. Throws as `Reader` does. */
export function offlineOf(config: GatewayConfig): Offline {
  const { gateway, buffer, control, destinations } = config;
  const database = join(buffer.dir, "lifeline.db");
  const head = {
    v: 1,
    running: false,
    gateway: gateway.id,
    site: gateway.site?.name ?? null,
  } as const;
  const found = { ...head, at: new SystemClock().now(), socket: control.socket, database };
  if (!existsSync(database)) return { ...found, last: null, buffer: null };
  const reader = new Reader(database);
  try {
    const points = allPoints(config).map(({ id }) => id);
    const { maxBytes, card } = buffer;
    const limits = { maxBytes, card, destinations: destinations.map(({ name }) => name) };
    return { ...found, last: lastKnown(reader, points), buffer: survey(reader, limits) };
  } finally {
    reader.close();
  }
}

/** `lifeline status` of a gateway that does not run; 1, for something is broken. */
export function offlineStatus(config: GatewayConfig, { json, lang, config: file }: Invocation): 1 {
  const offline = offlineOf(config);
  if (json) print(toJson(offline));
  else print(offlineText(offline, config, lang, file));
  return 1;
}

/** What `lifeline status` says of a gateway that does not run, whose configuration is `file`. */
export function offlineText(
  offline: Offline,
  config: GatewayConfig,
  lang: Lang,
  file: string,
): string {
  const sections = [
    offlineHead(offline, lang, file),
    offlinePoints(offline, config, lang),
    offlineAlarms(offline, config, lang),
    stored(offline, lang),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/** `lifeline alarms` of a gateway that does not run; 1, for what is shown may be over. */
export function offlineAlarmList(config: GatewayConfig, invocation: Invocation): 1 {
  const { json, lang, config: file } = invocation;
  const { buffer: _, ...offline } = offlineOf(config);
  if (json) print(toJson(offline));
  else {
    for (const line of offlineHead(offline, lang, file)) print(line);
    for (const line of offlineAlarms(offline, config, lang)) print(line);
  }
  return 1;
}

/** That it does not run, since when, and what to do. */
export function offlineHead(
  { gateway, socket, last, database, at }: Omit<Offline, "buffer">,
  lang: Lang,
  file: string,
): readonly string[] {
  const told = [
    sayOffline(lang, "isDown", { gateway }),
    sayOffline(lang, "nobody", { socket }),
    ...(last === null
      ? [sayOffline(lang, "noDatabase", { file: database })]
      : [
          sinceText(last, at, lang),
          ...(last.ended === null ? [] : [sayOffline(lang, last.ended)]),
        ]),
    sayOffline(lang, "startIt", { file }),
    ...(last === null ? [] : [sayOffline(lang, "asStored")]),
  ];
  return told.flatMap((line) => wrapped(line, TABLE_WIDTH));
}

function sinceText({ lastReadingAt }: LastKnown, now: number, lang: Lang): string {
  if (lastReadingAt === null) return sayOffline(lang, "noReading");
  const age = formatAge(now - lastReadingAt, lang);
  return sayOffline(lang, "lastReading", { time: localTime(lastReadingAt), age });
}

function offlinePoints({ last }: Offline, config: GatewayConfig, lang: Lang): readonly string[] {
  if (last === null) return [];
  const known = new Map(last.points.map((reading) => [reading.point, reading]));
  const points = allPoints(config).map(({ id }) => id);
  const rows = points.map((point) => {
    const reading = known.get(point);
    if (reading === undefined) return ["?", "", sayOffline(lang, "never"), ""];
    const { value, unit, quality, at } = reading;
    return [formatValue(value), unit ?? "", sayQuality(lang, quality), localTime(at)];
  });
  const titles = [
    ...(["value", "unit", "quality"] as const).map((key) => say(lang, key)),
    sayOffline(lang, "readAt"),
  ];
  return namedRows([say(lang, "point"), ...points], columns([titles, ...rows], [0])).flat();
}

/** The states that alarms were left in, the active ones first, the gravest of them first. */
function offlineAlarms(
  { last }: Pick<Offline, "last">,
  { alarms }: Pick<GatewayConfig, "alarms">,
  lang: Lang,
): readonly string[] {
  const known = new Map(last?.alarms.map((memory) => [memory.alarm, memory]));
  const states = alarms
    .map(({ name, severity, point }) => {
      const { state = "normal" as AlarmStateName, since = null } = known.get(name) ?? {};
      return { name, severity, point, state, since };
    })
    .toSorted(
      (a, b) =>
        Number(isActive(b.state)) - Number(isActive(a.state)) ||
        SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity),
    );
  if (states.length === 0) return [say(lang, "noAlarms")];
  const rows = states.map(({ severity, state, since, point }) => [
    say(lang, severity),
    sayAlarms(lang, SHORT_STATES[state]),
    since === null ? "" : localTime(since),
    point,
  ]);
  const titles = [
    ...(["severity", "state"] as const).map((key) => say(lang, key)),
    sayOffline(lang, "sinceWhen"),
    say(lang, "point"),
  ];
  const names = [say(lang, "alarm"), ...states.map(({ name }) => name)];
  return namedRows(names, columns([titles, ...rows])).flat();
}

function stored({ buffer }: Offline, lang: Lang): readonly string[] {
  if (buffer === null) return [];
  const size = formatBytes(buffer.bytes.onDisk);
  const counts = { readings: buffer.readings.count, events: buffer.events.count };
  return [
    `${say(lang, "bufferTitle")}  ${sayOffline(lang, "stored", { size, ...counts })}`,
    ...buffer.destinations.map(({ destination, readings, events }) =>
      sayOffline(lang, "owed", { destination, readings, events }),
    ),
  ];
}
