import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import { testWith } from "../debian/test-with.ts";
import { startChild } from "../processes/child.ts";
import { compiledLibrary } from "../processes/compiled.ts";
import { SECOND } from "../scenarios/site-config.ts";
import { tempDir } from "../sim/buffer-rig.ts";
import { scratchDirectory } from "../sim/scratch.ts";
import { Orders } from "./orders.ts";
import type { Outcome } from "./story.ts";

const STORY = fileURLToPath(new URL("story.ts", import.meta.url));
const LIBRARY = new URL("refusing.c", import.meta.url);

/** Tells the story `name` in a process whose disk refuses what the story orders. */
async function tell(t: ExecutionContext, name: string): Promise<Outcome> {
  const seed = Number(process.env.BAD_DISK_SEED ?? Date.now() % 2 ** 32);
  t.log(`to draw the same errors again: BAD_DISK_SEED=${seed}`);
  const orders = join(tempDir(t), "orders");
  Orders.make(orders);
  const dir = scratchDirectory();
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const story = startChild("env", [
    `LD_PRELOAD=${compiledLibrary(LIBRARY)}`,
    `REFUSING_DIR=${dir}`,
    `REFUSING_ORDERS=${orders}`,
    process.execPath,
    STORY,
    name,
    dir,
    orders,
    String(seed),
  ]);
  const line = await story.waitFor(/^outcome /, 110_000);
  await story.exited;
  return JSON.parse(line.slice("outcome ".length)) as Outcome;
}

/** Expects that everything was measured, judged in time and told, and nothing is missing. */
function expectWhole(t: ExecutionContext, outcome: Outcome, failing: readonly string[]): void {
  t.deepEqual(outcome.failing, failing);
  t.true(outcome.failed > 0);
  t.true(outcome.judgedMs < 2 * SECOND, "an alarm is judged at once");
  t.is(outcome.told, outcome.turns, "each turn is told, once");
  t.true(outcome.tellsMs < 2 * SECOND, "with the time at which it was");
  t.true(outcome.longestGapMs < 1.5 * SECOND, "no second is missing");
  t.is(outcome.refused, 0);
  t.deepEqual(outcome.streams, [
    { gaps: 0, conflicts: 0 },
    { gaps: 0, conflicts: 0 },
  ]);
  t.is(outcome.broken, null);
  t.false(
    outcome.files.some((name) => name.includes("damaged")),
    "no database is given up",
  );
}

for (const [name, title, failing] of [
  ["each-write", "a disk that fails at any one write costs nothing", ["buffer.io"]],
  [
    "eio-for-an-hour",
    "a disk that fails for an hour costs nothing, and is used again by itself",
    ["buffer.io"],
  ],
  [
    "read-only-for-an-hour",
    "a file system that turns read-only and back while it runs costs nothing",
    ["buffer.read-only"],
  ],
] as const) {
  testWith("gcc", "libc6-dev")(title, async (t: ExecutionContext) => {
    t.timeout(120_000);
    expectWhole(t, await tell(t, name), failing);
  });
}
