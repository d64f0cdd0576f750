import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { CardWrites } from "./card-writes.ts";

test("what this thread writes is counted, and blocks more for each flush", (t) => {
  const dir = tempDir(t);
  const writes = new CardWrites(dir);
  const first = writes.afterFlush();
  if (!existsSync("/proc/thread-self/io")) {
    t.is(first, null);
    return;
  }
  const blocks = writes.afterFlush();
  writeFileSync(join(dir, "file"), new Uint8Array(1_000_000));
  const more = writes.afterFlush();
  const perFlush = (blocks ?? 0) - (first ?? 0);
  t.true(perFlush >= 2 * 512);
  // Little else is written meanwhile, by ava to its parent.
  const counted = (more ?? 0) - (blocks ?? 0) - perFlush;
  t.true(counted >= 1_000_000 && counted < 1_100_000, String(counted));
});
