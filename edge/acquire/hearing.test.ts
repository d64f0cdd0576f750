import test from "ava";
import type { Reason } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { heardIn } from "./hearing.ts";

const stamp = { at: 0 as WallMs, uptime: 0 as UptimeMs };
const heard = (reason: Reason) => heardIn({ kind: "failure", reason, ...stamp });

test("values and exceptions of its own come from the unit", (t) => {
  t.is(heardIn({ kind: "values", readings: [], ...stamp }), "unit");
  t.is(heard("exception:2"), "unit");
  t.is(heard("exception:6"), "unit");
});

test("exceptions 0A and 0B come from a gateway that has no answer of the unit", (t) => {
  t.is(heard("exception:10"), "gateway");
  t.is(heard("exception:11"), "gateway");
});

test("what cannot be believed is noise, and silence is nobody", (t) => {
  t.is(heard("crc"), "noise");
  t.is(heard("malformed"), "noise");
  t.is(heard("timeout"), "nobody");
  t.is(heard("link-closed"), "nobody");
});
