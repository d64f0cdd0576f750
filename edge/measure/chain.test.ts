import test from "ava";
import { type Measurement, NO_CHECKS } from "../core/measurement.ts";
import type { Quality, Value } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";
import { type ChainState, conditioned, FRESH, unfiltered } from "./chain.ts";
import type { Measured } from "./measured.ts";

const NOTHING: Measurement = {
  loop: null,
  curve: null,
  physics: null,
  calibration: null,
  filter: null,
  checks: NO_CHECKS,
  report: null,
};

const LOOP = { low: 0, high: 100, holdMs: 4000 };

const CALIBRATION = { on: "2026-05-01", by: null, due: null };

const DEPTH = {
  kind: "depth",
  pressure: "kPa",
  density: null,
  temperature: { kind: "point", point: "level-1.temp" },
  atmosphere: null,
  above: 0,
} as const;

const NO_OPERANDS = () => null;

function rawOf(value: Value | null, quality: Quality = "good") {
  return { value, quality };
}

/** What comes out for each value, a second apart, when all of them go in. */
function run(measurement: Partial<Measurement>, values: readonly (Value | null)[]) {
  let state: ChainState = FRESH;
  return values.map((value, second) => {
    const raw = rawOf(value, value === null ? "bad:timeout" : "good");
    const uptime = (second * 1000) as UptimeMs;
    const step = conditioned(raw, { ...NOTHING, ...measurement }, NO_OPERANDS, uptime, state);
    state = step.state;
    return `${step.value} ${step.quality}`;
  });
}

function once(
  measurement: Partial<Measurement>,
  raw: ReturnType<typeof rawOf>,
  operand: Measured | null = null,
): Measured {
  const whole = { ...NOTHING, ...measurement };
  return unfiltered(raw, whole, () => operand, 0 as UptimeMs, FRESH);
}

test("without steps a number passes as it is", (t) => {
  t.deepEqual(run({}, [0.1 + 0.2]), ["0.30000000000000004 good"]);
});

test("the steps are taken in the order current loop, curve, physics, calibration, filter", (t) => {
  const measurement: Partial<Measurement> = {
    loop: { low: 0, high: 16, holdMs: 0 },
    curve: { kind: "polynomial", coefficients: [0, 0, 1] },
    physics: { kind: "distance", height: 100 },
    calibration: { ...CALIBRATION, pairs: [[0, 1]] },
    filter: { kind: "mean", of: 2 },
  };
  // 6 mA are 2, 4 by the curve, 96 below the sensor, 97 calibrated; 8 mA are 85.
  t.deepEqual(run(measurement, [6, 8]), ["97 good", "91 good"]);
});

test("a value that is not known passes as it is, with its reason", (t) => {
  t.deepEqual(once({ loop: LOOP, physics: DEPTH }, rawOf(null, "bad:crc")), {
    value: null,
    quality: "bad:crc",
  });
});

test("nothing of before a bad value comes back after it", (t) => {
  t.deepEqual(run({ filter: { kind: "mean", of: 3 } }, [10, 20, null, 40]), [
    "10 good",
    "15 good",
    "null bad:timeout",
    "40 good",
  ]);
});

test("a failed loop empties the filter too", (t) => {
  t.deepEqual(run({ loop: LOOP, filter: { kind: "mean", of: 3 } }, [4, 12, 3.5, 20]), [
    "0 good",
    "25 good",
    "null bad:loop-fault",
    "100 good",
  ]);
});

test("a value is in doubt while a point that it needs is", (t) => {
  const uncertain: Measured = { value: 4, quality: "uncertain:stuck" };
  const result = once({ physics: DEPTH }, rawOf(100), uncertain);
  t.is(result.value?.toFixed(5), "10.19747");
  t.is(result.quality, "uncertain:input");
});

test("a value is not known where a point that it needs is not", (t) => {
  const unknown = { value: null, quality: "bad:input" };
  t.deepEqual(once({ physics: DEPTH }, rawOf(100), null), unknown);
  const failed: Measured = { value: null, quality: "bad:timeout" };
  t.deepEqual(once({ physics: DEPTH }, rawOf(100), failed), unknown);
});

test("the first reason for a doubt stays, and bad beats it", (t) => {
  const doubted = rawOf(100, "uncertain:rate");
  const uncertain: Measured = { value: 4, quality: "uncertain:stuck" };
  t.is(once({ physics: DEPTH }, doubted, uncertain).quality, "uncertain:rate");
  t.is(once({ physics: DEPTH }, doubted, null).quality, "bad:input");
});

test("beyond the pairs of a table the value is not known", (t) => {
  const curve = {
    kind: "table",
    pairs: [
      [0, 0],
      [10, 5],
    ],
  } as const;
  t.deepEqual(run({ curve }, [10, 10.01, -0.01]), [
    "5 good",
    "null bad:out-of-range",
    "null bad:out-of-range",
  ]);
});

test("what is not finite is not known", (t) => {
  const curve = { kind: "polynomial", coefficients: [0, 1e300] } as const;
  t.deepEqual(run({ curve }, [1e300, Number.NaN]), [
    "null bad:not-a-number",
    "null bad:not-a-number",
  ]);
});

test("a 64-bit value becomes the nearest number, and what is none is refused", (t) => {
  t.deepEqual(run({ calibration: { ...CALIBRATION, pairs: [[0, 0]] } }, [2n ** 60n, true, "12"]), [
    `${2 ** 60} good`,
    "null bad:not-a-number",
    "null bad:not-a-number",
  ]);
});

test("who asks once gets the value before the filter, by the loop's state of then", (t) => {
  const measurement: Measurement = { ...NOTHING, loop: LOOP, filter: { kind: "mean", of: 3 } };
  const ask = (mA: number, state: ChainState) =>
    unfiltered(rawOf(mA), measurement, NO_OPERANDS, 5000 as UptimeMs, state);
  const { state } = conditioned(rawOf(4), measurement, NO_OPERANDS, 0 as UptimeMs, FRESH);
  t.deepEqual(ask(12, state), { value: 50, quality: "good" });
  t.is(ask(3.7, state).quality, "uncertain:loop-fault");
  const failed = conditioned(rawOf(3.5), measurement, NO_OPERANDS, 0 as UptimeMs, FRESH);
  t.is(ask(3.7, failed.state).quality, "bad:loop-fault");
});

test("a timeout while a current is between does not begin its hold anew", (t) => {
  t.deepEqual(run({ loop: { ...LOOP, holdMs: 2000 } }, [3.7, null, 3.7]), [
    "-1.875 uncertain:loop-fault",
    "null bad:timeout",
    "null bad:loop-fault",
  ]);
});
