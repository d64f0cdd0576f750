import test from "ava";
import { requestOf } from "../../test-rigs/sim/bus-rig.ts";
import { Urgency } from "./urgency.ts";

const gas = requestOf("gas", 1);
const level = requestOf("level", 2);
const urgency = new Urgency(new Set(["gas.x"]));

test("a request is watched where an alarm watches one of its points", (t) => {
  t.true(urgency.isWatched(gas));
  t.false(urgency.isWatched(level));
});

test("what alarms watch waits for nobody, and what is likely to fail waits longest", (t) => {
  const lags = [gas, level].map((request) => urgency.patienceMs(request, false));
  const failing = [gas, level].map((request) => urgency.patienceMs(request, true));
  t.is(lags[0], 0);
  t.deepEqual(
    [...lags, ...failing].toSorted((a, b) => a - b),
    [lags[0], failing[0], lags[1], failing[1]],
  );
});
