import test from "ava";
import type { AlarmStateName, Severity } from "../core/alarm.ts";
import type { AlarmEvent } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import { figuresOf, mostWithin, occurrencesIn } from "./figures.ts";
import { proposalsFor } from "./proposals.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Turn = readonly [at: number, to: AlarmStateName, value?: number];

/** The events of alarm `alarm`, whose limit is 50, by its turns. */
function eventsOf(alarm: string, turns: readonly Turn[], severity: Severity = "yellow") {
  let from: AlarmStateName = "normal";
  return turns.map(([at, to, value = null]): AlarmEvent => {
    const cause =
      to === "acknowledged" ? "acknowledged" : to === "unacknowledged" ? "high" : "returned";
    const common = { kind: "alarm", alarm, point: "p", unit: null, setpoint: 50 } as const;
    const event = { ...common, from, to, severity, value, cause, at: at as WallMs } as const;
    from = to;
    return { ...event, clock: "synced" };
  });
}

/** Comes at each of `times` and goes `forMs` later, back to `value`. */
function visits(times: readonly number[], forMs: number, value = 45): readonly Turn[] {
  return times.flatMap((at): Turn[] => [
    [at, "unacknowledged", 55],
    [at + forMs, "returned-unacknowledged", value],
  ]);
}

const every = (ms: number, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => from + i * ms);

function figures(turns: readonly Turn[], to = DAY, severity?: Severity) {
  return figuresOf(occurrencesIn(eventsOf("a", turns, severity)), 0, to);
}

test("an occurrence is from the call until its condition goes, an acknowledgement within it", (t) => {
  const all = occurrencesIn(
    eventsOf("a", [
      [10, "unacknowledged", 60],
      [20, "acknowledged"],
      [30, "normal", 40],
      [40, "unacknowledged", 60],
    ]),
  );
  t.like(all[0], { from: 10, to: 30, isAnswered: true, returned: 40 });
  t.like(all[1], { from: 40, to: null, isAnswered: false });
  t.is(all.length, 2);
});

test("what is shelved or suppressed calls nobody", (t) => {
  const all = occurrencesIn(
    eventsOf("a", [
      [10, "shelved"],
      [20, "shelved"],
      [30, "unacknowledged"],
      [40, "suppressed"],
    ]),
  );
  t.is(all.length, 1);
  t.like(all[0], { from: 30, to: 40 });
});

test("the load is counted for a day and an hour, and judged once there is so much time", (t) => {
  const busy = figures(visits(every(6 * MINUTE, 240), MINUTE));
  t.like(busy.perDay, { value: 240, good: false });
  t.like(busy.perHour, { value: 10, good: false });
  t.like(figures(visits(every(MINUTE, 3), SECOND), HOUR), {
    perDay: { value: 72, target: 150, good: null },
    perHour: { value: 3, target: 6, good: true },
  });
});

test("three in one minute chatter, two do not, nor do three in more", (t) => {
  t.deepEqual(figures(visits([0, 20_000, 59_999], SECOND)).chattering.length, 1);
  t.deepEqual(figures(visits([0, 20_000, 60_000], SECOND)).chattering.length, 0);
  t.deepEqual(figures(visits([0, 20_000], SECOND)).chattering.length, 0);
});

test("fleeting is what goes within a minute before anybody answered", (t) => {
  t.is(figures(visits([0], MINUTE - 1)).fleeting.length, 1);
  t.is(figures(visits([0], MINUTE)).fleeting.length, 0);
  const answered: Turn[] = [
    [0, "unacknowledged"],
    [5, "acknowledged"],
    [9, "normal"],
  ];
  t.is(figures(answered).fleeting.length, 0);
});

test("what has stood for more than a day is told with its time", (t) => {
  t.deepEqual(figures([[5, "unacknowledged"]], DAY + 6).standing, [{ alarm: "a", since: 5 }]);
  t.deepEqual(figures([[5, "unacknowledged"]], DAY + 5).standing, []);
});

test("a flood begins with ten in ten minutes and ends when four are left of them", (t) => {
  const flood = figures(visits(every(MINUTE, 12), SECOND));
  t.is(flood.floods, 1);
  t.like(flood.peak, { value: 10, good: true });
  t.is(Math.round(flood.flood.value * DAY), 17 * MINUTE, "the eighth of twelve is then ten old");
  t.is(figures(visits(every(MINUTE, 9), SECOND)).floods, 0);
  const two = [...every(MINUTE, 10), ...every(MINUTE, 10, HOUR)];
  t.is(figures(visits(two, SECOND)).floods, 2);
});

test("a flood that goes on is counted until now", (t) => {
  const burst = figures(visits(every(SECOND, 10), SECOND / 2), 3 * MINUTE);
  t.is(burst.flood.value, 1);
});

test("the ten most frequent are summed, and judged where there are alarms enough to spread", (t) => {
  const events = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      eventsOf(`a-${i}`, visits([i * MINUTE], SECOND)),
    ).flat();
  const topTen = (count: number) => figuresOf(occurrencesIn(events(count)), 0, DAY).topTen;
  t.like(topTen(20), { value: 0.5, good: null });
  t.is(topTen(400).good, true);
  t.is(topTen(200).value, 0.05);
});

test("the shares of the severities are judged once there are enough", (t) => {
  t.like(figures(visits(every(HOUR, 5), MINUTE), DAY, "red").severities.red, {
    value: 1,
    good: null,
  });
  t.is(figures(visits(every(HOUR, 20), MINUTE), DAY, "red").severities.red.good, false);
  t.is(figures(visits(every(HOUR, 20), MINUTE), DAY, "blue").severities.blue.good, true);
});

test("the most within a time is the fullest window, wherever it lies", (t) => {
  t.is(mostWithin([0, 50, 99, 100, 120], 100), 4);
  t.is(mostWithin([], 100), 0);
});

const proposed = (turns: readonly Turn[], severity?: Severity) =>
  proposalsFor(occurrencesIn(eventsOf("a", turns, severity)));

test("a chattering limit is proposed the deadband that its swing needs", (t) => {
  t.deepEqual(proposed(visits(every(15 * SECOND, 10), SECOND, 48.7)), [
    { alarm: "a", kind: "deadband", to: 1.4, saved: 10, of: 10 },
  ]);
});

test("where it swings too far for a deadband a longer off-delay is proposed", (t) => {
  t.deepEqual(proposed(visits(every(15 * SECOND, 10), SECOND, 5)), [
    { alarm: "a", kind: "offDelay", to: 15_000, saved: 9, of: 10 },
  ]);
});

test("a fleeting alarm is proposed an on-delay, a grave one never", (t) => {
  const turns = visits(every(HOUR, 6), 4500);
  t.deepEqual(proposed(turns), [{ alarm: "a", kind: "onDelay", to: 5000, saved: 6, of: 6 }]);
  t.deepEqual(proposed(turns, "red"), []);
});

test("a few alarms teach nothing", (t) => {
  t.deepEqual(proposed(visits([0, SECOND * 5], SECOND)), []);
});
