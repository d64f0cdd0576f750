import type { AlarmStatus } from "../alarm/alarm-status.ts";
import { limitText } from "../cli/alarm-limit.ts";
import { byUrgency, needsSomebody } from "../cli/alarms-list.ts";
import { formatAge } from "../cli/format.ts";
import { sayInterlock } from "../cli/interlock-text.ts";
import { reasonText } from "../cli/reason-text.ts";
import { say, sayOr, sayQuality } from "../cli/text.ts";
import type { PointStatus, Status } from "../control/status.ts";
import { type AlarmRule, isLatched, SHELVE_MAX_MS } from "../core/alarm.ts";
import type { Lang } from "../core/errors.ts";

type Told = Omit<Status, "pid">;

/** What the page needs of the configuration. */
export type Site = {
  readonly alarms: readonly Pick<AlarmRule, "name" | "shelveMaxMs">[];
  /** IANA name of the time zone that times are shown in. */
  readonly timeZone: string;
};

/** `status` for the page: words in `lang`, numbers and times as such, for the browser to write. */
export function viewOf(status: Told, site: Site, lang: Lang) {
  const { gateway, release, configuration, clock, at, since } = status;
  const shelves = new Map(
    site.alarms.map(({ name, shelveMaxMs = SHELVE_MAX_MS }) => [name, shelveMaxMs]),
  );
  const alarms = byUrgency(status.alarms);
  return {
    v: 1,
    ...{ gateway, site: status.site, release, configuration, at, since, timeZone: site.timeZone },
    clock,
    clockText: say(lang, clock),
    alarms: alarms.map((alarm) => alarmOf(alarm, shelves.get(alarm.alarm) ?? 0, lang)),
    points: status.points.map((point) => pointOf(point, lang)),
    buses: status.buses.map((bus) => busOf(bus, lang)),
    interlocks: status.interlocks.map(({ interlock, state, point, since }) => {
      return { interlock, state, stateText: sayInterlock(lang, state), point, since };
    }),
    destinations: status.destinations.map((each) => destinationOf(each, lang)),
    buffer: bufferOf(status, lang),
  } as const;
}

function alarmOf(status: AlarmStatus, shelveMaxMs: number, lang: Lang) {
  const { alarm, point, state, severity, value, unit, since, until, active, first, by } = status;
  const isOut = state === "out-of-service" || state === "shelved";
  return {
    ...{ alarm, point, state, severity, value, unit, since, until, active, first, by },
    stateText: say(lang, state),
    severityText: say(lang, severity),
    limitText: limitText(status, lang),
    needsSomebody: needsSomebody(status),
    isUnanswered: state.endsWith("unacknowledged"),
    /** How long it may be shelved now, in milliseconds; 0: not. */
    shelveMaxMs: isOut || isLatched(state) ? 0 : shelveMaxMs,
  };
}

function pointOf({ point, value, unit, quality, at, ageMs, everyMs }: PointStatus, lang: Lang) {
  const [level = "bad", ...reason] = quality.split(":");
  const why = reason.length === 0 ? "" : reasonText(reason.join(":"), lang);
  return {
    ...{ point, value, unit, level, at, ageMs, everyMs },
    qualityText: why === "" ? sayQuality(lang, level) : why,
  };
}

function busOf({ bus, state, since, trouble, silent, use }: Told["buses"][number], lang: Lang) {
  const load = use?.load ?? null;
  return { bus, state, stateText: say(lang, state), since, trouble, silent, load };
}

function destinationOf(status: Told["destinations"][number], lang: Lang) {
  const { destination, state, since, trouble, owed, acknowledged } = status;
  return {
    ...{ destination, state, since, owed, acknowledged },
    stateText: say(lang, state),
    trouble: trouble === null ? null : sayOr(lang, trouble),
  };
}

function bufferOf({ buffer }: Told, lang: Lang) {
  const { bytes, maxBytes, heads, waiting, failing, refused, wear } = buffer;
  const lifeMs = wear?.lifeMs ?? null;
  return {
    ...{ bytes, maxBytes, heads, waiting, refused },
    failing: failing === null ? null : say(lang, "bufferFailing", { code: failing }),
    lifeText: lifeMs === null ? null : formatAge(lifeMs, lang),
  };
}
