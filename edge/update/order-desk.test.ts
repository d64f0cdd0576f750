import test from "ava";
import { SIM_EPOCH } from "../../test-rigs/sim/clock.ts";
import { SLOT, UpdateFolder } from "../../test-rigs/sim/update-folder.ts";
import { updatingRig } from "../../test-rigs/sim/updating-rig.ts";
import type { Done } from "../command/result.ts";
import type { WallMs } from "../core/time.ts";
import { updateOrderIn } from "../core/update-notes.ts";
import type { Updating } from "./updating.ts";

type Times = { readonly notBefore?: number; readonly until?: number };

function give(updating: Updating, release: string | null, { notBefore, until }: Times = {}): Done {
  const times = { notBefore: (notBefore ?? null) as WallMs, until: (until ?? null) as WallMs };
  return updating.order({ kind: "update", release, ...times }, "op", () => true);
}

test("an order is written for whoever installs, and answered as accepted", (t) => {
  const folder = new UpdateFolder();
  const { memory, start } = updatingRig(folder);
  const { updating } = start();
  const until = SIM_EPOCH + 3_600_000;
  const answer = give(updating, "amd64/stable/0.3.0", { until });
  t.like(answer, { outcome: "done", result: { state: "accepted", release: "amd64/stable/0.3.0" } });
  t.deepEqual(updateOrderIn(folder.order()), {
    ...{ v: 1, release: "amd64/stable/0.3.0", by: "op", notBefore: null, until: until as WallMs },
    command: { key: "op", nonce: "a-1" },
  });
  t.like(memory.update, { id: "a-1", release: "amd64/stable/0.3.0" });
  t.is(updating.orderedBy("a-1"), "amd64/stable/0.3.0");
  t.is(updating.orderedBy("a-2"), null);
  t.like(updating.status().order, { release: "amd64/stable/0.3.0", by: "op" });
});

test("what cannot be installed here is refused at once, and nothing is written", (t) => {
  const folder = new UpdateFolder();
  const { start } = updatingRig(folder, { update: { hardware: null, channel: "stable" } });
  const { updating } = start();
  t.is(give(updating, "rpi-arm64/stable/0.3.0").code, "ota.hardware");
  t.is(give(updating, "amd64/beta/0.3.0").code, "ota.channel");
  t.is(give(updating, "amd64/stable/0.3.0", { until: SIM_EPOCH - 1 }).code, "update.too-late");
  folder.try("0.3.0", "0.2.0");
  t.is(give(updating, "amd64/stable/0.4.0").code, "command.busy");
  t.is(folder.order(), null);
  const checkout = updatingRig(new UpdateFolder(null)).start();
  t.is(give(checkout.updating, "amd64/stable/0.3.0").code, "command.unsupported");
});

test("an order that has not begun is taken back, superseded, or over when its time is", async (t) => {
  const folder = new UpdateFolder();
  const { clock, done, start } = updatingRig(folder);
  const { updating, end } = start();
  t.is(give(updating, null).code, "command.failed", "there is none");
  give(updating, "amd64/stable/0.3.0");
  t.like(give(updating, null), { outcome: "done", result: { state: "taken-back" } });
  t.is(folder.order(), null);
  give(updating, "amd64/stable/0.3.0");
  give(updating, "amd64/stable/0.4.0", { until: SIM_EPOCH + 60_000 });
  await clock.advance(71_000);
  t.is(folder.order(), null);
  t.deepEqual(
    done.map(({ code }) => code),
    ["update.taken-back", "update.superseded", "update.too-late"],
  );
  await end();
});

test("the outcome is told by whichever process finds it, once", async (t) => {
  const folder = new UpdateFolder(SLOT);
  const { clock, done, start } = updatingRig(folder);
  const ordered = start();
  give(ordered.updating, "amd64/stable/0.3.0");
  await clock.advance(11_000);
  await ordered.end();
  folder.note("installed", { release: "0.3.0", command: "a-1" });
  const candidate = start();
  await clock.advance(11_000);
  await candidate.end();
  t.deepEqual(done, []);
  folder.note("rolled-back", { release: "0.3.0", reason: "update.loop-hung", command: "a-1" });
  const back = start();
  await clock.advance(11_000);
  await back.end();
  const again = start();
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
  const { updating, end } = start();
  give(updating, "amd64/stable/0.3.0");
  folder.note("committed", { release: "0.4.0" });
  folder.note("committed", { release: "0.3.0", command: "b-9" });
  await clock.advance(11_000);
  t.deepEqual(done, []);
  folder.note("committed", { release: "0.3.0" });
  await clock.advance(11_000);
  t.like(done, [{ outcome: "done", result: { state: "committed", release: "0.3.0" } }]);
  await end();
});

test("an order that the disk does not take is not accepted", (t) => {
  const folder = new UpdateFolder();
  const { memory, start } = updatingRig(folder);
  const { updating } = start();
  folder.takes = false;
  t.throws(() => give(updating, "amd64/stable/0.3.0"), { message: /full/ });
  t.is(memory.update, null);
});
