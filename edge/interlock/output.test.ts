import test from "ava";
import type { WriteOutcome } from "../../drivers/driver.ts";
import { POINT } from "../../test-rigs/sim/a-point.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Reason } from "../core/reading.ts";
import { stampOf } from "../core/time.ts";
import { modbusOutput } from "./modbus-output.ts";
import { carryOut, type OutputOrder } from "./output.ts";

const RULE = { verify: true, retries: 3, retryEveryMs: 500, expiryMs: 10_000 };

type Answer = Pick<WriteOutcome, "kind"> & { readonly reason?: Reason; readonly isDone?: boolean };

/** An output that answers so, write after write, the last answer for ever. */
function rig(answers: readonly (Answer | "busy")[], before = false, mayEcho = false) {
  const clock = new SimClock();
  let isOn = before;
  let reads: Reason | null = null;
  const sent: number[] = [];
  const output = modbusOutput({
    point: { ...POINT, area: "coil", type: "bool", scale: 1, offset: 0, write: true },
    unit: 1,
    pace: { timeoutMs: null, silenceMs: null, turnaroundMs: null },
    mayEcho,
    bus: {
      act: async () => {
        const answer = answers[Math.min(sent.length, answers.length - 1)];
        sent.push(clock.uptime());
        await clock.sleep(100);
        if (answer === undefined || answer === "busy") throw new GatewayError("bus.busy", "full");
        if (answer.isDone ?? answer.kind === "done") isOn = true;
        return { registers: [], reason: "timeout", ...answer, ...stampOf(clock) } as WriteOutcome;
      },
      check: async () => {
        await clock.sleep(100);
        if (reads !== null) return { kind: "failure", reason: reads, ...stampOf(clock) };
        const readings = [{ point: POINT.id, value: isOn, quality: "good" as const }];
        return { kind: "values", readings, ...stampOf(clock) };
      },
    },
  });
  const start = clock.uptime();
  const ended = async (order: Partial<OutputOrder> = {}) => {
    const whole = { value: true, isCheck: false, rule: RULE, isOff: () => false, ...order };
    const end = carryOut(output, whole, clock);
    await clock.advance(60_000);
    return await end;
  };
  const unreadable = (reason: Reason) => {
    reads = reason;
  };
  return { ended, unreadable, sentAt: () => sent.map((at) => at - start) };
}

test("an output is obeyed when it reads back as what was written", async (t) => {
  const { ended, sentAt } = rig([{ kind: "done" }]);
  t.like(await ended(), { outcome: { kind: "obeyed", readBack: true }, attempts: 1 });
  t.deepEqual(sentAt(), [0]);
});

test("one that confirms and does not do it is told again, and then does not obey", async (t) => {
  const { ended, sentAt } = rig([{ kind: "done", isDone: false }]);
  const outcome = { kind: "failed", reason: "differs", readBack: false };
  t.like(await ended(), { outcome, attempts: 4 });
  t.deepEqual(sentAt(), [0, 700, 1400, 2100]);
});

test("a write of which nobody knows whether it was done is looked at before it is repeated", async (t) => {
  const { ended, sentAt } = rig([{ kind: "unknown", isDone: true }]);
  t.like(await ended(), { outcome: { kind: "obeyed" }, attempts: 1 });
  t.is(sentAt().length, 1);
});

test("a device that says it never will is not asked again", async (t) => {
  const { ended, sentAt } = rig([{ kind: "not-done", reason: "exception:2" }]);
  t.like(await ended(), { outcome: { kind: "failed", reason: "exception:2" }, attempts: 1 });
  t.is(sentAt().length, 1);
});

test("nothing is begun once the order has expired", async (t) => {
  const { ended, sentAt } = rig([{ kind: "not-done", reason: "link-closed" }]);
  const rule = { ...RULE, retries: 20, retryEveryMs: 400, expiryMs: 1500 };
  t.like(await ended({ rule }), {
    outcome: { kind: "failed", reason: "link-closed" },
    attempts: 3,
  });
  t.deepEqual(sentAt(), [0, 500, 1000]);
});

test("an order that was called off sends nothing more", async (t) => {
  const { ended, sentAt } = rig([{ kind: "not-done" }]);
  await ended({ isOff: () => sentAt().length > 0 });
  t.is(sentAt().length, 1);
});

test("what is to be checked first is not written where it is so already", async (t) => {
  const standing = rig([{ kind: "done" }], true);
  t.like(await standing.ended({ isCheck: true }), { outcome: { kind: "obeyed" }, attempts: 0 });
  const fallen = rig([{ kind: "done" }]);
  t.like(await fallen.ended({ isCheck: true }), { outcome: { kind: "obeyed" }, attempts: 1 });
});

test("without a read-back the device's word counts, and a doubt is a failure", async (t) => {
  const rule = { ...RULE, verify: false };
  const confirmed = rig([{ kind: "done", isDone: false }]);
  t.like(await confirmed.ended({ rule }), { outcome: { kind: "obeyed", readBack: null } });
  const doubtful = rig([{ kind: "unknown", isDone: true }]);
  t.like(await doubtful.ended({ rule }), { outcome: { kind: "failed", reason: "timeout" } });
});

test("on a line that may give back what is sent the device's word is no more than a repetition", async (t) => {
  const rule = { ...RULE, verify: false };
  const plain = rig([{ kind: "done" }]);
  t.like(await plain.ended({ rule }), { outcome: { kind: "obeyed", isRepeat: false } });
  const echoing = rig([{ kind: "done" }], false, true);
  t.like(await echoing.ended({ rule }), { outcome: { kind: "obeyed", isRepeat: true } });
  const read = rig([{ kind: "done" }], false, true);
  t.like(await read.ended(), { outcome: { kind: "obeyed", readBack: true, isRepeat: false } });
});

test("an output that cannot be read back does not obey, and a bus that is full is tried again", async (t) => {
  const { ended, unreadable } = rig([{ kind: "done" }]);
  unreadable("exception:4");
  t.like(await ended(), { outcome: { kind: "failed", reason: "exception:4" }, attempts: 4 });
  const full = rig(["busy", { kind: "done" }]);
  t.like(await full.ended(), { outcome: { kind: "obeyed" }, attempts: 2 });
});
