import test from "ava";
import type { AlarmEvent, Event, InterlockEvent } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import { loopTestsIn } from "./loop-tests.ts";

let now = 0;

function alarm(
  from: AlarmEvent["from"],
  to: AlarmEvent["to"],
  cause: AlarmEvent["cause"],
  more: Partial<AlarmEvent> = {},
): Event {
  const what = { alarm: "gas", point: "a.gas", severity: "red", unit: null } as const;
  const at = ++now as WallMs;
  return {
    ...{ kind: "alarm", ...what, from, to, cause, value: 60, setpoint: 50 },
    ...{ at, clock: "synced", ...more },
  };
}

type Turn = readonly [InterlockEvent["from"], InterlockEvent["to"], InterlockEvent["cause"]];

function turn([from, to, cause]: Turn, more: Partial<InterlockEvent> = {}): Event {
  const what = { interlock: "shut", point: "v.shut", trip: null, unit: null } as const;
  const values = { value: true, readBack: null, by: null, at: ++now as WallMs } as const;
  const chain = { n: 1, previous: "", hash: "" };
  return {
    kind: "interlock",
    ...what,
    from,
    to,
    cause,
    ...values,
    clock: "synced",
    chain,
    ...more,
  };
}

const interlock = (...events: readonly Event[]) => loopTestsIn(events).interlocks.get("shut");
const failed = { reason: "timeout" } as const;

test("an alarm is tried when its condition has come and gone", (t) => {
  const raised = alarm("normal", "unacknowledged", "high");
  const loop = loopTestsIn([raised]).alarms.get("gas");
  t.like(loop, { raised: 1, lastRaised: { at: raised.at, value: 60 }, tested: false });
  const acknowledged = alarm("unacknowledged", "acknowledged", "acknowledged", { who: "li" });
  const returned = alarm("acknowledged", "normal", "returned");
  const whole = loopTestsIn([raised, acknowledged, returned]);
  t.like(whole.alarms.get("gas"), {
    ...{ raised: 1, lastReturned: returned.at, acknowledgedBy: "li", tested: true },
  });
  t.is(whole.from, raised.at);
});

test("one that was raised and is gone as its rule is, was not tried", (t) => {
  const events = [
    alarm("normal", "unacknowledged", "high"),
    alarm("unacknowledged", "normal", "configuration"),
  ];
  t.false(loopTestsIn(events).alarms.get("gas")?.tested);
  t.deepEqual([...loopTestsIn([]).alarms], []);
});

test("a test of an interlock is done when its output obeyed both ways", (t) => {
  const events = [
    turn(["idle", "testing", "test"], { who: "li" }),
    turn(["testing", "testing", "verified"]),
    turn(["testing", "releasing", "test-over"]),
  ];
  t.like(interlock(...events), { tests: 1, tested: false, lastTest: { outcome: "unfinished" } });
  const whole = [...events, turn(["releasing", "idle", "verified"])];
  t.like(interlock(...whole), { tested: true, lastTest: { who: "li", outcome: "done" } });
});

test("a test that failed is one also where the output went back, and the last test counts", (t) => {
  const begun = turn(["idle", "testing", "test"], { who: "li" });
  const back = turn(["releasing", "idle", "verified"]);
  const lost = [begun, turn(["testing", "releasing", "not-obeyed"], failed), back];
  t.like(interlock(...lost), { tested: false, lastTest: { outcome: "failed" } });
  const never = [begun, turn(["testing", "idle", "not-obeyed"], failed)];
  t.like(interlock(...never), { lastTest: { outcome: "failed" } });
  const stuck = [
    ...[begun, turn(["testing", "releasing", "test-over"])],
    turn(["releasing", "not-obeying", "not-obeyed"], failed),
  ];
  t.like(interlock(...stuck), { tested: false, lastTest: { outcome: "failed" } });
  const again = [...lost, begun, turn(["testing", "releasing", "test-over"]), back];
  t.like(interlock(...again), { tests: 2, tested: true, lastTest: { outcome: "done" } });
});

test("a trip that was obeyed tries an interlock too, and ends a test that it comes into", (t) => {
  const trip = turn(["idle", "tripping", "alarm"], { by: "gas" });
  const obeyed = turn(["tripping", "tripped", "verified"]);
  t.like(interlock(trip), { trips: 1, lastTrip: { at: trip.at, by: "gas" }, tested: false });
  t.like(interlock(trip, obeyed), { trips: 1, tested: true, lastTest: null });
  const amid = [turn(["idle", "testing", "test"]), turn(["testing", "tripping", "alarm"])];
  t.like(interlock(...amid), { tested: false, lastTest: { outcome: "interrupted" } });
  t.like(interlock(...amid, obeyed), { tested: true, lastTest: { outcome: "interrupted" } });
});
