import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

/** A gateway whose process first runs `script`, in its main thread and in the buffer's. */
function gatewayAfter(script: string) {
  const home = gatewayHome("buses: {}\ndevices: {}");
  const preload = `data:text/javascript,${encodeURIComponent(script)}`;
  const start = () =>
    startChild(process.execPath, ["--import", preload, MAIN, "run", "--config", home.config]);
  return { ...home, start };
}

test("a gateway whose disk hangs says so and ends when it is told to", async (t) => {
  const hang = join(gatewayHome("").dir, "hang");
  const { start, status } = gatewayAfter(`
    import { existsSync } from "node:fs";
    import { isMainThread, parentPort } from "node:worker_threads";
    const nap = new Int32Array(new SharedArrayBuffer(4));
    if (!isMainThread) parentPort.on("message", () => {
      while (existsSync(${JSON.stringify(hang)})) Atomics.wait(nap, 0, 0, 50);
    });`);
  const gateway = start();
  t.teardown(() => rmSync(hang, { force: true }));
  await gateway.waitFor(/gateway gw-test runs/, 60_000);
  await until("its start is stored", 20_000, async () => (await status()).buffer.heads.events > 0);
  writeFileSync(hang, "");
  process.kill(gateway.pid, "SIGTERM");
  await gateway.waitFor(/what could not be stored is lost: readings 0, events 1/, 20_000);
  await gateway.waitFor(/the disk of the buffer hangs/, 20_000);
  t.is(await gateway.exited, "SIGKILL");
});

test("a gateway that dies before its control socket is there tells why, and the cause", async (t) => {
  const { start } = gatewayAfter(`
    import fs from "node:fs/promises";
    import { syncBuiltinESMExports } from "node:module";
    import { setTimeout } from "node:timers/promises";
    import { isMainThread, parentPort } from "node:worker_threads";
    const { chmod } = fs;
    if (isMainThread) fs.chmod = async (...args) => [await setTimeout(1000), await chmod(...args)];
    else parentPort.on("message", ({ request }) => {
      if (request.kind === "commit") throw new Error("the thread is broken");
    });
    syncBuiltinESMExports();`);
  const gateway = start();
  const line = await gateway.waitFor(/the gateway died of an error in the program/, 60_000);
  t.regex(line, /the buffer's thread died/);
  t.regex(line, /cause=.*the thread is broken/);
  t.is(await gateway.exited, 1);
  t.false(
    gateway.lines.some((text) => /^ {4}at /.test(text)),
    "no bare stack trace",
  );
});
