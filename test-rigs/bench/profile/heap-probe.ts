import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { getHeapSpaceStatistics } from "node:v8";
import { threadId } from "node:worker_threads";

/**
 * Loaded before the gateway, by `--import`, in each of its threads: tells every few seconds what V8's
 * heap is made of, which nobody outside can see, in a file of the directory HEAP_PROBE_DIR.
 */
const EVERY_MS = 5000;

const dir = process.env.HEAP_PROBE_DIR;
if (dir !== undefined) {
  setInterval(() => {
    const path = join(dir, `heap-${threadId}.json`);
    writeFileSync(`${path}.new`, JSON.stringify(getHeapSpaceStatistics()));
    renameSync(`${path}.new`, path);
  }, EVERY_MS).unref();
}
