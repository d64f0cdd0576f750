import { execFileSync, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { until } from "../field/rig.ts";
import { tempDir } from "./child.ts";
import { oneAtATime } from "./one-at-a-time.ts";

const HERE = new URL("one-at-a-time.ts", import.meta.url).href;

test("who comes second waits until the first is done, or dead", async (t) => {
  const dir = tempDir("once");
  const [lock, begun] = [join(dir, "lock"), join(dir, "begun")];
  const first = `import { writeFileSync } from "node:fs"; import { oneAtATime } from "${HERE}";
    oneAtATime("${lock}", () => {
      writeFileSync("${begun}", "");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", first]);
  t.teardown(() => child.kill("SIGKILL"));
  await until("the first to begin", 30_000, () => existsSync(begun));
  const second = `import { oneAtATime } from "${HERE}"; oneAtATime("${lock}", () => {});`;
  const run = (timeout: number) =>
    execFileSync(process.execPath, ["--input-type=module", "--eval", second], { timeout });
  t.throws(() => run(2_000), { code: "ETIMEDOUT" });
  child.kill("SIGKILL");
  t.notThrows(() => run(60_000));
});

test("what it does is given back or thrown, and the next may", (t) => {
  const lock = join(tempDir("once"), "lock");
  writeFileSync(lock, "");
  t.is(
    oneAtATime(lock, () => 7),
    7,
  );
  t.throws(() => oneAtATime(lock, () => JSON.parse("{")), { instanceOf: SyntaxError });
  t.is(
    oneAtATime(lock, () => 8),
    8,
  );
});
