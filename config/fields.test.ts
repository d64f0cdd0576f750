import test from "ava";
import type { z } from "zod";
import {
  byKind,
  choice,
  decodeIssue,
  duration,
  entries,
  flag,
  name,
  notNegative,
  real,
  secret,
  section,
  size,
  text,
  textLike,
  whole,
} from "./fields.ts";

/** The rows of the catalogue with which `schema` refuses `value`. */
function codesOf(schema: z.ZodType, value: unknown): readonly string[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map((issue) => decodeIssue(issue.message)[0]);
}

test("a duration becomes milliseconds and a size becomes bytes", (t) => {
  t.is(duration("1s", "1m").parse("5s"), 5000);
  t.is(size("1MB", "1GB").parse("64MB"), 64_000_000);
});

test("bounds belong to what is allowed", (t) => {
  for (const value of ["1s", "60s", "1m"]) t.deepEqual(codesOf(duration("1s", "1m"), value), []);
  for (const value of [1, 247]) t.deepEqual(codesOf(whole(1, 247), value), []);
  for (const value of [-90, 90]) t.deepEqual(codesOf(real(-90, 90), value), []);
  t.deepEqual(codesOf(notNegative(), 0), []);
  t.deepEqual(codesOf(text(3), "abc"), []);
});

test("each misfit has one row of the catalogue", (t) => {
  const cases: readonly (readonly [z.ZodType, unknown, string])[] = [
    [duration("1s", "1m"), undefined, "missing-key"],
    [duration("1s", "1m"), null, "empty-value"],
    [duration("1s", "1m"), 5, "bad-duration"],
    [duration("1s", "1m"), "5 s", "bad-duration"],
    [duration("1s", "1m"), "999ms", "out-of-range"],
    [duration("1s", "1m"), "61s", "out-of-range"],
    [size("1MB", "1GB"), "5", "bad-size"],
    [size("1MB", "1GB"), "2GB", "out-of-range"],
    [whole(1, 247), 0, "out-of-range"],
    [whole(1, 247), 248, "out-of-range"],
    [whole(1, 247), 1.5, "wrong-type"],
    [whole(1, 247), "1", "wrong-type"],
    [real(), Number.POSITIVE_INFINITY, "wrong-type"],
    [real(), Number.NaN, "wrong-type"],
    [notNegative(), -0.1, "out-of-range"],
    [flag(), "yes", "wrong-type"],
    [choice(["red", "blue"]), "rad", "not-a-choice"],
    [text(3), "", "out-of-range"],
    [text(3), "abcd", "out-of-range"],
    [text(3), 12, "needs-quotes"],
    [text(3), {}, "wrong-type"],
    [name(), "a b", "bad-name"],
    [name(), "-a", "bad-name"],
    [name(), "a".repeat(65), "bad-name"],
    [textLike("host", /^x$/), "y", "wrong-type"],
    [section({ a: flag() }), [], "wrong-type"],
    [entries("bus", flag()), "x", "wrong-type"],
  ];
  for (const [schema, value, code] of cases) t.deepEqual(codesOf(schema, value), [code]);
});

test("a name may be in any script", (t) => {
  for (const value of ["gas-1", "燃气_2", "7", "a".repeat(64)])
    t.deepEqual(codesOf(name(), value), []);
});

test("a choice proposes the nearest", (t) => {
  const result = choice(["modbus-rtu", "serial"]).safeParse("modbus-rut");
  t.deepEqual(decodeIssue(result.error?.issues[0]?.message ?? "")[1], {
    expected: { kind: "choice", values: ["modbus-rtu", "serial"] },
    found: '"modbus-rut"',
    nearest: "modbus-rtu",
  });
});

test("an unknown key comes with the known ones", (t) => {
  const result = section({ a: flag().optional() }).safeParse({ b: 1 });
  t.deepEqual(decodeIssue(result.error?.issues[0]?.message ?? ""), [
    "unknown-key",
    { nearest: null, allowed: ["a"] },
  ]);
});

test("what a kind allows is up to the kind", (t) => {
  const schema = byKind(
    ["a", "b"],
    [section({ kind: choice(["a"]), x: flag() }), section({ kind: choice(["b"]) })],
  );
  t.deepEqual(codesOf(schema, { kind: "a", x: true }), []);
  t.deepEqual(codesOf(schema, { kind: "b" }), []);
  t.deepEqual(codesOf(schema, { kind: "b", x: true }), ["unknown-key"]);
  t.deepEqual(codesOf(schema, { kind: "c" }), ["not-a-choice"]);
  t.deepEqual(codesOf(schema, {}), ["missing-key"]);
  t.deepEqual(codesOf(schema, 5), ["wrong-type"]);
  t.deepEqual(codesOf(schema, null), ["empty-value"]);
});

test("a message never repeats what stands where a secret belongs", (t) => {
  for (const value of [12_345, true, ["hunter2"], { a: "hunter2" }]) {
    const message = secret().safeParse(value).error?.issues[0]?.message ?? "";
    t.is(message, '["secret-in-file",null]');
  }
});

test("what was found is quoted short and without control characters", (t) => {
  const found = (value: unknown) => {
    const message = flag().safeParse(value).error?.issues[0]?.message ?? "";
    return (decodeIssue(message)[1] as { found: string }).found;
  };
  t.is(found("\u001b[2J"), '"\\u001b[2J"');
  t.is(found("x".repeat(100)), `"${"x".repeat(40)}…"`);
  t.is(found([1]), "[…]");
  t.is(found({ a: 1 }), "{…}");
});
