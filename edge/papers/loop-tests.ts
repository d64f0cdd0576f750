import { isActive } from "../core/alarm.ts";
import type { AlarmEvent, Event, InterlockEvent } from "../core/event.ts";
import type { Commissioning } from "./commissioning.ts";

type AlarmLoop = Pick<
  Commissioning["alarms"][number],
  "raised" | "lastRaised" | "lastReturned" | "acknowledgedBy" | "tested"
>;
type InterlockLoop = Pick<
  Commissioning["interlocks"][number],
  "tests" | "lastTest" | "trips" | "lastTrip" | "tested"
>;

/** What stored events tell of the tests of alarms and interlocks, by their names. */
export type LoopTests = {
  readonly alarms: ReadonlyMap<string, AlarmLoop>;
  readonly interlocks: ReadonlyMap<string, InterlockLoop>;
  /** The time of the first event, or null. */
  readonly from: number | null;
};

/** An alarm of which nothing is stored, and an interlock. */
export const UNTRIED: AlarmLoop & InterlockLoop = {
  ...{ raised: 0, lastRaised: null, lastReturned: null, acknowledgedBy: null },
  ...{ tests: 0, lastTest: null, trips: 0, lastTrip: null, tested: false },
};

/** Follows `events`, in the order in which they were stored. */
export function loopTestsIn(events: Iterable<Event>): LoopTests {
  const alarms = new Map<string, AlarmLoop>();
  const interlocks = new Map<string, InterlockLoop>();
  let from: number | null = null;
  for (const event of events) {
    from ??= event.at;
    if (event.kind === "alarm") {
      alarms.set(event.alarm, afterAlarm(alarms.get(event.alarm) ?? UNTRIED, event));
    } else if (event.kind === "interlock") {
      const { interlock } = event;
      interlocks.set(interlock, afterInterlock(interlocks.get(interlock) ?? UNTRIED, event));
    }
  }
  return { alarms, interlocks, from };
}

function afterAlarm(loop: AlarmLoop, { from, to, cause, at, value, who }: AlarmEvent): AlarmLoop {
  if (cause === "acknowledged") return { ...loop, acknowledgedBy: who ?? loop.acknowledgedBy };
  if (cause === "returned") return { ...loop, lastReturned: at, tested: loop.raised > 0 };
  if (!isActive(to) || isActive(from)) return loop;
  const read = typeof value === "bigint" ? Number(value) : value;
  return { ...loop, raised: loop.raised + 1, lastRaised: { at, value: read } };
}

function afterInterlock(loop: InterlockLoop, event: InterlockEvent): InterlockLoop {
  const { from, to, cause, at, by, who, reason } = event;
  if (to === "testing" && from !== "testing") {
    const lastTest = { at, who: who ?? "", outcome: "unfinished" as const };
    return { ...loop, tests: loop.tests + 1, lastTest, tested: false };
  }
  if (to === "tripping" && from !== "tripping" && (cause === "alarm" || cause === "fault")) {
    const tripped = { ...loop, trips: loop.trips + 1, lastTrip: { at, by } };
    return isTesting(loop) ? ended(tripped, "interrupted") : tripped;
  }
  // A trip proves as much as a test, once the output was found to obey.
  if (to === "tripped" && reason === undefined) return { ...loop, tested: true };
  if (!isTesting(loop) || to === "testing") return loop;
  // How an output fails is told once, on the way: what follows cannot make the test good.
  if (reason !== undefined || to === "not-obeying") return ended(loop, "failed");
  if (to === "releasing") return loop;
  return ended(loop, to === "idle" && cause !== "shared" ? "done" : "interrupted");
}

function isTesting({ lastTest }: InterlockLoop): boolean {
  return lastTest?.outcome === "unfinished";
}

type Outcome = "done" | "failed" | "interrupted";

function ended(loop: InterlockLoop, outcome: Outcome): InterlockLoop {
  const lastTest = loop.lastTest && { ...loop.lastTest, outcome };
  return { ...loop, lastTest, tested: outcome === "done" };
}
