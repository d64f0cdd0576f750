import test from "ava";
import { calibrationRig, siteConfig } from "../../test-rigs/sim/calibration-rig.ts";
import type { CalibrationRecord } from "../core/calibration.ts";
import { GatewayError } from "../core/errors.ts";
import type { CalibrationSample, CalibrationStanding } from "./calibration-desk.ts";
import type { CalibrationOrder, StepTaken } from "./orders.ts";

const point = "gas-1.gas";
const who = "li";
const BEGIN = { action: "begin", point, who, forMs: 600_000 } as const;

function step(reference: number, indicated: number): StepTaken {
  return { reference, indicated, scatter: 0.1, samples: 30 };
}

const ADOPT: Extract<CalibrationOrder, { action: "adopt" }> = {
  ...{ point, who, steps: [step(0, 2), step(50, 42)], adjust: true },
  ...{ action: "adopt", tolerance: null, note: "bottle 7" },
};

test("while somebody is at work the alarms of the point are out of service, and its values uncertain", async (t) => {
  const { act, read, tells, stateOf, turns } = calibrationRig();
  t.is(read(), "0 good");
  const standing = (await act(BEGIN)) as CalibrationStanding;
  t.deepEqual(standing.alarms, ["high", "mean-high", "lost"]);
  t.deepEqual(standing.interlocks, ["shut-off"]);
  tells.set(point, 60);
  t.is(read(), "60 uncertain:function-check");
  for (const alarm of standing.alarms) t.is(stateOf(alarm), "out-of-service");
  t.is(stateOf("other-high"), "normal");
  t.like(turns.at(-1), { from: "measuring", to: "calibrating", cause: "calibration.begun" });
  t.like(turns.at(-1)?.detail, { point, who });
});

test("the alarms come back when work is ended, and by themselves when nobody ends it", async (t) => {
  const ended = calibrationRig();
  await ended.act(BEGIN);
  await ended.act({ action: "end", point, who });
  t.is(ended.stateOf("high"), "normal");
  t.is(ended.read(), "0 good");

  const left = calibrationRig();
  await left.act(BEGIN);
  left.tells.set(point, 60);
  left.read();
  await left.pass(601);
  t.is(left.stateOf("high"), "unacknowledged");
  t.is(left.read(), "60 good");
  t.is(left.turns.at(-1)?.cause, "calibration.over");
});

test("a gateway that is killed meanwhile goes on with the work and ends it at its time", async (t) => {
  const first = calibrationRig();
  await first.act(BEGIN);
  await first.pass(300);
  const second = first.restart();
  t.is(second.read(), "0 uncertain:function-check");
  t.is(second.stateOf("high"), "out-of-service");
  await second.pass(301);
  t.is(second.read(), "0 good");
  t.is(second.stateOf("high"), "normal");
});

test("a start on a buffer that has forgotten the alarms takes them out for what is left", async (t) => {
  const first = calibrationRig();
  await first.act(BEGIN);
  await first.pass(300);
  const second = calibrationRig({ clock: first.clock, store: first.store });
  t.is(second.stateOf("high"), "out-of-service");
  await second.pass(301);
  t.is(second.stateOf("high"), "normal");
});

test("what is adopted holds from the next reading on, and over a restart", async (t) => {
  const { act, read, tells, restart, turns } = calibrationRig();
  await act(BEGIN);
  tells.set(point, 42);
  const sample = (await act({ action: "sample", point })) as CalibrationSample;
  t.like(sample, { indicated: 42, value: 42 });
  const record = (await act(ADOPT)) as CalibrationRecord;
  t.like(record, { n: 1, kind: "adjustment", who, isWithin: false, note: "bottle 7" });
  t.like(record.steps[1], { found: 42, left: 50 });
  t.is(read(), "50 uncertain:function-check");
  t.like(await act({ action: "sample", point }), { indicated: 42, value: 50 });
  t.is(turns.at(-1)?.cause, "calibration.adjustment");
  await act({ action: "end", point, who });
  t.is(read(), "50 good");
  const again = restart();
  again.tells.set(point, 42);
  t.is(again.read(), "50 good");
});

test("what was measured afterwards goes into the record, until work is ended", async (t) => {
  const { act } = calibrationRig();
  await act(BEGIN);
  await act(ADOPT);
  const left = { action: "left", point, who, n: 1, left: [null, 50.2] } as const;
  const record = (await act(left)) as CalibrationRecord;
  t.deepEqual(
    record.steps.map((each) => [each.left, each.isLeftMeasured]),
    [
      [0, false],
      [50.2, true],
    ],
  );
  await act({ action: "end", point, who });
  await t.throwsAsync(act(left), { instanceOf: GatewayError });
});

test("a check adjusts nothing, and holds as long as a calibration where it found all within", async (t) => {
  const { act, read, measuring } = calibrationRig();
  t.deepEqual(measuring.notes(point).calibration, { due: null, isOverdue: false });
  await act(BEGIN);
  await act({ ...ADOPT, adjust: false, steps: [step(50, 49)] });
  await act({ action: "end", point, who });
  t.is(read(), "0 good");
  t.true((measuring.notes(point).calibration?.due ?? 0) > 0);
});

test("an implausible correction is refused, and the one before stays in force", async (t) => {
  const { act, read, tells } = calibrationRig();
  await act(BEGIN);
  const refused = { instanceOf: GatewayError, code: "calibration.refused" };
  await t.throwsAsync(act({ ...ADOPT, steps: [step(0, 0), step(50, 5)] }), refused);
  await t.throwsAsync(act({ ...ADOPT, steps: [step(50, 40), step(50, 41)] }), refused);
  tells.set(point, 40);
  t.is(read(), "40 uncertain:function-check");
});

test("nothing counts that the disk did not take", async (t) => {
  const { act, read, store, tells, stateOf } = calibrationRig();
  store.isFull = true;
  await t.throwsAsync(act(BEGIN), { code: "calibration.unwritten" });
  t.is(stateOf("high"), "normal");
  store.isFull = false;
  await act(BEGIN);
  store.isFull = true;
  await t.throwsAsync(act(ADOPT), { code: "calibration.unwritten" });
  tells.set(point, 42);
  t.is(read(), "42 uncertain:function-check");
  await act({ action: "end", point, who });
  t.is(stateOf("high"), "normal", "alarms come back whatever the disk does");
});

test("a reversion takes the calibration before again", async (t) => {
  const { act, read, tells } = calibrationRig();
  await act(BEGIN);
  await act(ADOPT);
  await act({ action: "end", point, who });
  tells.set(point, 42);
  t.is(read(), "50 good");
  t.like(await act({ action: "revert", point, who }), { kind: "reversion", backTo: 0 });
  t.is(read(), "42 good");
  await t.throwsAsync(act({ action: "revert", point, who }), { code: "calibration.refused" });
});

test("nobody begins where another one is at work, or where an alarm waits for its answer", async (t) => {
  const busy = calibrationRig();
  await busy.act(BEGIN);
  await t.throwsAsync(busy.act({ ...BEGIN, who: "wang" }), { message: /li is at work/ });

  const calling = calibrationRig();
  calling.tells.set(point, 60);
  calling.read();
  await t.throwsAsync(calling.act(BEGIN), { message: /alarm high is unacknowledged/ });
  t.is(calling.stateOf("high"), "unacknowledged");
});

test("an alarm that was out of service before stays so afterwards", async (t) => {
  const { act, stateOf, restart, kept } = calibrationRig();
  await act(BEGIN);
  await act({ action: "end", point, who });
  const memory = kept.get("high");
  t.truthy(memory);
  t.is(stateOf("high"), "normal");
  const again = restart();
  t.is(again.stateOf("high"), "normal");
});

test("what is derived, written or no number is not calibrated, and adopts nothing unbegun", async (t) => {
  const { act } = calibrationRig();
  const refused = { code: "calibration.refused" };
  await t.throwsAsync(act({ ...BEGIN, point: "gas-1.mean" }), refused);
  await t.throwsAsync(act({ ...BEGIN, point: "valve-1.shut" }), refused);
  await t.throwsAsync(act({ ...BEGIN, point: "gas-1.nothing" }), { code: "field.unknown" });
  await t.throwsAsync(act(ADOPT), { message: /begin first/ });
});

test("a point that is measured otherwise than when it was calibrated says that it is in doubt", async (t) => {
  const first = calibrationRig();
  await first.act(BEGIN);
  await first.act(ADOPT);
  await first.act({ action: "end", point, who });
  const config = siteConfig((yaml) => yaml.replace("range: [0, 100]", "range: [0, 100], scale: 2"));
  const second = first.restart({ config });
  second.tells.set(point, 21);
  t.is(second.read(), "21 uncertain:calibration");
  t.is(second.turns[0]?.cause, "calibration.set-aside");
});
