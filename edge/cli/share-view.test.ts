import test from "ava";
import { configOf } from "../../test-rigs/scenarios/site-config.ts";
import { sharesOf, shareView } from "./share-view.ts";

const devices = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`d${i}`, {}]));
const readings = { rule: "", points: new Set(["d0.level", "d1.level"]), everyMs: 60_000 };
const config = configOf({ devices, others: { bureau: { readings, events: null } } }, "/nowhere");

test("it is told how many points a destination gets and which it does not", (t) => {
  t.is(
    shareView(config, "en"),
    "destination 'bureau': 2 of 12 points, one reading every 60 s; left out: d2.level, d3.level, d4.level, d5.level, d6.level, d7.level, d8.level, d9.level and 2 more",
  );
  t.regex(shareView(config, "zh-CN"), /“bureau”：12 个测点中的 2 个/);
});

test("a destination that gets everything is not told of, but to scripts", (t) => {
  t.notRegex(shareView(config, "en"), /centre/);
  const share = { destination: "centre", points: 12, everyMs: null, leftOut: [] };
  t.deepEqual(sharesOf(config)[0], share);
});
