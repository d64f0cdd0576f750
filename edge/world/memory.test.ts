import process from "node:process";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { machineIn } from "../../test-rigs/sim/file-tree.ts";
import { ROOTS } from "./kernel-file.ts";
import { memoryOf, processMemory } from "./memory.ts";

test("memory, swap and what the kernel ended for want of memory are told", (t) => {
  const roots = machineIn(tempDir("memory"), {
    "proc/meminfo":
      "MemTotal:     948304 kB\nMemFree: 12 kB\nMemAvailable:  40000 kB\nSwapTotal: 102396 kB\nSwapFree: 2396 kB",
    "proc/vmstat": "nr_free_pages 3\noom_kill 2\npgfault 9",
  });
  t.deepEqual(memoryOf(roots), {
    totalBytes: 948_304 * 1024,
    availableBytes: 40_000 * 1024,
    swapBytes: 102_396 * 1024,
    swapFreeBytes: 2_396 * 1024,
    killed: 2,
  });
  t.is(memoryOf(machineIn(tempDir("none"), {})), null);
});

test("what a process takes is told, and nothing of one that is gone", (t) => {
  const own = processMemory(process.pid, ROOTS);
  t.true((own?.residentBytes ?? 0) > 10_000_000);
  t.is(processMemory(2 ** 30, ROOTS), null);
});
