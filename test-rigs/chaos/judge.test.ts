import test from "ava";
import type { Archived } from "./archive.ts";
import {
  findBrokenContract,
  findDifference,
  findHoles,
  findUntrue,
  findWrongAlarms,
  holesIn,
} from "./judge.ts";
import { LEVELS, levelIn, phaseAt, type Truth } from "./plant.ts";
import { contentOf } from "./rows.ts";

const BEGUN = 1_790_000_000_000;
const NEVER: readonly number[] = [];
/** The gas turns at 10 and at 20 seconds. */
const TRUTH: Truth = {
  begun: BEGUN,
  turns: { tank: NEVER, "gas-1": [BEGUN + 10_000, BEGUN + 20_000], "gas-2": NEVER, "gas-3": NEVER },
};
const STREAM = { v: 1, gateway: "gw-chaos", stream: "s", clock: "synced" } as const;

const archived = (topic: string, message: object): Archived => ({
  topic: `lifeline/v1/gw-chaos/${topic}`,
  payload: Buffer.from(JSON.stringify(message)),
});

/** The reading of second `s`, which came `offMs` later than its time says. */
function reading(s: number, { seq = s, at = BEGUN + s * 1_000, told = s * 1_000, more = {} } = {}) {
  const level = levelIn(phaseAt(TRUTH, "gas-1", BEGUN + told));
  const series = [
    { point: "gas-1.t", t: [0], v: [told] },
    { point: "gas-1.level", t: [0], v: [level] },
  ];
  return archived("readings", { ...STREAM, seq, at, series, ...more });
}

function alarm(
  s: number,
  seq: number,
  value: number = levelIn(phaseAt(TRUTH, "gas-1", BEGUN + s * 1_000)),
) {
  const [from, to] =
    value === LEVELS.high
      ? ["normal", "unacknowledged"]
      : ["unacknowledged", "returned-unacknowledged"];
  const rest = { point: "gas-1.level", severity: "red", setpoint: LEVELS.setpoint, cause: "high" };
  const head = { ...STREAM, seq, at: BEGUN + s * 1_000, kind: "alarm", alarm: "gas-1-high" };
  return archived("events", { ...head, from, to, value, ...rest });
}

const FAREWELL = archived("status", { v: 1, gateway: "gw-chaos", state: "offline" });
const SECONDS = Array.from({ length: 30 }, (_, i) => i + 1);
const WHOLE = [...SECONDS.map((s) => reading(s)), alarm(10, 1), alarm(20, 2), FAREWELL];
const HEADS = { readings: 30, events: 2 };

/** All that is found in `archive`. */
function found(archive: readonly Archived[], excused: Parameters<typeof holesIn>[2] = []) {
  const { readings, alarms } = contentOf(archive, []);
  return [
    ...findBrokenContract(archive, HEADS),
    ...findUntrue(readings, TRUTH),
    ...findHoles(holesIn(readings, TRUTH, excused)),
    ...findWrongAlarms(readings, alarms, TRUTH),
  ];
}

const without = (...seqs: readonly number[]) => WHOLE.filter((_, i) => !seqs.includes(i + 1));

test("what is whole, in any order and with repetitions, is clean", (t) => {
  t.deepEqual(found(WHOLE), []);
  t.deepEqual(found([...WHOLE.toReversed().slice(1), ...WHOLE]), []);
});

test("a message that never came is missing, also behind the last one that did", (t) => {
  t.regex(found(without(5))[0] ?? "", /1 readings are missing, the first 5/);
  t.regex(found(without(30)).join(), /readings came up to 29, and 30 are stored/);
});

test("a key with other bytes is wrong, at one centre and between two", (t) => {
  const other = reading(5, { told: 5_001 });
  t.regex(found([...WHOLE, other]).join(), /1 keys of readings came with other bytes/);
  t.deepEqual(findDifference(WHOLE, WHOLE), []);
  t.regex(findDifference(WHOLE, [other]).join(), /readings s\/5 is not the same at both centres/);
});

test("a reading that is stored under two keys is there twice", (t) => {
  const again = reading(5, { seq: 31 });
  t.regex(
    found([...WHOLE, again]).join(),
    /gas-1.t of .* is stored behind a later one, in 30 and 31/,
  );
});

test("a value that bears another time than its own is not true", (t) => {
  const late = reading(5, { told: 1_000 });
  t.regex(found(WHOLE.with(4, late)).join(), /gas-1.t in 5 bears .* 4000 ms off/);
  const unknown = reading(5, { told: 1_000, more: { clock: "unsynced" } });
  t.deepEqual(found(WHOLE.with(4, unknown)), [], "of a time that is not known nothing is promised");
});

test("a level that the device never had is not true", (t) => {
  const series = [
    { point: "gas-1.t", t: [0], v: [5_000] },
    { point: "gas-1.level", t: [0], v: [11] },
  ];
  t.regex(found(WHOLE.with(4, reading(5, { more: { series } }))).join(), /is 11, and was 10/);
});

test("a time without readings is a hole unless the gateway did not run", (t) => {
  const renumbered = [...SECONDS.filter((s) => s < 3 || s > 15)].map((s, i) =>
    reading(s, { seq: i + 1 }),
  );
  const archive = [...renumbered, alarm(15, 1), alarm(20, 2), FAREWELL];
  t.regex(found(archive).join(), /gas-1 was not read from .*:22.* to .*:36/);
  const down = { from: BEGUN + 3_000, to: BEGUN + 12_000, why: "killed" };
  t.notRegex(found(archive, [down]).join(), /was not read/);
  const { readings } = contentOf(archive, []);
  t.deepEqual(
    holesIn(readings, TRUTH, [down]).map(({ from, to, why }) => [from - BEGUN, to - BEGUN, why]),
    [[2_000, 16_000, "killed"]],
    "what it cost is told",
  );
});

test("a turn that was read and not told is missing, one that was not is told wrongly", (t) => {
  const untold = WHOLE.filter((_, i) => i !== 30);
  t.regex(found(untold).join(), /gas-1: turn 1 was read, and no event tells it/);
  const wrong = [...WHOLE, alarm(5, 3, LEVELS.high)];
  t.regex(found(wrong).join(), /gas-1: an event of .* tells 90, which was not/);
});

test("an alarm that is told twice is wrong", (t) => {
  const twice = [
    ...SECONDS.map((s) => reading(s)),
    alarm(10, 1),
    alarm(11, 2),
    alarm(20, 3),
    FAREWELL,
  ];
  t.regex(found(twice).join(), /gas-1: turn 1 is told behind 1/);
});

test("an event of a clock that was off is taken for when it was", (t) => {
  const off = { ...JSON.parse(Buffer.from(alarm(10, 1).payload).toString()), clock: "unsynced" };
  const event = archived("events", { ...off, at: off.at + 3_600_000 });
  const span = { from: BEGUN + 8_000, to: BEGUN + 12_000, why: "", offMs: 3_600_000 };
  t.is(contentOf([event], [span]).alarms[0]?.at, BEGUN + 10_000);
});
