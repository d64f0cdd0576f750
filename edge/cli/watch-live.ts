import type { Status } from "../control/status.ts";
import type { Lang } from "../core/errors.ts";
import { draw } from "../watch/draw.ts";
import { type Key, keysIn } from "../watch/keys.ts";
import { changes, type Row, rowOf } from "../watch/screen.ts";
import { answered, firstState, pressed, unanswered } from "../watch/state.ts";
import { inBlack, inColour } from "../watch/style.ts";
import { SystemClock } from "../world/clock.ts";
import { openTerminal } from "../world/terminal.ts";
import { localTime } from "../world/wall-text.ts";
import { failureOf } from "./invocation.ts";

/** What is shown, and how. */
export type Watching = {
  readonly ask: () => Promise<Status>;
  /** How often it is asked, in milliseconds. */
  readonly everyMs: number;
  readonly lang: Lang;
  /** What must be in a row for it to be shown. */
  readonly filter: string;
};

/** Shows the gateway on the terminal until it is left or a signal comes; returns the exit code. */
export async function watchLive(watching: Watching): Promise<number> {
  const { ask, everyMs, lang, filter } = watching;
  const clock = new SystemClock();
  const end = new AbortController();
  let state = firstState(filter);
  let shown: readonly Row[] = [];
  let rows = 1;
  const terminal = openTerminal({
    onText: (text) => keysIn(text).forEach(press),
    onChanged: () => show("anew"),
    onEnd: () => end.abort(),
  });
  const paint = terminal.hasColours ? inColour : inBlack;

  function show(how: "anew" | "changes"): void {
    const { width, height } = terminal.size();
    const frame = { width, height, lang, now: clock.now(), timeOf: localTime };
    const picture = draw(state, frame);
    state = { ...state, top: picture.top };
    rows = picture.rows;
    const next = picture.lines.map((line) => rowOf(line, width));
    if (how === "anew") terminal.clear();
    terminal.write(changes(how === "anew" ? [] : shown, next, paint));
    shown = next;
  }

  function press(key: Key): void {
    const name = key.kind === "named" ? key.name : null;
    const next = pressed(state, key, rows);
    if (name === "suspend") terminal.suspend();
    else if (next === "quit") end.abort();
    else {
      state = next;
      show(name === "redraw" ? "anew" : "changes");
    }
  }

  try {
    show("anew");
    while (!end.signal.aborted) {
      state = await ask().then(
        (status) => answered(state, status),
        (error) => unanswered(state, failureOf(error, lang), clock.now()),
      );
      if (end.signal.aborted) break;
      if (terminal.isOpen()) show("changes");
      await clock.sleep(everyMs, end.signal).catch(() => {});
    }
    if (terminal.failure !== null) throw terminal.failure;
    return 0;
  } finally {
    terminal.close();
  }
}
