import type { LogEntry, LogPage } from "../control/log-ring.ts";
import type { Lang } from "../core/errors.ts";
import { SystemClock } from "../world/clock.ts";
import { callControl, isNobodyThere } from "../world/control-socket.ts";
import { journalLines, UNIT } from "../world/journal.ts";
import { jsonLine, textLine } from "../world/log-line.ts";
import { wallTime } from "../world/wall-text.ts";
import type { LogLevel } from "../world.ts";
import { sayAlarms } from "./alarms-text.ts";
import { endSignal } from "./end-signal.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { sayOffline } from "./offline-text.ts";
import { type QuickPlace, quickPlace } from "./quick-status.ts";
import { sayRecord } from "./record-text.ts";

const LEVELS = ["info", "warn", "error"] as const satisfies readonly LogLevel[];
/** How often the gateway is asked for more, in milliseconds. */
const ASK_EVERY_MS = 500;

/** Which lines are asked for: from `since` on, in Unix milliseconds, and at least so grave. */
type Wanted = { readonly since: number | null; readonly level: LogLevel };

/** `lifeline log`: the newest lines of the gateway's log; 1 where no gateway runs. */
export async function log(invocation: Invocation): Promise<number> {
  const { operands, command = "", lang } = invocation;
  if (operands.length > 0) return misuse(sayRecord(lang, "noOperands", { command }), invocation);
  const wanted = wantedBy(invocation);
  if ("mistake" in wanted) return misuse(wanted.mistake, invocation);
  const place = await placeOf(invocation);
  if (place === null) return 1;
  const { socket, gateway } = place;
  try {
    await follow(socket, wanted, invocation);
    return 0;
  } catch (error) {
    if (!isNobodyThere(error)) throw error;
    complain(sayOffline(lang, "isDown", { gateway }));
    await showJournal(wanted, lang);
    return 1;
  }
}

/** Where the gateway is; null where the configuration cannot be used, which is told. */
async function placeOf(
  invocation: Invocation,
): Promise<Pick<QuickPlace, "gateway" | "socket"> | null> {
  const place = await quickPlace(invocation.config);
  if (place !== null) return place;
  const { usableConfig } = await import("./usable-config.ts");
  const config = await usableConfig(invocation);
  return config && { gateway: config.gateway.id, socket: config.control.socket };
}

function wantedBy({ lang, level = "info", since }: Invocation): Wanted | { mistake: string } {
  const known = LEVELS.find((each) => each === level);
  if (known === undefined) return { mistake: sayRecord(lang, "unknownLevel", { level }) };
  if (since === undefined) return { since: null, level: known };
  const at = wallTime(since, new SystemClock().now());
  if (at === null) {
    return { mistake: sayAlarms(lang, "noTime", { option: "--since", text: since }) };
  }
  return { since: at, level: known };
}

/** Every line that the gateway keeps from line `from` on (null: the oldest), page by page. */
export async function* linesOf(
  socket: string,
  from: number | null,
): AsyncGenerator<LogPage, number> {
  for (let next = from; ; ) {
    const page = (await callControl(socket, "log", { from: next })) as LogPage;
    yield page;
    if (page.lines.length === 0) return page.next;
    next = page.next;
  }
}

/** Shows what there is and, where that is asked for, what comes; throws where nobody answers. */
async function follow(socket: string, wanted: Wanted, invocation: Invocation): Promise<void> {
  const { lang, follow: isToFollow } = invocation;
  const clock = new SystemClock();
  const end = isToFollow && endSignal();
  let from: number | null = null;
  let run: number | null = null;
  for (;;) {
    try {
      for await (const page of linesOf(socket, from)) {
        const isAnother: boolean = run !== null && run !== page.since;
        run = page.since;
        from = isAnother ? null : page.next;
        // Its lines have other numbers.
        if (isAnother) break;
        if (page.missed > 0) complain(sayRecord(lang, "logMissed", { count: page.missed }));
        show(page.lines, wanted, invocation);
      }
    } catch (error) {
      if (run === null || !isNobodyThere(error)) throw error;
      complain(sayRecord(lang, "logGone"));
      await waitFor(socket, clock, end);
    }
    if (end === undefined || end.aborted) return;
    await clock.sleep(ASK_EVERY_MS, end).catch(() => {});
  }
}

/** Waits until a gateway serves `socket`, or `end` aborts. */
async function waitFor(
  socket: string,
  clock: SystemClock,
  end: AbortSignal | undefined,
): Promise<void> {
  while (end?.aborted === false) {
    try {
      await callControl(socket, "version");
      return;
    } catch (error) {
      if (!isNobodyThere(error)) throw error;
    }
    await clock.sleep(ASK_EVERY_MS, end).catch(() => {});
  }
}

function show(lines: readonly LogEntry[], { since, level }: Wanted, { json }: Invocation): void {
  const least = LEVELS.indexOf(level);
  for (const line of lines) {
    if (LEVELS.indexOf(line.level) < least || (since !== null && line.at < since)) continue;
    print(json ? jsonLine(line) : textLine(line));
  }
}

/** What the journal has is lines already, for people or for programs, as `lifeline run` was told. */
async function showJournal({ since, level }: Wanted, lang: Lang): Promise<void> {
  const lines = await journalLines(since);
  if (lines.length === 0) {
    complain(sayRecord(lang, "noJournal", { unit: UNIT }));
    return;
  }
  complain(sayRecord(lang, "logFromJournal"));
  const quieter = LEVELS.slice(0, LEVELS.indexOf(level));
  for (const line of lines) {
    if (!quieter.some((each) => levelOf(line) === each)) print(line);
  }
}

/** The level that a line of the log names; null where it names none. */
function levelOf(line: string): string | null {
  return /^\S+Z (info|warn|error)\b|"level":"(info|warn|error)"/.exec(line)?.find(isLevel) ?? null;
}

function isLevel(text: string | undefined): boolean {
  return LEVELS.some((each) => each === text);
}
