import test from "ava";
import type { Checks, Filter } from "../core/measurement.ts";
import type { UptimeMs } from "../core/time.ts";
import { type CalmState, calmed, UNRATED } from "./calm.ts";
import { EMPTY } from "./filter.ts";

/** What becomes of good values that come a second apart, each as `value quality`. */
function course(
  { maxRate, filter = null }: Pick<Checks, "maxRate"> & { readonly filter?: Filter | null },
  values: readonly (number | null)[],
) {
  let state: CalmState = { rate: UNRATED, filter: EMPTY };
  return values.map((value, i) => {
    const input = { value, quality: value === null ? ("bad:crc" as const) : ("good" as const) };
    const step = calmed(input, { maxRate }, filter, (i * 1000) as UptimeMs, state);
    state = step.state;
    return `${step.output.value} ${step.output.quality}`;
  });
}

const ONE_A_SECOND = { change: 1, inMs: 1000 };

test("a single jump is uncertain, and what comes back to where it was is good at once", (t) => {
  const maxRate = ONE_A_SECOND;
  t.deepEqual(course({ maxRate }, [5, 9, 5.2]), ["5 good", "9 uncertain:rate", "5.2 good"]);
});

test("a real step is good as soon as the next value agrees with it", (t) => {
  const maxRate = ONE_A_SECOND;
  t.deepEqual(course({ maxRate }, [5, 9, 9.4, 9.1]), [
    "5 good",
    "9 uncertain:rate",
    "9.4 good",
    "9.1 good",
  ]);
});

test("two jumps that do not agree leave both uncertain", (t) => {
  const maxRate = ONE_A_SECOND;
  t.deepEqual(course({ maxRate }, [5, 9, 30, 5]), [
    "5 good",
    "9 uncertain:rate",
    "30 uncertain:rate",
    "5 good",
  ]);
});

test("the longer no value came the further the next one may be", (t) => {
  const maxRate = ONE_A_SECOND;
  t.deepEqual(course({ maxRate }, [5, null, null, 8]), [
    "5 good",
    "null bad:crc",
    "null bad:crc",
    "8 good",
  ]);
});

test("readings closer together than the time of the rate may move as far as in all of it", (t) => {
  const maxRate = { change: 1, inMs: 60_000 };
  t.deepEqual(course({ maxRate }, [5, 5.9, 7.5]), ["5 good", "5.9 good", "7.5 uncertain:rate"]);
});

const FILTERS: readonly Filter[] = [
  { kind: "lag", timeMs: 10_000 },
  { kind: "mean", of: 5 },
  { kind: "median", of: 2 },
];

for (const filter of FILTERS) {
  const of = { maxRate: ONE_A_SECOND, filter };

  test(`a lone spike is doubted before a ${filter.kind}, and leaves nothing behind in it`, (t) => {
    const told = course(of, [5, 5, 3.4e38, 5, 5]);
    t.regex(told[2] ?? "", /uncertain:rate$/);
    t.deepEqual(told.slice(3), ["5 good", "5 good"]);
  });

  test(`a real step is in a ${filter.kind} one reading later as if it had not been doubted`, (t) => {
    const values = [5, 5, 60, 60.2, 60.1];
    const told = course(of, values);
    t.regex(told[2] ?? "", /uncertain:rate$/);
    t.deepEqual(told.slice(3), course({ maxRate: null, filter }, values).slice(3));
  });

  test(`values that only ever jump are not kept out of a ${filter.kind}`, (t) => {
    const values = [5, 5, ...Array.from({ length: 60 }, (_, i) => 60 + 20 * (i % 3))];
    const [value, quality] = course(of, values).at(-1)?.split(" ") ?? [];
    t.true(Number(value) > 55, value);
    t.is(quality, "uncertain:rate");
  });

  test(`a jump that a lost value follows does not come back in a ${filter.kind}`, (t) => {
    t.deepEqual(course(of, [5, 60, null, 60.5, 60.5]).slice(2), [
      "null bad:crc",
      "60.5 good",
      "60.5 good",
    ]);
  });
}
