import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLedger } from "../../buffer/worker-port.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { testAsRoot } from "../debian/test-with.ts";

testAsRoot(
  "a full disk refuses commits, stores nothing of them, and is used again when there is space",
  async (t) => {
    const dir = mkdtempSync(join(tmpdir(), "lifeline-full-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1M", "tmpfs", dir]);
    t.teardown(() => {
      execFileSync("umount", [dir]);
      rmSync(dir, { recursive: true });
    });
    const ledger = await openLedger({
      dir,
      gateway: "gw-test",
      maxBytes: 1e9,
      keepMs: 1e9,
      destinations: ["centre"],
      newStreams: { readings: "R", events: "E" },
    });
    writeFileSync(join(dir, "other"), Buffer.alloc(200_000));
    let stored = 0;
    let refused: unknown = null;
    const commit = async () => {
      const noise = Array.from({ length: 500 }, () => Math.random());
      const series = [{ point: "a.b", unit: null, t: noise.map((_, i) => i), v: noise, q: null }];
      await ledger.commit({ batches: [{ at: stored as WallMs, clock: "synced", series }] });
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
