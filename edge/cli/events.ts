import { existsSync } from "node:fs";
import { join } from "node:path";
import { eventOf } from "../../buffer/event-text.ts";
import { Reader } from "../../buffer/reader.ts";
import { walk } from "../../buffer/walk.ts";
import type { Event } from "../core/event.ts";
import { toJson } from "../core/json.ts";
import { SystemClock } from "../world/clock.ts";
import { wallTime } from "../world/wall-text.ts";
import { sayAlarms } from "./alarms-text.ts";
import { endSignal } from "./end-signal.ts";
import { eventTeller } from "./event-lines.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { pointPattern } from "./point-pattern.ts";
import { quickPlace } from "./quick-status.ts";
import { sayRecord } from "./record-text.ts";
import { refuse } from "./refuse.ts";

/** The kinds of events that there are. */
export const KINDS = [
  ...(["alarm", "write", "interlock", "gateway", "bus", "device"] as const),
  ...(["buffer", "destination", "command"] as const),
] as const satisfies readonly Event["kind"][];

/** So many are shown where no time is asked for. */
const NEWEST = 200;
/** How often it is looked for more, in milliseconds. */
const LOOK_EVERY_MS = 500;

/** An event as it is stored; null where it cannot be read. */
export type Stored = { readonly seq: number; readonly event: Event | null };

/** Which events are asked for; times in Unix milliseconds. */
export type Wanted = {
  readonly from: number;
  readonly to: number;
  readonly kinds: ReadonlySet<string> | null;
  readonly isPoint: ((point: string) => boolean) | null;
};

/** `lifeline events`: what is stored of them, beside the running gateway or without one. */
export async function events(invocation: Invocation): Promise<number> {
  const { operands, command = "", lang, database } = invocation;
  if (operands.length > 0) return misuse(sayRecord(lang, "noOperands", { command }), invocation);
  const wanted = wantedBy(invocation);
  if ("mistake" in wanted) return misuse(wanted.mistake, invocation);
  const file = database ?? (await databaseOf(invocation));
  if (file === null) return 1;
  if (!existsSync(file)) return refuse(sayAlarms(lang, "noDatabase", { file }), invocation);
  const reader = new Reader(file);
  try {
    await show(reader, wanted, invocation);
    return 0;
  } finally {
    reader.close();
  }
}

/** Path of the database; null where the configuration cannot be used, which is told. */
async function databaseOf(invocation: Invocation): Promise<string | null> {
  const place = await quickPlace(invocation.config);
  if (place !== null) return place.database;
  const { usableConfig } = await import("./usable-config.ts");
  const config = await usableConfig(invocation);
  return config && join(config.buffer.dir, "lifeline.db");
}

async function show(
  reader: Reader,
  wanted: Wanted,
  { lang, json, from, to, follow }: Invocation,
): Promise<void> {
  const tell = eventTeller(lang);
  const clock = new SystemClock();
  const showOne = ({ seq, event }: Stored) => {
    if (json) print(toJson({ seq, ...event }));
    else if (event === null) complain(sayRecord(lang, "damaged", { seq }));
    else for (const line of tell(event)) print(line);
  };
  const stored = [...eventsFrom(reader, 1, wanted)];
  const isOpen = from === undefined && to === undefined;
  for (const each of isOpen ? stored.slice(-NEWEST) : stored) showOne(each);
  if (stored.length === 0 && !json && follow === undefined) print(sayRecord(lang, "noEvents"));
  let next = reader.span("events").to + 1;
  for (const end = follow && endSignal(); end?.aborted === false; ) {
    await clock.sleep(LOOK_EVERY_MS, end).catch(() => {});
    for (const each of eventsFrom(reader, next, wanted)) showOne(each);
    next = Math.max(next, reader.span("events").to + 1);
  }
}

/** The stored events from `seq` on that are `wanted`, in order, and those that cannot be read. */
export function* eventsFrom(reader: Reader, seq: number, wanted: Wanted): Generator<Stored, void> {
  const span = reader.span("events");
  const range = { from: Math.max(seq, span.from), to: span.to };
  for (const { rows } of walk(reader, "events", range)) {
    for (const { seq, row } of rows) {
      const event = row && eventOf(row.body);
      const told = event && timed(reader, seq, event);
      if (told === null || isWanted(told, wanted)) yield { seq, event: told };
    }
  }
}

/** `event` with the time that was learnt for it since. */
function timed(reader: Reader, seq: number, event: Event): Event {
  if (event.clock === "synced") return event;
  return { ...event, at: (reader.atOf("events", seq) ?? event.at) as Event["at"] };
}

function isWanted(event: Event, { from, to, kinds, isPoint }: Wanted): boolean {
  if (event.at < from || event.at > to) return false;
  if (kinds !== null && !kinds.has(event.kind)) return false;
  return isPoint === null || ("point" in event && isPoint(event.point));
}

/** What the options ask for, or what is wrong with them. */
export function wantedBy(invocation: Invocation): Wanted | { readonly mistake: string } {
  const { lang, kind, point } = invocation;
  const times = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  for (const bound of ["from", "to"] as const) {
    const text = invocation[bound];
    const at = text === undefined ? times[bound] : wallTime(text, new SystemClock().now());
    if (at === null) {
      const parameters = { option: `--${bound}`, text: text ?? "" };
      return { mistake: sayAlarms(lang, "noTime", parameters) };
    }
    times[bound] = at;
  }
  const kinds = kind?.split(",").map((each) => each.trim()) ?? null;
  const odd = kinds?.find((each) => !KINDS.some((known) => known === each));
  if (odd !== undefined) {
    const parameters = { kind: odd, kinds: KINDS.join(", ") };
    return { mistake: sayRecord(lang, "unknownKind", parameters) };
  }
  const isPoint = point === undefined ? null : pointPattern(point);
  return { ...times, kinds: kinds && new Set(kinds), isPoint };
}
