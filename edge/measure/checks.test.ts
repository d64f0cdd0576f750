import test from "ava";
import { type Checks, NO_CHECKS } from "../core/measurement.ts";
import type { Quality } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";
import { type CheckState, type Circumstances, checked, UNCHECKED } from "./checks.ts";

const CALM: Circumstances = { device: null, isOverdue: false };

/** What becomes of good values that come a second apart, each as `value quality`. */
function course(checks: Partial<Checks>, values: readonly (number | null)[], everyMs = 1000) {
  let state: CheckState = UNCHECKED;
  return values.map((value, i) => {
    const input = { value, quality: value === null ? ("bad:crc" as const) : ("good" as const) };
    const uptime = (i * everyMs) as UptimeMs;
    const all = { ...NO_CHECKS, ...checks };
    const { state: after, ...output } = checked(input, uptime, all, CALM, state);
    state = after;
    return `${output.value} ${output.quality}`;
  });
}

/** What becomes of one value. */
function once(
  checks: Partial<Checks>,
  value: number,
  {
    quality = "good" as Quality,
    ...circumstances
  }: Partial<Circumstances & { quality: Quality }> = {},
) {
  const all = { ...NO_CHECKS, ...checks };
  const about = { ...CALM, ...circumstances };
  return checked({ value, quality }, 0 as UptimeMs, all, about, UNCHECKED);
}

test("a value that nothing speaks against is good", (t) => {
  t.deepEqual(course({}, [1, 2, 1e9]), ["1 good", "2 good", "1000000000 good"]);
});

test("beyond the range a value is uncertain and keeps its value; the ends belong to it", (t) => {
  const values = course({ range: [0, 100] }, [0, 100, 100.1, -0.1]);
  t.deepEqual(values.slice(0, 2), ["0 good", "100 good"]);
  t.deepEqual(values.slice(2), ["100.1 uncertain:out-of-range", "-0.1 uncertain:out-of-range"]);
});

test("what cannot be is bad and has no value, also where it is beyond the range too", (t) => {
  const { value, quality } = once({ range: [0, 100], plausible: [-10, 120] }, 120.5);
  t.is(value, null);
  t.is(quality, "bad:out-of-range");
  t.is(once({ range: [0, 100], plausible: [-10, 120] }, 110).quality, "uncertain:out-of-range");
});

test("a value that rests is uncertain from then on until it moves by more than the resolution", (t) => {
  const stuck = { forMs: 3000, resolution: 0.1 };
  t.deepEqual(course({ stuck }, [5, 5.1, 5, 4.95, 5.05, 5.2, 5.2]), [
    "5 good",
    "5.1 good",
    "5 good",
    "4.95 uncertain:stuck",
    "5.05 uncertain:stuck",
    "5.2 good",
    "5.2 good",
  ]);
});

test("a slow drift is no rest: it is compared with where the rest began", (t) => {
  const stuck = { forMs: 3000, resolution: 0.1 };
  const drift = [5, 5.06, 5.12, 5.18, 5.24, 5.3, 5.36];
  t.true(course({ stuck }, drift).every((each) => each.endsWith("good")));
});

test("a value that is not known passes as it is and proves no movement", (t) => {
  const stuck = { forMs: 3000, resolution: 0 };
  t.deepEqual(course({ stuck }, [5, null, 5, 5]), [
    "5 good",
    "null bad:crc",
    "5 good",
    "5 uncertain:stuck",
  ]);
});

test("of several reasons the device's counts first, then the steps', then those of the value", (t) => {
  const range = [0, 10] as const;
  const device = "out-of-specification" as const;
  const quality = "uncertain:loop-fault" as const;
  t.is(once({ range }, 20, { device, quality }).quality, "uncertain:out-of-specification");
  t.is(once({ range }, 20, { quality }).quality, "uncertain:loop-fault");
  t.is(once({ range }, 20, { isOverdue: true }).quality, "uncertain:out-of-range");
  t.is(once({ range }, 5, { isOverdue: true }).quality, "uncertain:calibration");
  t.is(once({ plausible: range }, 20, { device, quality }).quality, "bad:out-of-range");
});
