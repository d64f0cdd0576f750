import test from "ava";
import { type Criterion, verdictOf, votedBy } from "./alarm-condition.ts";
import type { Value } from "./reading.ts";

const judged = (criterion: Criterion, values: readonly (Value | null)[], deadband = 0) =>
  values.map((value) => verdictOf(criterion, deadband, value));

test("a high limit trips at its setpoint and is back a deadband below, exactly", (t) => {
  const high = { limit: "high", setpoint: 80 } as const;
  t.deepEqual(judged(high, [80, 79.9, 75, 74.9], 5), ["tripped", "between", "back", "back"]);
  t.deepEqual(judged(high, [80, 79.9]), ["tripped", "back"]);
});

test("a low limit trips at its setpoint and is back a deadband above, exactly", (t) => {
  const low = { limit: "low", setpoint: 20 } as const;
  t.deepEqual(judged(low, [20, 20.1, 25, 25.1], 5), ["tripped", "between", "back", "back"]);
});

test("equal trips only at the very value, whatever its deadband", (t) => {
  t.deepEqual(judged({ limit: "equal", setpoint: 3 }, [Number.NaN], 5), ["unknown"]);
  t.deepEqual(judged({ limit: "equal", setpoint: 3 }, [3, 3n, 3.001], 5), [
    ...(["tripped", "tripped", "back"] as const),
  ]);
  t.deepEqual(judged({ limit: "equal", setpoint: true }, [true, 1, false, 0]), [
    ...(["tripped", "tripped", "back", "back"] as const),
  ]);
  t.deepEqual(judged({ limit: "equal", setpoint: "STOP" }, ["STOP", "stop", 1]), [
    ...(["tripped", "back", "back"] as const),
  ]);
});

test("what is not known, a NaN and a text prove nothing to a limit", (t) => {
  const high = { limit: "high", setpoint: 80 } as const;
  t.deepEqual(judged(high, [null, Number.NaN, "90"]), ["unknown", "unknown", "unknown"]);
});

test("two of three votes trip", (t) => {
  t.deepEqual(votedBy([true, false, true], 2, "as-tripped"), { verdict: "tripped", count: 2 });
  t.deepEqual(votedBy([true, false, false], 2, "as-tripped"), { verdict: "back", count: 1 });
});

test("a bad input counts as tripped, as not, or makes the vote smaller", (t) => {
  const of = (inputs: readonly (boolean | null)[], unknown: "as-tripped" | "as-not" | "left-out") =>
    votedBy(inputs, 2, unknown).verdict;
  t.is(of([true, null, false], "as-tripped"), "tripped");
  t.is(of([null, null, false], "as-tripped"), "tripped");
  t.is(of([true, null, false], "as-not"), "back");
  t.is(of([null, null, null], "as-not"), "back");
  t.is(of([true, null, false], "left-out"), "back");
  t.is(of([true, null, true], "left-out"), "tripped");
  t.is(of([true, null, null], "left-out"), "tripped", "the last one decides alone");
  t.is(of([null, null, null], "left-out"), "unknown");
});
