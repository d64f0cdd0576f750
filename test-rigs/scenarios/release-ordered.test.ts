import test, { type ExecutionContext } from "ava";
import type { JournalLine } from "../../edge/core/update-notes.ts";
import { updateOrderIn, verdictIn } from "../../edge/core/update-notes.ts";
import { commander } from "../centre/commander.ts";
import { inOrder, topicOf } from "../sim/received.ts";
import { SLOT, UpdateFolder } from "../sim/update-folder.ts";
import { Site } from "./site.ts";
import { MINUTE, SECOND } from "./site-config.ts";

const OLD = { ...SLOT, name: "0.1.0" };
const ORDER = { kind: "update", release: "amd64/stable/0.2.0" };

/** A gateway of release 0.1.0 that a fleet operator may have updated, and what the centre got. */
async function fleet(t: ExecutionContext, commitMs = SECOND) {
  const operator = commander("fleet", ["update"], "gw-story");
  const folder = new UpdateFolder(OLD);
  const site = await Site.open(t, { keys: [operator.key], updates: folder, buffer: { commitMs } });
  const told = (kind: string) => {
    const own = site.broker.deliveries.filter((each) => topicOf(each) === kind);
    return own.map(({ payload }) => JSON.parse(payload));
  };
  await site.pass(MINUTE);
  const steps = (...all: readonly (readonly [JournalLine["step"], string | null])[]) => {
    for (const [step, reason] of all) folder.note(step, { reason, command: "fleet-1" });
  };
  return {
    ...{ site, folder, steps },
    order: (what: object) => {
      site.broker.tell(
        "lifeline/v1/gw-story/commands",
        Buffer.from(operator.sign(what, site.clock.now())),
      );
    },
    results: () => told("results"),
    proofs: () => told("status").flatMap(({ proof }) => (proof ? [JSON.parse(proof)] : [])),
    causes: () => {
      const events = inOrder(site.broker.deliveries, "events").map(({ message }) => message);
      const causes = events.flatMap(({ cause }) => (typeof cause === "string" ? [cause] : []));
      return causes.filter((cause) => cause.startsWith("update."));
    },
    /** The guard has another release started. */
    exchange: async (slot: typeof SLOT, isTried: boolean) => {
      await site.gateway.kill();
      folder.slot = slot;
      if (isTried) folder.try("0.2.0");
      else folder.endTrial();
      await site.pass(2 * SECOND);
      await site.gateway.start();
    },
  };
}

test("a release that was ordered is tried, kept and proven, and the order answered twice", async (t) => {
  const { site, folder, order, results, proofs, causes, steps, exchange } = await fleet(t);
  order(ORDER);
  await site.pass(5 * SECOND);
  t.like(results(), [{ id: "fleet-1", stage: "accepted", outcome: "done" }]);
  t.like(updateOrderIn(folder.text("order")), { release: ORDER.release, by: "fleet" });
  await site.gateway.running?.restarting.leave();
  steps(["installed", null], ["activated", null]);
  await exchange(SLOT, true);
  await site.pass(3 * MINUTE);
  t.like(verdictIn(folder.text("verdict")), {
    release: "0.2.0",
    verdict: "healthy",
    reason: "online",
  });
  t.like(proofs().at(-1), { slot: "0.2.0", trial: true, command: "fleet-1" });
  await folder.removeOrder();
  folder.endTrial();
  steps(["committed", null]);
  await site.pass(MINUTE);
  const committed = { state: "committed", release: "0.2.0" };
  t.like(results().at(-1), { id: "fleet-1", stage: "outcome", outcome: "done", result: committed });
  t.is(results().length, 2);
  t.like(proofs().at(-1), { slot: "0.2.0", counter: 17, trial: false, command: "fleet-1" });
  t.deepEqual(causes(), [
    ...["update.installed", "update.activated", "update.healthy", "update.committed"],
  ]);
  t.is(site.gateway.restarts, 0);
  t.is(await site.brokenPromise(), null);
});

test("a release that cannot reach the centre has itself ended, and the one before tells why", async (t) => {
  const { site, folder, order, results, causes, steps, exchange } = await fleet(t);
  order(ORDER);
  await site.pass(5 * SECOND);
  await site.gateway.running?.restarting.leave();
  steps(["installed", null], ["activated", null]);
  site.broker.goAway();
  await exchange(SLOT, true);
  await site.pass(3 * MINUTE);
  const reason = "update.destination-lost";
  t.like(verdictIn(folder.text("verdict")), { verdict: "unhealthy", reason });
  t.is(site.gateway.restarts, 1);
  steps(["tried", null], ["rolled-back", reason]);
  await exchange(OLD, false);
  site.broker.comeBack();
  await site.pass(MINUTE);
  t.like(results().at(-1), {
    ...{ id: "fleet-1", outcome: "failed", code: "command.failed" },
    result: { state: "rolled-back", reason },
  });
  t.is(results().length, 2);
  const told = ["update.installed", "update.activated", reason, "update.rolled-back"];
  t.deepEqual(causes(), told);
  t.is(await site.brokenPromise(), null);
});

test("a power cut at the commit that tells of a step: told once, the outcome owed once", async (t) => {
  for (const side of ["before", "after"] as const) {
    // So seldom that the next commit is that of the step's event.
    const { site, order, results, causes, steps } = await fleet(t, 40 * SECOND);
    order(ORDER);
    await site.pass(5 * SECOND);
    steps(["refused", "ota.hash"]);
    site.gateway.crashAtNextCommit(side);
    await site.pass(6 * SECOND);
    t.is(site.gateway.running, null, "it died of it");
    const isStored = site.gateway.storedEvents.some(
      ({ event }) => "cause" in event && event.cause === "update.refused",
    );
    t.is(isStored, side === "after");
    await site.gateway.start();
    await site.pass(MINUTE);
    t.deepEqual(causes(), ["update.refused"], side);
    t.like(results().slice(1), [{ outcome: "refused", result: { reason: "ota.hash" } }]);
    t.is(results().length, 2, side);
    t.is(await site.brokenPromise(), null);
  }
});

test("an order that has not begun is taken back by another command", async (t) => {
  const { site, folder, order, results } = await fleet(t);
  order({ ...ORDER, notBefore: site.clock.now() + 60 * MINUTE });
  await site.pass(5 * SECOND);
  order({ kind: "update", release: null });
  await site.pass(5 * SECOND);
  t.is(folder.text("order"), null);
  t.like(
    results().map(({ id, outcome, code }) => ({ id, outcome, code })),
    [
      { id: "fleet-1", outcome: "done" },
      { id: "fleet-1", outcome: "refused", code: "update.taken-back" },
      { id: "fleet-2", outcome: "done" },
    ],
  );
});
