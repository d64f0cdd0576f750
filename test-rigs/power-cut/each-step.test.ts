import process from "node:process";
import type { ExecutionContext } from "ava";
import { CutDisk, type StepTally } from "./each-step.ts";
import { GATEWAY_FLOWS } from "./gateway/flows.ts";
import { identityFlows } from "./gateway/identity-flows.ts";
import { SEAL_FLOWS } from "./gateway/seal-flows.ts";
import { testOnDisk } from "./test-on-disk.ts";
import { earlyStarts, updateFlows } from "./updates/flows.ts";

/** So much harm shows that the cuts would find what is not flushed. */
const HARM = 5;
const seed = Number(process.env.POWER_CUT_SEED ?? Date.now() % 2 ** 32);

/** How many cuts of which flows are made here; `npm run power-cuts -- --updates` makes all. */
const SOME: readonly (readonly [string, number])[] = [
  ["fetching and installing by a delta", 4],
  ["going back by the guard, from what says that it fails", 2],
  ["a configuration on trial that is kept", 2],
  ["enrolment", 2],
  ["sealing what was renewed", 2],
  ["another identity in place of another board's", 2],
];

testOnDisk(
  "wherever updates, configuration and identity are cut off, the box starts and goes on",
  async (t: ExecutionContext) => {
    t.timeout(180_000);
    t.log(`to draw the same moments again: POWER_CUT_SEED=${seed}`);
    await using disk = await CutDisk.start();
    const identity = identityFlows();
    t.teardown(() => identity.close());
    const flows = [...updateFlows(), ...GATEWAY_FLOWS, ...SEAL_FLOWS, ...identity.flows];
    const tallies: StepTally[] = [];
    for (const [name, most] of SOME) {
      const flow = flows.find((each) => each.name === name);
      if (flow === undefined) return t.fail(`there is no flow ${name}`);
      tallies.push(await disk.cut(flow, { seed, most, isFlushed: true }));
    }
    t.deepEqual(
      tallies.flatMap(({ faults }) => faults),
      [],
    );
    t.true(tallies.every(({ steps, cuts }) => steps > 0 && cuts > 0));
    t.deepEqual(await disk.cutAgain(earlyStarts("candidate"), 3, seed), []);

    const unflushed = flows.find(({ name }) => name === "the first start of a candidate")!;
    const mutant = await disk.cut(unflushed, { seed, isFlushed: false, enough: HARM });
    t.log(...mutant.faults);
    t.true(mutant.broken >= HARM, "what is not flushed is not found");
  },
);
