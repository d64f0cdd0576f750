import test from "ava";
import { POINT } from "../sim/a-point.ts";
import { SIM_EPOCH } from "../sim/clock.ts";
import type { AlarmMessage } from "../sim/received.ts";
import type { Evidence } from "./invariants.ts";
import { findWrongVote } from "./vote-truth.ts";

const RULE = {
  name: "two-of-three",
  point: "a",
  limit: "vote",
  setpoint: 2,
  of: ["a", "b", "c"],
  each: { limit: "high", setpoint: 300 },
  unknown: "as-not",
  deadband: 0,
  onDelayMs: 3000,
  severity: "orange",
  latch: false,
};

/**
 * What is wrong with a vote at 6000, where b trips all the time, a has a hole in the delay, and c,
 * which is read every five seconds, is first heard of at `heardAt`.
 */
function wrongAt6000(heardAt: number): string | null {
  const points = ["a", "b", "c"].map((id) => ({ ...POINT, id, everyMs: id === "c" ? 5000 : 500 }));
  const config = { points, alarms: [RULE], buffer: { commitMs: 200 } };
  const lives = [{ from: 0, to: null, isKilled: false, config }];
  const evidence = { config, lives, diskFull: [], end: 6100 };
  const got = (point: string, at: number, value: number | null) => {
    return {
      point,
      at: SIM_EPOCH + at,
      value,
      quality: value === null ? "bad:timeout" : "good",
    };
  };
  const readings = [2000, 2500, 3000, 3500, 4000, 4500, 5000, 5500, 6000].flatMap((at) => [
    got("a", at, at === 4000 || at === 4500 ? null : 400),
    got("b", at, 400),
    ...(at >= heardAt ? [got("c", at, 100)] : []),
  ]);
  const told = { alarm: RULE.name, cause: "vote", from: "normal", to: "unacknowledged" } as const;
  const event = { ...told, seq: 1, at: SIM_EPOCH + 6000 } as AlarmMessage;
  return findWrongVote(evidence as unknown as Evidence, readings, [event]);
}

test("a vote that was broken within its delay is not to be raised", (t) => {
  t.is(wrongAt6000(2000), "two-of-three: event 1 says vote at 6000, but at 4500 not");
});

test("a point that was not heard of yet leaves a vote unknown, which does not break its delay", (t) => {
  t.is(wrongAt6000(5000), null);
});
