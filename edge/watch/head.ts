import { clip, pad } from "../cli/columns.ts";
import { faultTitles } from "../cli/faults.ts";
import { formatAge, formatBytes, roughAge } from "../cli/format.ts";
import { say } from "../cli/text.ts";
import { textWidth } from "../cli/text-width.ts";
import type { Status } from "../control/status.ts";
import type { Frame } from "./frame.ts";
import { type Line, span } from "./line.ts";
import type { WatchState } from "./state.ts";
import { sayWatch } from "./text.ts";

/** The lines about the gateway as a whole, which stand above every page. */
export function head(state: WatchState, status: Status | null, frame: Frame): readonly Line[] {
  const lines = status === null ? [] : gatewayLines(state, status, frame);
  const { gone } = state;
  if (gone === null) return lines.length > 0 ? lines : [[span(sayWatch(frame.lang, "waiting"))]];
  return [...lines.slice(0, -1), ...goneLines(gone, frame)];
}

function gatewayLines(state: WatchState, status: Status, frame: Frame): readonly Line[] {
  return [
    titleLine(state, status, frame),
    destinationsLine(status, frame),
    storeLine(status, frame),
    faultLine(status, frame),
  ];
}

/** From so many cells on there is room for the date beside the time. */
const DATE_FROM = 100;
/** Where the time of day begins in a date and a time. */
const TIME_AT = "2026-11-27 ".length;

/** Who it is and when, with the name of the site giving way where there is little room. */
function titleLine(state: WatchState, status: Status, { width, lang, timeOf }: Frame): Line {
  const { gateway, site, clock, at, since, update } = status;
  const isTried = (update?.trial ?? null) !== null;
  const release = isTried ? sayWatch(lang, "tried", { release: status.release }) : status.release;
  const up = sayWatch(lang, "up", { age: formatAge(at - since, lang) });
  const time = sayWatch(lang, "clock", { state: say(lang, clock) });
  const told = width < DATE_FROM ? timeOf(at).slice(TIME_AT) : timeOf(at);
  const right = `  ${[up, release, time, told].join(" · ")} `;
  const paused = state.frozen === null ? "" : ` [${sayWatch(lang, "paused")}]`;
  const name = ` ${gateway}${paused}${site === null ? "" : ` · ${site}`}`;
  const room = Math.max(0, width - textWidth(right));
  return [span(clip(pad(clip(name, room), room) + right, width), "bar")];
}

function destinationsLine({ destinations, at }: Status, { width, lang }: Frame): Line {
  if (destinations.length === 0) return [span(` ${sayWatch(lang, "noDestinations")}`, "dim")];
  const line = [];
  let room = width;
  for (const [i, { destination: name, state, since, owed }] of destinations.entries()) {
    const isAway = state === "disconnected";
    const age = since === null || !isAway ? "" : ` ${roughAge(at - since, lang)}`;
    const isOwed = owed.readings + owed.events > 0;
    const how = { name, state: say(lang, state) + age, ...owed };
    const text = ` ${sayWatch(lang, isOwed ? "owed" : "nothingOwed", how)}`;
    const more = sayWatch(lang, "more", { count: destinations.length - i });
    const rest = i === destinations.length - 1 ? 0 : textWidth(more) + 3;
    if (textWidth(text) > room - rest && i > 0) return [...line, span(` … ${more}`)];
    line.push(span(clip(text, room), isAway ? "red" : "green"), span(" "));
    room -= textWidth(text) + 1;
  }
  return line;
}

function storeLine({ buffer, buses }: Status, { lang }: Frame): Line {
  const { bytes, maxBytes, waiting, failing } = buffer;
  const open = buses.filter(({ state }) => state === "open").length;
  const figures = { size: formatBytes(bytes), max: formatBytes(maxBytes), waiting };
  const text = sayWatch(lang, "store", { ...figures, open, buses: buses.length });
  const isWell = failing === null && open === buses.length;
  return [span(` ${text}`, isWell ? null : "bad")];
}

function faultLine(status: Status, { lang }: Frame): Line {
  const titles = faultTitles(status, lang);
  if (titles.length === 0) return [span(` ${sayWatch(lang, "noFaults")}`, "green")];
  const what = titles.join(lang === "en" ? "; " : "；");
  return [span(` ${sayWatch(lang, "wrong", { count: titles.length, what })}`, "bad")];
}

/** That the gateway does not answer, why, and what to do. */
export function goneLines(
  { since, failure }: NonNullable<WatchState["gone"]>,
  { now, lang, width }: Frame,
): readonly Line[] {
  const age = roughAge(now - since, lang);
  const text = ` ${sayWatch(lang, "gone", { age, why: failure.meaning })}`;
  const room = Math.max(width, textWidth(text));
  const advice = ` ${say(lang, "todoIs", { advice: failure.advice })}`;
  return [[span(pad(text, room), "red")], [span(advice)]];
}
