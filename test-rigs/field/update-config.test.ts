import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test, { type ExecutionContext } from "ava";
import { openOutputModule } from "../plant/output-module.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

/** A gateway that runs, and `lifeline update config` of a file with a changed configuration. */
async function rig(t: ExecutionContext) {
  t.timeout(240_000);
  const module = await openOutputModule(2);
  t.teardown(() => module.close());
  const home = gatewayHome(
    `buses: { out: { kind: modbus-tcp, host: 127.0.0.1, port: ${module.port} } }
devices: { gas: { bus: out, unit: 1, every: 100ms, points: { low: { area: holding, address: 0, type: uint16 } } } }
alarms: { high: { point: gas.low, high: 50, severity: red } }`,
    { isSynced: true },
  );
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  const before = readFileSync(home.config, "utf8");
  const others = mkdtempSync(join(home.dir, "others-"));
  const start = (change: (yaml: string) => string, ...args: readonly string[]) => {
    const file = join(others, "new.yaml");
    writeFileSync(file, change(before));
    const words = ["update", "config", file, "--config", home.config, "--lang", "en", ...args];
    return startChild(process.execPath, [MAIN, ...words]);
  };
  const update = async (...all: Parameters<typeof start>) => {
    const child = start(...all);
    const code = await child.exited;
    return { code, text: child.lines.join("\n") };
  };
  const file = () => readFileSync(home.config, "utf8");
  const isClean = () =>
    ["proposed", "candidate", "trial"].every((end) => !existsSync(`${home.config}.${end}`));
  return { gateway, module, home, before, start, update, file, isClean };
}

const withMore = (yaml: string) =>
  yaml.replace(
    "points: { low:",
    "points: { more: { area: holding, address: 1, type: uint16 }, low:",
  );

test("another configuration is tried by the gateway that runs, and kept once it does well", async (t) => {
  const { home, before, update, file, isClean } = await rig(t);
  const dry = await update(withMore, "--dry-run");
  t.is(dry.code, 0, dry.text);
  t.regex(dry.text, /would be tried; nothing was done/);
  t.is(file(), before);
  t.true(isClean());
  const kept = await update(withMore, "--json");
  t.is(kept.code, 0, kept.text);
  t.like(JSON.parse(kept.text), { outcome: "kept", cause: "healthy" });
  t.is(file(), withMore(before));
  t.true(isClean());
  const { points } = await home.status();
  t.true(points.some(({ point }) => point === "gas.more"));
  const again = await update(withMore);
  t.regex(again.text, /is what is in use/);
});

test("a trial that somebody ends is told of as put back", async (t) => {
  const { home, before, start, file, isClean } = await rig(t);
  const trying = start(withMore);
  await trying.waitFor(/the gateway tries it/, 60_000);
  await until("it to run", 60_000, async () => {
    const { points } = await home.status().catch(() => ({ points: [] as { point: string }[] }));
    return points.some(({ point }) => point === "gas.more");
  });
  const args = ["config", "rollback", "--config", home.config];
  t.is(await startChild(process.execPath, [MAIN, ...args]).exited, 0);
  t.is(await trying.exited, 1);
  t.regex(trying.lines.join("\n"), /was put back.*somebody ended the trial/);
  t.is(file(), before);
  t.true(isClean());
});

test("what is wrong, for another gateway, or comes while an alarm stands is not tried", async (t) => {
  const { home, module, before, update, file, isClean } = await rig(t);
  const wrong = await update((yaml) => yaml.replace("area: holding", "area: holdin"));
  t.is(wrong.code, 1);
  t.regex(wrong.text, /new\.yaml:\d+:\d+/, "as lifeline check says");
  const other = await update((yaml) => yaml.replace("id: gw-test", "id: gw-other"));
  t.is(other.code, 1);
  t.regex(other.text, /it is for gw-other; nothing was changed/);
  module.registers[0] = 60;
  await until("the alarm", 60_000, async () => (await home.status()).alarms[0]?.state !== "normal");
  const alarmed = await update(withMore);
  t.is(alarmed.code, 1);
  t.regex(alarmed.text, /alarm high is .*nothing was changed/);
  t.is(file(), before);
  t.true(isClean());
});

test("without a gateway that runs nothing is tried", async (t) => {
  const { gateway, before, update, file, isClean } = await rig(t);
  await gateway.end("SIGTERM");
  const { code, text } = await update(withMore);
  t.is(code, 1);
  t.regex(text, /no gateway runs that could try it/);
  t.is(file(), before);
  t.true(isClean());
});
