import { toJson } from "../core/json.ts";
import { block } from "../watch/draw.ts";
import type { Frame } from "../watch/frame.ts";
import { goneLines } from "../watch/head.ts";
import { type Line, textOf } from "../watch/line.ts";
import { answered, firstState, shownOf, unanswered, type WatchState } from "../watch/state.ts";
import { SystemClock } from "../world/clock.ts";
import { localTime } from "../world/wall-text.ts";
import { endSignal } from "./end-signal.ts";
import { faultsOf } from "./faults.ts";
import { failureOf, print } from "./invocation.ts";
import type { Watching } from "./watch-live.ts";

/** The width of a block where there is no terminal, in cells. */
const PAGE_WIDTH = 80;

/** How to show the gateway where nothing can move. */
export type PlainWatching = Watching & {
  readonly json: boolean;
  readonly once: boolean;
  /** Of the terminal, in cells; left out where there is none. */
  readonly width?: number | undefined;
};

/**
 * Prints a block of text, or a status as JSON, again and again until a signal; or once, then with 1
 * where something is wrong. Throws what the first call throws; later it waits for the gateway.
 */
export async function watchPlain(watching: PlainWatching): Promise<number> {
  const { ask, everyMs, once, json, lang, filter } = watching;
  const clock = new SystemClock();
  const end = endSignal();
  let state = firstState(filter);
  for (;;) {
    const status = await ask().catch((error) => {
      if (state.status === null) throw error;
      const hasGone = state.gone === null;
      state = unanswered(state, failureOf(error, lang), clock.now());
      if (hasGone) tellGone(state, watching, frameOf(watching, clock.now()));
      return null;
    });
    if (status !== null) {
      state = answered(state, status);
      if (json) print(toJson(status));
      else tell(state, frameOf(watching, clock.now()));
    }
    if (once) return status === null || faultsOf(status).length > 0 ? 1 : 0;
    if (!json) print("");
    await clock.sleep(everyMs, end).catch(() => {});
    if (end.aborted) return 0;
  }
}

function frameOf({ lang, width = PAGE_WIDTH }: PlainWatching, now: number): Frame {
  return { width, height: 0, lang, now, timeOf: localTime };
}

function tell(state: WatchState, frame: Frame): void {
  const shown = shownOf(state);
  if (shown !== null) printLines(block(state, shown, frame));
}

function tellGone({ gone }: WatchState, { json }: PlainWatching, frame: Frame): void {
  if (gone === null) return;
  const { code, meaning, message, advice } = gone.failure;
  if (json) print(toJson({ error: { code, meaning, message, advice } }));
  else printLines(goneLines(gone, frame));
}

function printLines(lines: readonly Line[]): void {
  for (const line of lines) print(textOf(line));
}
