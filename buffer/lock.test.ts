import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test, { type ExecutionContext } from "ava";
import { tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { takeLock } from "./lock.ts";

const BUSY = { code: "SQLITE_BUSY" };

/** Another process that has taken the lock `file` and holds it until it is killed. */
async function holder(t: ExecutionContext, file: string): Promise<ChildProcess> {
  const module = JSON.stringify(new URL("./lock.ts", import.meta.url).href);
  const code = `import { takeLock } from ${module};
    globalThis.lock = takeLock(${JSON.stringify(file)});
    process.stdout.write("held");
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.teardown(() => child.kill("SIGKILL"));
  if (child.stdout === null) throw new Error("no output to wait for");
  await once(child.stdout, "data");
  return child;
}

test("a lock is had once in a process, and again after it was given back", (t) => {
  const file = join(tempDir(t), "lifeline.lock");
  const lock = takeLock(file);
  t.throws(() => takeLock(file), BUSY);
  lock.close();
  takeLock(file).close();
});

test("a lock that another process holds is busy; its death frees it", async (t) => {
  const file = join(tempDir(t), "lifeline.lock");
  const child = await holder(t, file);
  t.throws(() => takeLock(file), BUSY);
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  takeLock(file).close();
});

test("a lock takes no space on the disk, so that a full one can be locked", (t) => {
  const dir = tempDir(t);
  const file = join(dir, "lifeline.lock");
  const lock = takeLock(file);
  t.is(statSync(file).size, 0);
  t.deepEqual(readdirSync(dir), ["lifeline.lock"]);
  lock.close();
  t.is(statSync(file).size, 0);
});

test("a lock file that is damaged keeps nobody out", (t) => {
  const file = join(tempDir(t), "lifeline.lock");
  writeFileSync(file, "no database ".repeat(100));
  const lock = takeLock(file);
  t.throws(() => takeLock(file), BUSY);
  lock.close();
});
