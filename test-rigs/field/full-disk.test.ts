import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { openLedger } from "../../buffer/worker-port.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import { testAsRoot } from "../debian/test-with.ts";
import { batch, event, noisy, optionsFor, tempDir } from "../sim/buffer-rig.ts";

/** A disk of 1 MB. */
function smallDisk(t: ExecutionContext): string {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-full-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1M", "tmpfs", dir]);
  t.teardown(() => {
    execFileSync("umount", [dir]);
    rmSync(dir, { recursive: true });
  });
  return dir;
}

/** Writes the file `name` until there is no space left. */
function fillUp(dir: string, name = "other"): void {
  const { bavail, bsize } = statfsSync(dir);
  writeFileSync(join(dir, name), Buffer.alloc(bavail * bsize));
}

testAsRoot(
  "a full disk refuses commits, stores nothing of them, and is used again when there is space",
  async (t) => {
    const dir = smallDisk(t);
    const ledger = await openLedger(optionsFor(dir));
    writeFileSync(join(dir, "other"), Buffer.alloc(200_000));
    let stored = 0;
    let refused: unknown = null;
    const commit = async () => {
      await ledger.commit({ batches: [noisy(stored)] });
      stored++;
    };
    for (let n = 0; n < 1000 && refused === null; n++) {
      await commit().catch((error: unknown) => {
        refused = error;
      });
    }
    t.true(refused instanceof GatewayError);
    t.is((refused as unknown as GatewayError).code, "buffer.full");
    t.true(stored > 0);
    t.is((await ledger.state()).heads.readings, stored);
    rmSync(join(dir, "other"));
    await commit();
    t.is((await ledger.state()).heads.readings, stored);
    t.is((await ledger.readBatches(1, 10_000)).length, stored);
    await ledger.close();
  },
);

for (const [name, isClosed] of [
  ["was closed", true],
  ["has a log, as after a power cut", false],
] as const) {
  testAsRoot(`a buffer that ${name} opens on a full disk, where commits are refused`, async (t) => {
    const [home, dir] = [tempDir(t), smallDisk(t)];
    const first = await openLedger(optionsFor(home));
    await first.commit({ batches: [batch(1)], events: [event("x")] });
    if (isClosed) await first.close();
    const files = isClosed ? ["lifeline.db"] : ["lifeline.db", "lifeline.db-wal"];
    for (const file of files) copyFileSync(join(home, file), join(dir, file));
    if (!isClosed) await first.close();
    fillUp(dir);
    const second = await openLedger(optionsFor(dir));
    // A log that is moved into the database makes room.
    fillUp(dir, "more");
    t.is((await second.state()).heads.readings, 1);
    t.deepEqual(await second.readEvents(1, 1), [{ seq: 1, event: event("x") }]);
    const commit = second.commit({ batches: [noisy(2)] });
    t.is((await t.throwsAsync(commit, { instanceOf: GatewayError }))?.code, "buffer.full");
    rmSync(join(dir, "other"));
    t.deepEqual((await second.commit({ batches: [batch(2)] })).batches, [2]);
    await second.close();
  });
}
