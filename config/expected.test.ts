import test from "ava";
import { describeExpected } from "./expected.ts";

test("what is allowed is told with its bounds", (t) => {
  t.is(describeExpected({ kind: "whole", min: 1, max: 247 }).en, "a whole number from 1 to 247");
  t.is(describeExpected({ kind: "whole", min: 1, max: 247 })["zh-CN"], "1 至 247 的整数");
  t.true(
    describeExpected({ kind: "duration", min: "50ms", max: "60s" }).en.includes("50ms to 60s"),
  );
  t.is(describeExpected({ kind: "choice", values: ["red", "blue"] }).en, "red, blue");
  t.true(describeExpected({ kind: "section", keys: ["id", "site"] }).en.endsWith("id, site"));
  t.true(describeExpected({ kind: "entries", of: "bus" }).en.includes("a bus"));
  t.is(describeExpected({ kind: "flag" }).en, "true or false");
});
