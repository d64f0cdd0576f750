import test from "ava";
import fc from "fast-check";
import { RULES, type Rules, violationsOf } from "../simulated/rollout-model.ts";
import { ringOf, shareOf } from "./membership.ts";
import { type Plan, readPlan } from "./plan.ts";
import type { Rollout } from "./rollout.ts";

test("over random fleets, plans, faults and wishes nothing is done that must never be", (t) => {
  const property = fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
    t.deepEqual(violationsOf(seed, RULES), [], `seed ${seed}`);
  });
  fc.assert(property, { numRuns: 40 });
  t.pass();
});

/** Rules that are wrong in one thing each, and what that leads to. */
const MUTANTS: Readonly<Record<string, { readonly rules: Rules; readonly seen: RegExp }>> = {
  "an install counts as a success": {
    rules: {
      ...RULES,
      reported: (task, report, release, now) =>
        report.kind === "result" && report.outcome === "done" && task.state === "ordered"
          ? { ...task, state: "proved" }
          : RULES.reported(task, report, release, now),
    },
    seen: /before it was proved|failures/,
  },
  "a proof on trial counts as a success": {
    rules: {
      ...RULES,
      reported: (task, report, release, now) =>
        RULES.reported(
          task,
          report.kind === "proof"
            ? { ...report, proof: { ...report.proof, trial: false } }
            : report,
          release,
          now,
        ),
    },
    seen: /before it was proved|failures/,
  },
  "the dark are not counted": {
    rules: {
      ...RULES,
      stepsOf: (rollout, fleet, now) =>
        RULES.stepsOf(withRings(rollout, { maxDarkPercent: 100 }), fleet, now),
    },
    seen: /dark/,
  },
  "silence beyond the deadline is no failure": {
    rules: {
      ...RULES,
      stepsOf: (rollout, fleet, now) =>
        RULES.stepsOf(withRings(rollout, { deadlineMs: 1e12 }), fleet, now),
    },
    seen: /failures/,
  },
  "a lapse is no failure": {
    rules: {
      ...RULES,
      reported: (task, report, release, now) =>
        task.state === "proved" ? task : RULES.reported(task, report, release, now),
    },
    seen: /failures/,
  },
  "an abort can be resumed": {
    rules: {
      ...RULES,
      wished: (rollout, wish, now) =>
        wish === "resume" && rollout.state === "aborted"
          ? { ...rollout, state: "running" }
          : RULES.wished(rollout, wish, now),
    },
    seen: /after an abort/,
  },
};

function withRings(rollout: Rollout, over: object): Rollout {
  const rings = rollout.plan.rings.map((ring) => ({ ...ring, ...over }));
  return { ...rollout, plan: { ...rollout.plan, rings } };
}

for (const [name, { rules, seen }] of Object.entries(MUTANTS)) {
  test(`the model notices where ${name}`, (t) => {
    let seed = 0;
    const isFound = () => violationsOf(seed, rules).some((each) => seen.test(each));
    while (seed < 200 && !isFound()) seed++;
    t.true(seed < 200, "found within 200 seeds");
  });
}

function planOf(upTo: readonly number[], canaries: readonly string[] = []): Plan {
  const limits = { maxFailurePercent: 0, maxDarkPercent: 0, soakMs: 0, deadlineMs: 60_000 };
  const rings = upTo.map((share) => ({ upTo: share, wave: 1, ...limits }));
  const names = { id: "r", release: "2", counter: 2, hardware: "a", channel: "b" };
  const plan = readPlan({ ...names, canaries, rings });
  if ("id" in plan) return plan;
  throw new Error(plan.join("; "));
}

const PLAN = planOf([1, 10, 40, 100], ["gw-17"]);
const fleetOf = (size: number) => Array.from({ length: size }, (_, i) => `gw-${i}`);

/** What is wrong with a way of choosing rings for a fleet: nothing with ours. */
function choiceFaults(
  choose: (plan: Plan, salt: string, gateway: string, fleet: readonly string[]) => number,
): readonly string[] {
  const faults: string[] = [];
  const [small, large] = [fleetOf(300), fleetOf(400)];
  const rings = (salt: string, fleet: readonly string[]) =>
    small.map((gateway) => choose(PLAN, salt, gateway, fleet));
  const [now, grown, other] = [rings("a", small), rings("a", large), rings("b", small)];
  if (now.some((ring, i) => ring !== grown[i])) faults.push("unstable");
  const early = (all: readonly number[]) =>
    small.filter((gateway, i) => all[i] === 1 && gateway !== "gw-17");
  const both = early(now).filter((gateway) => early(other).includes(gateway));
  if (both.length > early(now).length / 2) faults.push("unsalted");
  return faults;
}

test("a gateway stays in its ring however the fleet grows, and is in others in other rollouts", (t) => {
  t.deepEqual(choiceFaults(ringOf), []);
  t.deepEqual(
    choiceFaults((plan, _, gateway) => ringOf(plan, "", gateway)),
    ["unsalted"],
  );
  const byRank = (plan: Plan, salt: string, gateway: string, fleet: readonly string[]) => {
    const sorted = fleet.toSorted((a, b) => shareOf(salt, a) - shareOf(salt, b));
    const share = (100 * sorted.indexOf(gateway)) / fleet.length;
    return plan.rings.findIndex(({ upTo }) => share < upTo);
  };
  t.deepEqual(choiceFaults(byRank), ["unstable"]);
});

test("each ring has about its share of the fleet, and canaries are in the first", (t) => {
  const fleet = fleetOf(20_000);
  const counts = PLAN.rings.map(
    (_, ring) => fleet.filter((gateway) => ringOf(PLAN, "salt", gateway) === ring).length,
  );
  const shares = counts.map((count) => count / 200);
  for (const [ring, expected] of [1, 9, 30, 60].entries()) {
    t.true(Math.abs((shares[ring] ?? 0) - expected) < 1, `ring ${ring}: ${shares[ring]} %`);
  }
  t.is(ringOf(PLAN, "any salt", "gw-17"), 0);
});

test("a plan whose rings shrink, or leave some out, is refused with what is wrong", (t) => {
  const wrong = (upTo: readonly number[]) => t.throws(() => planOf(upTo))?.message;
  t.regex(wrong([50, 10, 100]) ?? "", /at least as far/);
  t.regex(wrong([1, 50]) ?? "", /must reach 100/);
  t.deepEqual(readPlan({ ...PLAN, wave: 3 }), ['plan: Unrecognized key: "wave"']);
});
