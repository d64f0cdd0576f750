import test from "ava";
import { ASKED, INTERLOCK } from "../../test-rigs/sim/an-interlock.ts";
import type { UptimeMs } from "../core/time.ts";
import { stepInterlock } from "./machine.ts";
import { type InterlockState, NEVER_TRIPPED } from "./state.ts";

const TRIPPING: InterlockState = {
  ...NEVER_TRIPPED,
  name: "tripping",
  trip: 1,
  isOn: true,
  command: { id: 1, goal: "trip", retryAt: null, isCheck: false },
  commands: 1,
};

/** What is told of an output that obeyed, with and without a read-back. */
function causeOf(verify: boolean, isRepeat: boolean) {
  const outcome = { kind: "obeyed", readBack: verify ? true : null, isRepeat } as const;
  const stimulus = { kind: "outcome", id: 1, outcome, attempts: 1, tookMs: 9 } as const;
  const { turns } = stepInterlock(
    { ...INTERLOCK, verify },
    TRIPPING,
    stimulus,
    ASKED,
    1000 as UptimeMs,
  );
  return turns[0]?.cause;
}

test("an output is said to obey by what there is: read back, confirmed, or only come back", (t) => {
  t.is(causeOf(true, false), "verified");
  t.is(causeOf(false, false), "confirmed");
  t.is(causeOf(false, true), "repeated");
});
