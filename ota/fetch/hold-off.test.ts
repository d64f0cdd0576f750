import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { GatewayError } from "../../edge/core/errors.ts";
import { RepositoryBusy } from "../../edge/core/repository.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { scratchDirectory } from "../../test-rigs/sim/scratch.ts";
import { codeOf } from "../../test-rigs/tuf/trust-rig.ts";
import { HoldOff } from "./hold-off.ts";

const MIN_MS = 60_000;

class Rig {
  readonly clock = new SimClock();
  readonly file: string;
  tries = 0;

  constructor(t: ExecutionContext) {
    const folder = scratchDirectory();
    t.teardown(() => rmSync(folder, { recursive: true }));
    this.file = join(folder, "hold-off.json");
  }

  /** A run, as a new process would make it, that ends with `error`. */
  run(error: Error | null, isOrdered = false, random = 0.5): Promise<string> {
    const holdOff = new HoldOff(this.file, this.clock, () => random);
    const step = () => {
      this.tries += 1;
      return error === null ? Promise.resolve() : Promise.reject(error);
    };
    return codeOf(holdOff.around(isOrdered, step));
  }
}

const ABSENT = new GatewayError("ota.absent", "gone");

test("what is gone is asked for later and later, not again and again, over restarts too", async (t) => {
  const rig = new Rig(t);
  for (let minute = 0; minute < 7 * 24 * 60; minute += 10) {
    await rig.run(ABSENT);
    await rig.clock.advance(10 * MIN_MS);
  }
  t.true(rig.tries <= 17, `${rig.tries} tries in a week`);
  t.is(await rig.run(ABSENT), "ota.held");
});

test("what somebody orders is tried at once, and success ends the waiting", async (t) => {
  const rig = new Rig(t);
  t.is(await rig.run(ABSENT), "ota.absent");
  t.is(await rig.run(null), "ota.held");
  t.is(await rig.run(null, true), "accepted");
  t.is(await rig.run(null), "accepted");
});

test("gateways that failed together do not come back together", async (t) => {
  const waits = await Promise.all(
    [0, 0.99].map(async (random) => {
      const rig = new Rig(t);
      await rig.run(ABSENT, false, random);
      await rig.clock.advance(6 * MIN_MS);
      return await rig.run(null);
    }),
  );
  t.deepEqual(waits, ["accepted", "ota.held"]);
});

test("a server that says when to come back is not asked before, a day at the most", async (t) => {
  for (const [waitMs, afterMs, code] of [
    [180 * MIN_MS, 179 * MIN_MS, "ota.held"],
    [180 * MIN_MS, 226 * MIN_MS, "accepted"],
    [9e9, 24 * 60 * MIN_MS, "accepted"],
  ] as const) {
    const rig = new Rig(t);
    t.is(await rig.run(new RepositoryBusy("busy", waitMs)), "ota.busy");
    await rig.clock.advance(afterMs);
    t.is(await rig.run(null), code);
  }
});

test("a month that is used up, and a run that was broken off, are no failures", async (t) => {
  const rig = new Rig(t);
  t.is(await rig.run(new GatewayError("ota.budget", "used up")), "ota.budget");
  await rig.run(new Error("stopped"));
  t.is(await rig.run(null), "accepted");
});

test("what a wrong clock or a torn file says holds nothing off", async (t) => {
  const rig = new Rig(t);
  for (const text of ["", "{", "[]", '{"failures":3,"until":99999999999999,"code":"ota.absent"}']) {
    writeFileSync(rig.file, text);
    t.is(await rig.run(null), "accepted", text);
  }
});
