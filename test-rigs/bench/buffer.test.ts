import { countedDisk } from "./buffer-disk.ts";
import { ENGINE } from "./buffer-layouts.ts";
import { measureBuffer } from "./buffer-run.ts";
import { testCounted } from "./test-counted.ts";

for (const { blockBytes, seconds, commits, most } of [
  { blockBytes: 1024, seconds: 1, commits: 200, most: 18 },
  { blockBytes: 1024, seconds: 10, commits: 30, most: 8 },
  // The journal of such an ext4 takes three blocks for every commit: 12 bytes a reading at 1 s.
  { blockBytes: 4096, seconds: 1, commits: 200, most: 36 },
  { blockBytes: 4096, seconds: 10, commits: 30, most: 8 },
] as const) {
  testCounted(
    `commits of ${seconds} s write at most ${most} bytes a reading to a device in blocks of ${blockBytes}`,
    async (t) => {
      t.timeout(60_000);
      const disk = countedDisk(128, blockBytes);
      try {
        const load = { seconds, commits, everyMs: 0 };
        const { deviceBytes } = await measureBuffer(ENGINE, load, disk.dir, disk.written);
        t.log(`${deviceBytes?.toFixed(1)} bytes a reading`);
        t.true((deviceBytes ?? Number.POSITIVE_INFINITY) <= most);
      } finally {
        disk.close();
      }
    },
  );
}
