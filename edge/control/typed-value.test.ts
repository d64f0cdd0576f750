import test from "ava";
import type { PointType } from "../core/point.ts";
import { typedValue } from "./typed-value.ts";

const typed = (type: PointType, text: string) => typedValue({ type }, text);

test("a switch is typed in the usual words", (t) => {
  t.deepEqual(
    ["true", "on", "1", "false", "off", "0", "yes", ""].map((text) => typed("bool", text)),
    [true, true, true, false, false, false, null, null],
  );
});

test("a number is typed as numbers are written, and nothing else is one", (t) => {
  t.deepEqual(
    ["12", "-3.5", "+4", ".5", "1e3"].map((text) => typed("float32", text)),
    [12, -3.5, 4, 0.5, 1000],
  );
  for (const text of ["", " ", "0x10", "1,5", "12 %", "NaN", "Infinity", "true"]) {
    t.is(typed("int16", text), null, text);
  }
});

test("a whole number beyond what a double holds keeps its digits", (t) => {
  t.is(typed("uint64", "18446744073709551615"), 18_446_744_073_709_551_615n);
  t.is(typed("int64", "-9223372036854775808"), -9_223_372_036_854_775_808n);
});

test("text is taken as it stands", (t) => {
  t.is(typed("string", "12"), "12");
});
