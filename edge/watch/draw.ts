import { clip, pad, wrapped } from "../cli/columns.ts";
import { interlocksView } from "../cli/interlock-view.ts";
import { busesView, destinationsView } from "../cli/status-view.ts";
import { say } from "../cli/text.ts";
import { textWidth } from "../cli/text-width.ts";
import type { Status } from "../control/status.ts";
import type { Lang } from "../core/errors.ts";
import { alarmsPage, alarmsSection } from "./alarms-section.ts";
import { type Frame, type Sheet, sheetOf } from "./frame.ts";
import { head } from "./head.ts";
import { helpLines } from "./help.ts";
import { type Line, span } from "./line.ts";
import { pointsPage } from "./points-page.ts";
import { PAGES, type Shown, shownOf, type WatchState } from "./state.ts";
import { sayWatch } from "./text.ts";

/** The smallest terminal that shows something useful, in cells. */
const MIN_WIDTH = 60;
const MIN_HEIGHT = 12;

/** A picture of the live view. */
export type Picture = {
  readonly lines: readonly Line[];
  /** The first row that is shown; not what was asked for where there are no more. */
  readonly top: number;
  /** How many rows are shown at a time. */
  readonly rows: number;
};

/** `state` as a picture that fills `frame`. */
export function draw(state: WatchState, frame: Frame): Picture {
  const { width, height } = frame;
  if (width < MIN_WIDTH || height < MIN_HEIGHT) return tooSmall(frame);
  const shown = shownOf(state);
  const top = [...head(state, shown?.status ?? null, frame)];
  const foot = footer(state, frame);
  if (state.isHelp) return filled(top, helpLines(frame.lang), foot, frame);
  if (shown === null) return filled(top, [], foot, frame);
  if (state.page === "points") top.push(...alarmsSection(shown.status, frame, alarmRoom(frame)));
  const sheet = pageOf(state, shown, frame);
  const { of } = sheet;
  const room = Math.max(0, height - top.length - 1 - sheet.head.length - 1);
  const first = Math.max(0, Math.min(state.top, of - room));
  const lines = sheet.lines(first, first + room);
  const title = pageTitle(state, { from: first + 1, to: first + lines.length, of }, frame);
  const body = of === 0 ? [[span(` ${sayWatch(frame.lang, emptyWord(state))}`, "dim")]] : lines;
  return {
    ...filled([...top, title, ...sheet.head], body, foot, frame),
    top: first,
    rows: Math.max(1, Math.min(room, of)),
  };
}

/** What there is to tell at once of alarms and points, however much, where nothing moves. */
export function block(state: WatchState, shown: Shown, frame: Frame): readonly Line[] {
  const all = { ...frame, height: Number.POSITIVE_INFINITY };
  const points = pointsPage(state, shown, all);
  return [
    ...head(state, shown.status, all),
    ...alarmsSection(shown.status, all, all.height),
    ...points.head,
    ...points.lines(0, points.of),
  ];
}

/** A quarter of the picture at most is for alarms: the rest are on their own page. */
function alarmRoom({ height }: Frame): number {
  return Math.max(2, Math.floor(height / 4));
}

function emptyWord({ filter }: WatchState): "none" | "noneMatches" {
  return filter === "" ? "none" : "noneMatches";
}

function pageOf(state: WatchState, shown: Shown, frame: Frame): Sheet {
  const { status } = shown;
  const { page, filter } = state;
  switch (page) {
    case "points":
      return pointsPage(state, shown, frame);
    case "alarms":
      return alarmsPage(status, filter, frame);
    case "buses":
      return tableSheet(busLines(status, frame.lang), filter);
    case "destinations":
      return tableSheet(destinationsView(status, frame.lang), filter);
    case "interlocks":
      return tableSheet(interlocksView(status, frame.lang), filter);
  }
}

/** The buses as `status` prints them, and why they are closed, or who does not answer. */
function busLines(status: Status, lang: Lang): readonly string[] {
  const notes = status.buses.flatMap(({ bus, trouble, silent }) => {
    const devices = silent.join(", ");
    const told = [
      ...(trouble === null ? [] : [trouble]),
      ...(silent.length === 0 ? [] : [say(lang, "silentDevices", { devices })]),
    ];
    return told.map((what) => `  ${sayWatch(lang, "ofBus", { bus, what })}`);
  });
  return [...busesView(status, lang), ...notes];
}

/** A table as `status` prints it, headings first, of which the rows with `filter` are shown. */
function tableSheet([titles, ...rows]: readonly string[], filter: string): Sheet {
  const wanted = filter.toLowerCase();
  const matching = rows.filter((row) => row.toLowerCase().includes(wanted));
  return sheetOf(
    titles === undefined ? [] : [[span(` ${titles}`, "dim")]],
    matching.map((row) => [span(` ${row}`)]),
  );
}

/** Which page it is, which rows of it are shown, in which order, and what is left out. */
function pageTitle(
  { page, sort, isReversed, filter }: WatchState,
  shown: { readonly from: number; readonly to: number; readonly of: number },
  { lang }: Frame,
): Line {
  const by = { sort: sayWatch(lang, `sort-${sort}`) };
  const parts = [
    sayWatch(lang, `page-${page}`).toUpperCase(),
    ...(shown.of === 0 ? [] : [sayWatch(lang, "rows", shown)]),
    ...(page === "points" ? [sayWatch(lang, isReversed ? "reversed" : "sortedBy", by)] : []),
    ...(filter === "" ? [] : [sayWatch(lang, "filtered", { filter })]),
  ];
  return [span(parts.join(" · "), "title")];
}

/** The keys, or what is being typed. */
function footer({ isTyping, filter, page }: WatchState, { lang, width }: Frame): Line {
  if (isTyping) return [span(clip(` ${sayWatch(lang, "typing", { filter })}`, width), "bold")];
  const names = PAGES.map((each, i) => {
    const name = `${i + 1} ${sayWatch(lang, `page-${each}`)}`;
    return each === page ? span(`[${name}]`, "bold") : span(` ${name} `);
  });
  const hint = `${sayWatch(lang, "hint")} `;
  const taken = names.reduce((sum, { text }) => sum + textWidth(text), 0);
  const room = width - taken - textWidth(hint);
  return room < 1 ? names : [...names, span(pad("", room)), span(hint, "dim")];
}

/** The lines with the last of them at the bottom of the frame. */
function filled(
  top: readonly Line[],
  body: readonly Line[],
  foot: Line,
  { height }: Frame,
): Picture {
  const lines = [...top, ...body].slice(0, Math.max(0, height - 1));
  const filling: readonly Line[] = Array.from({ length: height - 1 - lines.length }, () => []);
  return { lines: [...lines, ...filling, foot], top: 0, rows: 1 };
}

function tooSmall({ width, height, lang }: Frame): Picture {
  const sizes = { width, height, minWidth: MIN_WIDTH, minHeight: MIN_HEIGHT };
  const text = wrapped(sayWatch(lang, "tooSmall", sizes), Math.max(2, width));
  return { lines: text.slice(0, height).map((line) => [span(line)]), top: 0, rows: 1 };
}
