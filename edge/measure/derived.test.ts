import test from "ava";
import { parseFormula } from "../../config/formula.ts";
import type { Derivation } from "../core/derivation.ts";
import type { Quality, Reading, Value } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { DerivedPoints } from "./derived.ts";

const ABC = ["a", "b", "c"];

/** Feeds `[point, value or quality, second]`, and gives what comes out, in order. */
function feed(
  derivation: Derivation,
  readings: readonly (readonly [point: string, value: Value | Quality, second: number])[],
  staleAfterMs: (point: string) => number = () => 3000,
) {
  const derived = new DerivedPoints([{ id: "d.x", derivation }], staleAfterMs);
  return readings.flatMap((each) => derived.after(reading(...each)).map(shown));
}

function reading(point: string, told: Value | Quality, second: number): Reading {
  const isQuality = typeof told === "string";
  const isUnknown = isQuality && told.startsWith("bad");
  return {
    point,
    value: isUnknown ? null : isQuality ? 7 : told,
    quality: isQuality ? (told as Quality) : "good",
    at: (1_000_000 + second * 1000) as WallMs,
    uptime: (second * 1000) as UptimeMs,
  };
}

function shown({ value, quality, uptime }: Reading) {
  return `${value} ${quality} @${uptime / 1000}`;
}

function expression(is: string): Derivation {
  const parsed = parseFormula(is, ABC);
  if ("fault" in parsed) throw new Error(parsed.fault.code);
  const inputs = new Map(ABC.map((name) => [name, name]));
  return { kind: "expression", formula: parsed.formula, inputs };
}

function several(kind: "min" | "max" | "mean" | "median" | "sum", least = 2): Derivation {
  return { kind, of: ABC, least };
}

function vote(need: number, unknown: boolean | null): Derivation {
  return { kind: "vote", of: ABC, need, unknown };
}

function over(
  kind: "window-min" | "window-max" | "window-mean" | "window-sum" | "rate",
): Derivation {
  return { kind, of: "a", overMs: 2000, perMs: 3_600_000 };
}

test("a result comes when every source has told something new, with the time of the last", (t) => {
  const round = [
    ["a", 1, 1],
    ["b", 2, 1.2],
    ["c", 3, 1.4],
  ] as const;
  t.deepEqual(feed(expression("a + b + c"), round), ["6 good @1.4"]);
  t.deepEqual(feed(expression("a + b + c"), [...round, ["a", 2, 2], ["b", 2, 2.2]]), [
    "6 good @1.4",
  ]);
});

test("a source that is late does not hold up the others", (t) => {
  const told = feed(expression("a + b + c"), [
    ["a", 1, 1],
    ["b", 2, 1],
    ["c", 3, 1],
    ["a", 2, 2],
    ["b", 2, 2],
    ["a", 3, 3],
  ]);
  t.deepEqual(told, ["6 good @1", "8 good @3"]);
});

test("beside sources that are told more seldom every value of the fastest counts", (t) => {
  const told = feed(
    { kind: "max", of: ["a", "b"], least: 1 },
    [
      ["b", 1, 0],
      ["a", 1, 0],
      ["a", 60, 1],
      ["a", 1, 2],
      ["b", 2, 2.5],
      ["a", 1, 3],
    ],
    (point) => (point === "a" ? 3000 : 30_000),
  );
  t.deepEqual(told, ["1 good @0", "60 good @1", "1 good @2", "2 good @3"]);
});

test("a source that has never told anything is bad, and so is one that has been quiet for three periods", (t) => {
  t.deepEqual(
    feed(expression("a + b + c"), [
      ["a", 1, 1],
      ["a", 1, 2],
    ]),
    ["null bad:input @2"],
  );
  const told = feed(several("min", 3), [
    ["a", 1, 1],
    ["b", 2, 1],
    ["c", 3, 1],
    ["a", 1, 4],
    ["b", 1, 4.001],
    ["a", 1, 4.002],
  ]);
  t.deepEqual(told, ["1 good @1", "null bad:stale @4.002"]);
});

test("a bad source makes an expression bad, an uncertain one uncertain", (t) => {
  const with3 = (told: Value | Quality) =>
    feed(expression("a * b + c"), [
      ["a", 2, 1],
      ["b", told, 1],
      ["c", 1, 1],
    ]);
  t.deepEqual(with3("bad:timeout"), ["null bad:input @1"]);
  t.deepEqual(with3("uncertain:rate"), ["15 uncertain:input @1"]);
});

test("one detector that sees gas is enough, though the other one is lost", (t) => {
  const withB = (is: string, a: Value, b: Quality = "bad:timeout") =>
    feed(expression(is), [
      ["a", a, 1],
      ["b", b, 1],
      ["c", 0, 1],
    ])[0];
  t.is(withB("a > 50 || b > 50", 60), "true uncertain:input @1");
  t.is(withB("b > 50 || a > 50", 60), "true uncertain:input @1");
  t.is(withB("a > 50 || b > 50", 40), "null bad:input @1");
  t.is(withB("b > 50 && a > 50", 40), "false uncertain:input @1");
  t.is(withB("a > 50 && b > 50", 60), "null bad:input @1");
  t.is(withB("!(a > 50 || b > 50) || a", 0), "null bad:input @1");
  t.is(withB("a > 50 ? a : b", 60), "60 uncertain:input @1");
  t.is(withB("a > 50 ? a : b", 40), "null bad:input @1");
  t.is(withB("max(a, b) > 50", 60), "null bad:input @1");
});

test("what cannot be worked out is no number", (t) => {
  const told = [
    ["a", 1, 1],
    ["b", 0, 1],
    ["c", 0, 1],
  ] as const;
  t.deepEqual(feed(expression("a / b + c"), told), ["null bad:not-a-number @1"]);
  t.deepEqual(feed(expression("a / b > 1"), told), ["null bad:not-a-number @1"]);
  t.deepEqual(feed(expression("(a / b > 0) + b / c"), told), ["null bad:not-a-number @1"]);
});

test("no binary dust is left of a number that was worked out", (t) => {
  const told = [
    ["a", 0.8, 1],
    ["b", 102, 1],
    ["c", 0, 1],
  ] as const;
  t.deepEqual(feed(expression("a * b + c"), told), ["81.6 good @1"]);
});

test("a comparison is true or false", (t) => {
  const told = [
    ["a", 60, 1],
    ["b", 40, 1],
    ["c", true, 1],
  ] as const;
  t.deepEqual(feed(expression("a > 50 && b < 50 && c"), told), ["true good @1"]);
  t.deepEqual(feed(expression("(a > 50) + (b > 50) + c >= 3"), told), ["false good @1"]);
});

test("of several the good ones count, as long as there are enough", (t) => {
  const two = [
    ["a", 10, 1],
    ["b", "bad:timeout", 1],
    ["c", 20, 1],
  ] as const;
  t.deepEqual(feed(several("median"), two), ["15 uncertain:input @1"]);
  t.deepEqual(feed(several("min"), two), ["10 uncertain:input @1"]);
  t.deepEqual(feed(several("max"), two), ["20 uncertain:input @1"]);
  t.deepEqual(feed(several("sum", 3), two), ["null bad:input @1"]);
});

test("the median of three is not moved by one that is wrong", (t) => {
  const told = [
    ["a", 10, 1],
    ["b", 1e9, 1],
    ["c", 10.2, 1],
  ] as const;
  t.deepEqual(feed(several("median"), told), ["10.2 good @1"]);
});

test("two of three votes decide, and a third that is not known only where it matters", (t) => {
  const votes = (b: Value | Quality, c: Value | Quality, unknown: boolean | null) =>
    feed(vote(2, unknown), [
      ["a", true, 1],
      ["b", b, 1],
      ["c", c, 1],
    ])[0];
  t.is(votes(true, false, null), "true good @1");
  t.is(votes(0, false, null), "false good @1");
  t.is(votes(1, "bad:timeout", null), "true uncertain:input @1");
  t.is(votes(false, "bad:timeout", null), "null bad:input @1");
  t.is(votes(false, "bad:timeout", true), "true uncertain:input @1");
  t.is(votes(false, "bad:timeout", false), "false uncertain:input @1");
});

test("a window is uncertain until it has been filled, and begins anew after a bad value", (t) => {
  const told = feed(over("window-mean"), [
    ["a", 1, 0],
    ["a", 2, 1],
    ["a", 6, 2],
    ["a", 7, 3],
    ["a", "bad:timeout", 4],
    ["a", 9, 5],
  ]);
  t.deepEqual(told, [
    "1 uncertain:input @0",
    "1.5 uncertain:input @1",
    "3 good @2",
    "5 good @3",
    "null bad:input @4",
    "9 uncertain:input @5",
  ]);
});

test("least, most and sum are those of the window, and old values leave it", (t) => {
  const last = (kind: "window-min" | "window-max" | "window-sum") =>
    feed(over(kind), [
      ["a", 100, 0],
      ["a", -5, 1],
      ["a", 3, 2.5],
      ["a", 4, 3],
    ]).at(-1);
  t.is(last("window-min"), "-5 good @3");
  t.is(last("window-max"), "4 good @3");
  t.is(last("window-sum"), "2 good @3");
});

test("a rate goes on across a value that is lost, and is not known by a few values", (t) => {
  const still = Array.from({ length: 20 }, (_, i) => 2 + 0.005 * (i % 2));
  const values = [...still, "bad:timeout" as Quality, ...still];
  const derivation = { kind: "rate", of: "a", overMs: 10_000, perMs: 3_600_000 } as const;
  const told = feed(
    derivation,
    values.map((value, i) => ["a", value, i] as const),
  );
  for (const each of told.slice(0, 5)) t.regex(each, /^null bad:input/);
  t.regex(told[5] ?? "", / uncertain:input @5$/);
  t.regex(told[10] ?? "", / good @10$/);
  t.regex(told[20] ?? "", /^null bad:input/);
  t.regex(told[21] ?? "", / uncertain:input @21$/);
  t.regex(told[31] ?? "", / good @31$/);
  // Two values alone would tell 18 m/h of water that stands still.
  for (const each of told) t.true(Math.abs(Number.parseFloat(each) || 0) < 2.5, each);
});

test("what is uncertain makes its window uncertain for as long as it is in there", (t) => {
  const told = feed(over("window-max"), [
    ["a", 1, 0],
    ["a", 1, 1],
    ["a", "uncertain:rate", 2],
    ["a", 1, 3],
    ["a", 1, 4],
    ["a", 1, 5],
  ]);
  t.deepEqual(told.slice(2), [
    "7 uncertain:input @2",
    "7 uncertain:input @3",
    "7 uncertain:input @4",
    "1 good @5",
  ]);
});

test("of a day of values, more than are kept one by one, none is left out", (t) => {
  const last = (kind: "window-min" | "window-max" | "window-mean" | "window-sum") => {
    const derivation = { kind, of: "a", overMs: 86_400_000, perMs: 1000 } as const;
    const values = Array.from({ length: 8641 + 500 }, (_, i) => {
      return ["a", i === 3001 ? 500 : i === 3003 ? -500 : Number(i < 4820), i * 10] as const;
    });
    return Number(feed(derivation, values).at(-1)?.split(" ")[0]);
  };
  t.is(last("window-max"), 500);
  t.is(last("window-min"), -500);
  t.true(Math.abs(last("window-mean") - 0.5) < 0.001);
  t.true(Math.abs(last("window-sum") - 4320) <= 3);
});

test("a rate is counted for the time that was asked for, and needs two values", (t) => {
  const told = feed(over("rate"), [
    ["a", 1, 0],
    ["a", 1.25, 1],
    ["a", 1.5, 2],
  ]);
  t.deepEqual(told, ["null bad:input @0", "900 uncertain:input @1", "900 good @2"]);
});
