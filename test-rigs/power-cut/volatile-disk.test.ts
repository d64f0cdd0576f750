import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { startChild, tempDir } from "../processes/child.ts";
import { testOnDisk } from "./test-on-disk.ts";

const DISK = new URL("volatile-disk.ts", import.meta.url).href;

/** A process that mounts a disk, writes on it, says where, and then does `next`. */
const script = (next: string) => `
import { writeFileSync } from "node:fs";
import { startVolatileDisk } from ${JSON.stringify(DISK)};
const disk = await startVolatileDisk(1);
disk.format();
if (disk.mount("barrier=1") !== null) throw new Error("it does not mount");
writeFileSync(disk.dir + "/file", "bytes");
console.log("mounted on " + disk.dir);
${next}`;

/** What is mounted in the directory `dir`, and the loop devices on files in it. */
function leftIn(dir: string): readonly string[] {
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
  const loops = readdirSync("/sys/block").flatMap((name) => {
    try {
      return [readFileSync(`/sys/block/${name}/loop/backing_file`, "utf8")];
    } catch {
      // It is no loop device, or one without a file.
      return [];
    }
  });
  return [...mounts, ...loops].filter((line) => line.includes(dir));
}

for (const [title, next, end] of [
  ["a disk is gone when the test that uses it fails", "throw new Error('failed');", null],
  [
    "a disk is gone when the test that uses it is killed",
    "setTimeout(() => {}, 60_000);",
    "SIGKILL",
  ],
] as const) {
  testOnDisk(title, async (t) => {
    t.timeout(90_000);
    const args = ["--input-type=module", "--eval", script(next)];
    const temporary = tempDir("user");
    const user = startChild("env", [`TMPDIR=${temporary}`, process.execPath, ...args]);
    await user.waitFor(/^mounted /, 60_000);
    if (end !== null) await user.end(end);
    else await user.exited;
    for (let look = 0; look < 400 && leftIn(temporary).length > 0; look++) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    t.deepEqual(leftIn(temporary), []);
  });
}
