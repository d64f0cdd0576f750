import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { startChild, tempDir } from "../../test-rigs/processes/child.ts";
import { alone } from "./lock.ts";

const HOLDER = `
import { alone } from ${JSON.stringify(join(import.meta.dirname, "lock.ts"))};
await alone(process.argv[1], () => { console.log("has it"); return new Promise(() => setInterval(() => {}, 1000)); });
`;

test("one at a time has it, and whoever comes second is told who", async (t) => {
  const file = join(tempDir("lock"), "update.lock");
  const inside = await alone(file, async () => {
    const second = alone(file, () => Promise.resolve("no"));
    const error = await t.throwsAsync(second, { code: "ota.running" });
    t.regex(`${error?.message}`, new RegExp(`process ${process.pid} `));
    return "yes";
  });
  t.is(inside, "yes");
  t.is(await alone(file, () => Promise.resolve("again")), "again");
});

test("whatever becomes of the work, it is given back", async (t) => {
  const file = join(tempDir("lock"), "update.lock");
  const failing = alone(file, () => Promise.reject(new Error("the work failed")));
  await t.throwsAsync(failing, { message: "the work failed" });
  t.is(await alone(file, () => Promise.resolve(1)), 1);
});

test("a process that was killed has it no more", async (t) => {
  t.timeout(120_000);
  const file = join(tempDir("lock"), "update.lock");
  const holder = startChild(process.execPath, ["--input-type=module", "-e", HOLDER, file]);
  await holder.waitFor(/has it/, 60_000);
  await t.throwsAsync(
    alone(file, () => Promise.resolve()),
    { code: "ota.running" },
  );
  await holder.end("SIGKILL");
  // What holds it for the killed one ends by itself, a moment later.
  for (let tries = 0; ; tries++) {
    try {
      t.is(await alone(file, () => Promise.resolve("free")), "free");
      break;
    } catch (error) {
      if (tries > 300) throw error;
    }
  }
});

test("where it cannot be made, that is told", async (t) => {
  const file = join(tempDir("lock"), "missing", "update.lock");
  await t.throwsAsync(
    alone(file, () => Promise.resolve()),
    { code: "ota.disk" },
  );
  t.false(existsSync(file));
});

test("who may hold it but not write into it holds it all the same", async (t) => {
  const folder = tempDir("lock");
  const inside = await alone(folder, async () => {
    const second = alone(folder, () => Promise.resolve("no"));
    await t.throwsAsync(second, { code: "ota.running" });
    return "yes";
  });
  t.is(inside, "yes");
});
