import test from "ava";
import { SIM_EPOCH } from "../../test-rigs/sim/clock.ts";
import { UpdateFolder } from "../../test-rigs/sim/update-folder.ts";
import { updatingRig } from "../../test-rigs/sim/updating-rig.ts";
import { verdictIn } from "../core/update-notes.ts";
import { beforeText } from "./before.ts";

const BEFORE = {
  ...{ buses: ["line"], destinations: ["centre"], isStoring: true },
};
const LOST = { buses: [], destinations: ["centre"] };

/** A release on trial, with what the release before left. */
function onTrial(before: object | null = BEFORE) {
  const folder = new UpdateFolder();
  folder.try("0.2.0");
  if (before !== null)
    folder.written.set("before", beforeText(before as never, SIM_EPOCH as never));
  return { folder, ...updatingRig(folder) };
}

test("a candidate that does well says so once its window is over, and goes on", async (t) => {
  const { folder, clock, told, steps, start } = onTrial();
  const { updating, end } = await start();
  await clock.advance(119_000);
  t.is(folder.text("verdict"), null);
  t.like(updating.status().trial, { previous: "0.1.0", tries: 1, state: "judged" });
  await clock.advance(2_000);
  t.like(verdictIn(folder.text("verdict")), {
    release: "0.2.0",
    verdict: "healthy",
    reason: "online",
  });
  t.like(told, [{ from: "trial", to: "healthy", cause: "update.healthy" }]);
  t.like(updating.status().trial, { state: "healthy", reason: "online" });
  t.deepEqual(steps, []);
  await end();
});

test("what the process that updates is at is seen at the next look; what is damaged is nothing", async (t) => {
  const { folder, clock, start } = onTrial();
  folder.progressText = '{"at":5,"step":"fetching","release":null,"code":null,"reason":null}';
  const { updating, end } = await start();
  t.like(updating.status().work, { step: "fetching", release: null, code: null });
  folder.progressText = '{"at":6,"step":"waiting","release":"0.3.0","code":"update.alarm"}';
  await clock.advance(6_000);
  t.like(updating.status().work, { step: "waiting", release: "0.3.0", code: "update.alarm" });
  folder.progressText = "{";
  await clock.advance(6_000);
  t.is(updating.status().work, null);
  await end();
});

test("one that lost a bus writes why, tells it, and has itself restarted", async (t) => {
  const { folder, clock, told, steps, world, start } = onTrial();
  world.well = { ...world.well, health: LOST };
  const { end } = await start();
  await clock.advance(149_000);
  t.deepEqual(steps, []);
  await clock.advance(2_000);
  const found = { verdict: "unhealthy", reason: "update.bus-lost" } as const;
  t.like(verdictIn(folder.text("verdict")), found);
  t.like(told, [{ to: "unhealthy", cause: "update.bus-lost", detail: { why: "line" } }]);
  t.deepEqual(steps, ["restart"]);
  await clock.advance(3_600_000);
  t.deepEqual(steps, ["restart"], "once: whoever restarts it does the rest");
  await end();
});

test("it does not end while an alarm stands, but not for ever", async (t) => {
  const { clock, steps, world, start } = onTrial();
  world.well = { ...world.well, health: LOST };
  world.alarms = [{ alarm: "gas", state: "unacknowledged" }];
  const { end } = await start();
  await clock.advance(600_000);
  t.deepEqual(steps, []);
  await clock.advance(600_000);
  t.deepEqual(steps, ["restart"]);
  await end();
});

test("a verdict that the disk does not take is told once, tried on, and counts only then", async (t) => {
  const { folder, clock, told, steps, world, start } = onTrial();
  world.well = { ...world.well, health: LOST };
  folder.takes = false;
  const { updating, end } = await start();
  await clock.advance(300_000);
  t.deepEqual(
    told.map(({ cause }) => cause),
    ["update.bus-lost", "update.unwritten"],
  );
  t.is(updating.status().trial?.state, "unwritten");
  t.deepEqual(steps, [], "the guard would find nothing, and start it again");
  folder.takes = true;
  await clock.advance(20_000);
  t.like(verdictIn(folder.text("verdict")), { verdict: "unhealthy" });
  t.deepEqual(steps, ["restart"]);
  await end();
});

test("a candidate that was found well before a power cut is not judged again", async (t) => {
  const { clock, told, world, start } = onTrial();
  await first(start, clock);
  world.well = { ...world.well, health: LOST };
  told.length = 0;
  const { updating, end } = await start();
  await clock.advance(600_000);
  t.deepEqual(told, []);
  t.like(updating.status().trial, { state: "healthy" });
  await end();
});

async function first(
  start: ReturnType<typeof updatingRig>["start"],
  clock: ReturnType<typeof updatingRig>["clock"],
) {
  const { end } = await start();
  await clock.advance(125_000);
  await end();
}

test("a release that is kept, or that another is tried beside, is not judged at all", async (t) => {
  const folder = new UpdateFolder();
  const { clock, told, start } = updatingRig(folder);
  const { updating, end } = await start();
  folder.try("0.3.0", "0.2.0");
  await clock.advance(600_000);
  t.deepEqual([told, folder.text("verdict"), updating.status().trial], [[], null, null]);
  await end();
});

test("once nobody has it on trial any more, it proves itself anew as kept", async (t) => {
  const { folder, clock, claims, steps, start } = onTrial();
  const { updating, end } = await start();
  t.is(updating.proof(), "proof-1");
  t.is(updating.proof(), "proof-1", "nothing has changed");
  await clock.advance(130_000);
  t.is(updating.proof(), "proof-1");
  folder.endTrial();
  folder.note("committed", { command: "a-7" });
  await clock.advance(11_000);
  t.deepEqual(steps, ["restate"]);
  t.is(updating.proof(), "proof-2");
  t.like(claims, [
    { gateway: "gw-1", release: "0.2.0", counter: 17, slot: "0.2.0", trial: true, command: null },
    { trial: false, command: "a-7" },
  ]);
  await end();
});

test("each step is told once, whichever process of whichever release finds it", async (t) => {
  const folder = new UpdateFolder();
  const { clock, told, memory, start } = updatingRig(folder);
  const begun = await start();
  folder.note("installed", { release: "0.3.0", from: "0.2.0" });
  folder.note("activated", { release: "0.3.0", from: "0.2.0" });
  await clock.advance(11_000);
  await begun.end();
  folder.note("tried", { release: "0.3.0" });
  folder.note("rolled-back", { release: "0.3.0", from: "0.2.0", reason: "update.memory" });
  const again = await start();
  await clock.advance(11_000);
  await again.end();
  const last = await start();
  await clock.advance(60_000);
  t.deepEqual(
    told.map(({ cause, from, to }) => [cause, from, to]),
    [
      ["update.installed", "absent", "installed"],
      ["update.activated", "installed", "trial"],
      ["update.rolled-back", "trial", "rolled-back"],
    ],
  );
  t.like(told.at(-1)?.detail, { release: "0.3.0", before: "0.2.0", reason: "update.memory" });
  t.like(last.updating.status().last, { step: "rolled-back", reason: "update.memory" });
  t.is(memory.toldTo, folder.journalText.length);
  await last.end();
});

test("of a journal that a new buffer knows nothing of, only the last steps are told", async (t) => {
  const folder = new UpdateFolder();
  for (let i = 0; i < 50; i++) folder.note("refused", { release: `0.2.${i}` });
  const { clock, told, start } = updatingRig(folder);
  const { end } = await start();
  await clock.advance(1_000);
  t.is(told.length, 20);
  t.like(told.at(-1)?.detail, { release: "0.2.49" });
  await end();
});

test("a release that is given up does not prove itself as kept while it still runs", async (t) => {
  const { folder, clock, claims, steps, start } = onTrial();
  const { updating, end } = await start();
  await clock.advance(130_000);
  folder.next = "0.1.0";
  folder.endTrial();
  folder.note("rolled-back");
  await clock.advance(60_000);
  updating.proof();
  t.deepEqual([steps, claims.map(({ trial }) => trial)], [[], [true]]);
  await end();
});
