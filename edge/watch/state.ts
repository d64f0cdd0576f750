import type { Failure } from "../cli/invocation.ts";
import type { Status } from "../control/status.ts";
import type { Key, KeyName } from "./keys.ts";
import { type Trends, withReadings } from "./trend.ts";

/** What can be looked at. */
export const PAGES = ["points", "alarms", "buses", "destinations", "interlocks"] as const;

/** One of them. */
export type Page = (typeof PAGES)[number];

/** What points can be sorted by: by name, or the oldest, the worst or the gravest first. */
export const SORTS = ["name", "age", "quality", "alarm"] as const;

/** One of them. */
export type Sort = (typeof SORTS)[number];

/** What the gateway told, as far as it is shown. */
export type Shown = { readonly status: Status; readonly trends: Trends };

/** All that the live view knows. */
export type WatchState = {
  /** What the gateway last said of itself; null before it did. */
  readonly status: Status | null;
  /** What is shown in place of status and trends while the view is paused, or null. */
  readonly frozen: Shown | null;
  /** Since when it does not answer, in Unix milliseconds of this machine, and why; or null. */
  readonly gone: { readonly since: number; readonly failure: Failure } | null;
  readonly trends: Trends;
  readonly page: Page;
  readonly sort: Sort;
  readonly isReversed: boolean;
  /** What must be in a row for it to be shown; empty for all. */
  readonly filter: string;
  /** Whether keys are typed into the filter. */
  readonly isTyping: boolean;
  /** The first row that is shown, from 0. */
  readonly top: number;
  readonly isHelp: boolean;
};

/** The longest filter, in characters. */
const FILTER_MAX = 40;

/** The state at the beginning, with what `filter` names shown. */
export function firstState(filter = ""): WatchState {
  return {
    status: null,
    frozen: null,
    gone: null,
    trends: new Map(),
    page: "points",
    sort: "name",
    isReversed: false,
    filter: filter.slice(0, FILTER_MAX),
    isTyping: false,
    top: 0,
    isHelp: false,
  };
}

/** `state` after the gateway said `status`. */
export function answered(state: WatchState, status: Status): WatchState {
  const trends = withReadings(state.trends, status.points);
  return { ...state, status, trends, gone: null };
}

/** `state` after the gateway did not answer at `now`, in Unix milliseconds of this machine. */
export function unanswered(state: WatchState, failure: Failure, now: number): WatchState {
  return { ...state, gone: { since: state.gone?.since ?? now, failure } };
}

/** What is shown: what the gateway said last, or had said when the view was paused. */
export function shownOf({ frozen, status, trends }: WatchState): Shown | null {
  return frozen ?? (status === null ? null : { status, trends });
}

/** `state` after `key`, where `rows` rows are shown at a time; or that the view is to end. */
export function pressed(state: WatchState, key: Key, rows: number): WatchState | "quit" {
  if (key.kind === "named" && key.name === "quit") return "quit";
  if (state.isTyping) return typed(state, key);
  if (state.isHelp) return { ...state, isHelp: false };
  return key.kind === "named" ? moved(state, key.name, rows) : ordered(state, key.text, rows);
}

/** A key while the filter is typed: it shows at once what it leaves. */
function typed(state: WatchState, key: Key): WatchState {
  const { filter } = state;
  if (key.kind === "text") {
    return { ...state, filter: (filter + key.text).slice(0, FILTER_MAX), top: 0 };
  }
  switch (key.name) {
    case "enter":
      return { ...state, isTyping: false };
    case "escape":
      return { ...state, filter: "", isTyping: false, top: 0 };
    case "erase":
      return { ...state, filter: [...filter].slice(0, -1).join(""), top: 0 };
    case "erase-all":
      return { ...state, filter: "", top: 0 };
    default:
      return state;
  }
}

function moved(state: WatchState, name: KeyName, rows: number): WatchState {
  const { top } = state;
  switch (name) {
    case "up":
      return { ...state, top: Math.max(0, top - 1) };
    case "down":
      return { ...state, top: top + 1 };
    case "page-up":
      return { ...state, top: Math.max(0, top - rows) };
    case "page-down":
      return { ...state, top: top + rows };
    case "home":
      return { ...state, top: 0 };
    case "end":
      return { ...state, top: Number.MAX_SAFE_INTEGER };
    case "next":
      return onPage(state, after(PAGES, state.page, 1));
    case "back":
      return onPage(state, after(PAGES, state.page, -1));
    case "escape":
      return { ...state, filter: "", top: 0 };
    default:
      return state;
  }
}

function ordered(state: WatchState, text: string, rows: number): WatchState | "quit" {
  switch (text) {
    case "q":
      return "quit";
    case "h":
    case "?":
      return { ...state, isHelp: true };
    case "/":
      return { ...state, isTyping: true };
    case "s":
      return { ...state, sort: after(SORTS, state.sort, 1), isReversed: false, top: 0 };
    case "S":
      return { ...state, sort: after(SORTS, state.sort, -1), isReversed: false, top: 0 };
    case "r":
      return { ...state, isReversed: !state.isReversed, top: 0 };
    case "p":
    case " ":
      return { ...state, frozen: state.frozen === null ? shownOf(state) : null };
    case "j":
      return moved(state, "down", rows);
    case "k":
      return moved(state, "up", rows);
    case "g":
      return moved(state, "home", rows);
    case "G":
      return moved(state, "end", rows);
    default: {
      const page = PAGES[Number(text) - 1];
      return page === undefined ? state : onPage(state, page);
    }
  }
}

function onPage(state: WatchState, page: Page): WatchState {
  return { ...state, page, top: 0 };
}

/** What comes `by` behind `one` in `all`, around the end. */
function after<Each>(all: readonly Each[], one: Each, by: number): Each {
  return all[(all.indexOf(one) + by + all.length) % all.length] ?? one;
}
