import test from "ava";
import type { Status } from "../control/status.ts";
import type { InterlockStatus } from "../interlock/status.ts";
import { interlockFaults, interlockFaultText } from "./interlock-faults.ts";
import { interlocksView, troubleText } from "./interlock-view.ts";

const shown: InterlockStatus = {
  interlock: "shut-off",
  point: "valve-1.shut",
  state: "tripped",
  since: 1000 as never,
  alarms: ["gas-high"],
  by: "gas-high",
  trip: "shut-off/1",
  told: true,
  readBack: true,
  readBackAt: 1000 as never,
  trouble: null,
  lastAction: { cause: "verified", at: 1000 as never },
  missing: [],
  override: null,
  deadMan: null,
};

const statusOf = (change: Partial<InterlockStatus>): Pick<Status, "interlocks" | "at"> => ({
  at: 61_000 as never,
  interlocks: [{ ...shown, ...change }],
});

test("an interlock is shown with its state, what tripped it, and what its output is", (t) => {
  const [, line] = interlocksView(statusOf({}), "en");
  t.regex(
    line ?? "",
    /shut-off +TRIPPED +gas-high +valve-1\.shut +true +true +read back, 1 min ago/,
  );
  t.regex(interlocksView(statusOf({}), "zh-CN")[1] ?? "", /已动作/);
  t.deepEqual(interlocksView({ at: 0 as never, interlocks: [] }, "en"), []);
});

test("what is out of the ordinary stands below: override, watchdog, conditions", (t) => {
  const notes = interlocksView(
    statusOf({
      state: "overridden",
      override: { who: "crew", reason: "new valve", until: 121_000 as never },
      deadMan: { point: "valve-1.watchdog", expected: 5, found: 60, verdict: "differs" },
    }),
    "en",
  ).slice(2);
  t.regex(notes[0] ?? "", /overridden by crew for another 1 min: new valve/);
  t.regex(notes[1] ?? "", /valve-1\.watchdog should be 5, and is 60/);
  const blocked = interlocksView(statusOf({ state: "blocked", missing: ["pump.stopped"] }), "en");
  t.regex(blocked[2] ?? "", /permissive not fulfilled: pump\.stopped/);
});

test("an interlock that does not or may not act is a fault, with what to do in both languages", (t) => {
  const kinds = (change: Partial<InterlockStatus>) =>
    interlockFaults(statusOf(change)).map(({ kind }) => kind);
  t.deepEqual(kinds({}), []);
  t.deepEqual(kinds({ state: "not-obeying", trouble: "differs" }), ["interlock-not-obeying"]);
  t.deepEqual(kinds({ state: "blocked" }), ["interlock-blocked"]);
  t.deepEqual(kinds({ state: "overridden" }), ["interlock-overridden"]);
  const both = ["interlock-not-obeying", "interlock-overridden"];
  t.deepEqual(kinds({ state: "overridden", trouble: "timeout" }), both);
  const deadMan = { point: "a.b", expected: 5, found: 60, verdict: "differs" } as const;
  t.deepEqual(kinds({ deadMan }), ["dead-man-differs"]);
  const [loud] = interlockFaultText("interlock-not-obeying", "shut-off", "en");
  t.is(loud, "INTERLOCK OUTPUT DOES NOT OBEY: shut-off");
  t.true(interlockFaultText("interlock-not-obeying", "x", "zh-CN")[0].startsWith("【注意】"));
});

test("why an output does not obey is said in words", (t) => {
  t.is(troubleText("differs", "en"), "it reads back as something else");
  t.regex(troubleText("exception:4", "en"), /exception 4/);
  t.is(troubleText("expired", "zh-CN"), "未能及时下达");
});
