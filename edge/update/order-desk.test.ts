import test from "ava";
import { SIM_EPOCH } from "../../test-rigs/sim/clock.ts";
import { SLOT, UpdateFolder } from "../../test-rigs/sim/update-folder.ts";
import { updatingRig } from "../../test-rigs/sim/updating-rig.ts";
import type { Done } from "../command/result.ts";
import type { WallMs } from "../core/time.ts";
import { updateOrderIn } from "../core/update-notes.ts";
import type { Updating } from "./updating.ts";

type Times = { readonly notBefore?: number; readonly until?: number };

function give(
  updating: Updating,
  release: string | null,
  { notBefore, until }: Times = {},
): Promise<Done> {
  const times = { notBefore: (notBefore ?? null) as WallMs, until: (until ?? null) as WallMs };
  return updating.order({ kind: "update", release, ...times }, "op", () => true);
}

test("an order is written for whoever installs, and answered as accepted", async (t) => {
  const folder = new UpdateFolder();
  const { memory, start } = updatingRig(folder);
  const { updating } = await start();
  const until = SIM_EPOCH + 3_600_000;
  const answer = await give(updating, "amd64/stable/0.3.0", { until });
  t.like(answer, { outcome: "done", result: { state: "accepted", release: "amd64/stable/0.3.0" } });
  t.deepEqual(updateOrderIn(folder.text("order")), {
    ...{ v: 1, release: "amd64/stable/0.3.0", by: "op", notBefore: null, until: until as WallMs },
    command: { key: "op", nonce: "a-1" },
  });
  t.like(memory.update, { id: "a-1", release: "amd64/stable/0.3.0" });
  t.is(updating.orderedBy("a-1"), "amd64/stable/0.3.0");
  t.is(updating.orderedBy("a-2"), null);
  t.like(updating.status().order, { release: "amd64/stable/0.3.0", by: "op" });
});

test("what cannot be installed here is refused at once, and nothing is written", async (t) => {
  const folder = new UpdateFolder();
  const { start } = updatingRig(folder, { update: { hardware: null, channel: "stable" } });
  const { updating } = await start();
  t.is((await give(updating, "rpi-arm64/stable/0.3.0")).code, "ota.hardware");
  t.is((await give(updating, "amd64/beta/0.3.0")).code, "ota.channel");
  t.is(
    (await give(updating, "amd64/stable/0.3.0", { until: SIM_EPOCH - 1 })).code,
    "update.too-late",
  );
  folder.try("0.3.0", "0.2.0");
  t.is((await give(updating, "amd64/stable/0.4.0")).code, "command.busy");
  t.is(folder.text("order"), null);
  const checkout = await updatingRig(new UpdateFolder(null)).start();
  t.is((await give(checkout.updating, "amd64/stable/0.3.0")).code, "command.unsupported");
});

test("an order that has not begun is taken back, superseded, or over when its time is", async (t) => {
  const folder = new UpdateFolder();
  const { clock, done, start } = updatingRig(folder);
  const { updating, end } = await start();
  t.is((await give(updating, null)).code, "command.failed", "there is none");
  await give(updating, "amd64/stable/0.3.0");
  t.like(await give(updating, null), { outcome: "done", result: { state: "taken-back" } });
  t.is(folder.text("order"), null);
  await give(updating, "amd64/stable/0.3.0");
  await give(updating, "amd64/stable/0.4.0", { until: SIM_EPOCH + 60_000 });
  await clock.advance(71_000);
  t.is(folder.text("order"), null);
  t.deepEqual(
    done.map(({ code }) => code),
    ["update.taken-back", "update.superseded", "update.too-late"],
  );
  await end();
});

test("the outcome is told by whichever process finds it, once", async (t) => {
  const folder = new UpdateFolder(SLOT);
  const { clock, done, start } = updatingRig(folder);
  const ordered = await start();
  await give(ordered.updating, "amd64/stable/0.3.0");
  await clock.advance(11_000);
  await ordered.end();
  folder.note("installed", { release: "0.3.0", command: "a-1" });
  const candidate = await start();
  await clock.advance(11_000);
  await candidate.end();
  t.deepEqual(done, []);
  folder.note("rolled-back", { release: "0.3.0", reason: "update.loop-hung", command: "a-1" });
  const back = await start();
  await clock.advance(11_000);
  await back.end();
  const again = await start();
  await clock.advance(11_000);
  await again.end();
  t.like(done, [
    {
      ...{ outcome: "failed", code: "command.failed" },
      result: { state: "rolled-back", reason: "update.loop-hung" },
    },
  ]);
  t.is(done.length, 1);
});

test("the steps of another release, or of what a person installs, are not its outcome", async (t) => {
  const folder = new UpdateFolder();
  const { clock, done, start } = updatingRig(folder);
  const { updating, end } = await start();
  await give(updating, "amd64/stable/0.3.0");
  folder.note("committed", { release: "0.4.0" });
  folder.note("committed", { release: "0.3.0", command: "b-9" });
  await clock.advance(11_000);
  t.deepEqual(done, []);
  folder.note("committed", { release: "0.3.0" });
  await clock.advance(11_000);
  t.like(done, [{ outcome: "done", result: { state: "committed", release: "0.3.0" } }]);
  await end();
});

test("an order that the disk does not take is not accepted", async (t) => {
  const folder = new UpdateFolder();
  const { memory, start } = updatingRig(folder);
  const { updating } = await start();
  folder.takes = false;
  await t.throwsAsync(give(updating, "amd64/stable/0.3.0"), { message: /full/ });
  t.is(memory.update, null);
});

test("a disk that hangs holds up neither the gateway nor the next command", async (t) => {
  const folder = new UpdateFolder();
  const { clock, start } = updatingRig(folder);
  const { updating, end } = await start();
  folder.hangs = true;
  const answer = give(updating, "amd64/stable/0.3.0");
  await clock.advance(10_001);
  t.like(await answer, { outcome: "unknown", code: "update.unwritten" });
  t.is(updating.status().order, null);
  await end();
});
