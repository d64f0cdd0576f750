import { writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import test from "ava";
import stringWidth from "string-width";
import { openLocalLedger } from "../../buffer/local.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { fileIn, fill, optionsFor, tamper, tempDir } from "../sim/buffer-rig.ts";
import { until } from "./rig.ts";

const MAIN = fileURLToPath(new URL("../../edge/main.ts", import.meta.url));

/** Runs `lifeline buffer` with `args` to its end. */
async function lifelineBuffer(...args: readonly string[]) {
  const child = startChild(process.execPath, [MAIN, "buffer", ...args]);
  const code = await child.exited;
  return { code, lines: child.lines, text: child.lines.join("\n") };
}

test("beside the running gateway and after its death the same is told, in both languages", async (t) => {
  t.timeout(120_000);
  const signal = { area: "holding", address: 0, type: "uint16", valueAt: () => 7 } as const;
  const plant = await openModbusTcp({ devices: [modbusDevice(1, [signal])] });
  t.teardown(() => plant.close());
  const { config, start, status } = gatewayHome(
    `buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} } }
devices: { d: { bus: main, unit: 1, every: 100ms, points: { x: { area: holding, address: 0, type: uint16 } } } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:1" } }`,
    { commit: "50ms" },
  );
  const gateway = await start();
  await until("some messages", 20_000, async () => (await status()).buffer.heads.readings >= 20);
  const beside = await lifelineBuffer("--config", config, "--json");
  t.is(beside.code, 0);
  const told = JSON.parse(beside.text);
  t.is(told.gateway, "gw-test");
  t.true(told.readings.count >= 20);
  t.like(told.destinations[0], { destination: "centre", isConfigured: true });
  t.is(told.destinations[0].readings, told.readings.count);
  await gateway.end("SIGKILL");
  for (const lang of ["en", "zh-CN"]) {
    const { code, lines } = await lifelineBuffer("--config", config, "--lang", lang);
    t.is(code, 0, lines.join("\n"));
    for (const line of lines) t.true(stringWidth(line) <= 80 || line.includes(".db"), line);
    t.regex(lines.join("\n"), lang === "en" ? /^centre +\d+ +\d+ +20\d\d-/m : /待送消息/);
  }
  const verified = await lifelineBuffer("verify", "--config", config, "--json");
  t.is(verified.code, 0, verified.text);
  t.like(JSON.parse(verified.text), { ok: true, findings: [] });
  const again = JSON.parse((await lifelineBuffer("--config", config, "--json")).text);
  t.true(again.readings.to >= told.readings.to, "what the dead gateway had committed");
});

test("a buffer that is not there, or is no database, is told with what to do; exit code 1", async (t) => {
  const { config, dir } = gatewayHome("buses: { main: { kind: modbus-tcp, host: 127.0.0.1 } }");
  const none = await lifelineBuffer("--config", config);
  t.is(none.code, 1);
  t.regex(none.text, /There is no database .*lifeline\.db.*Start the gateway/s);
  const noise = `${dir}/noise.db`;
  writeFileSync(noise, Buffer.alloc(8192, 0xa5));
  const { code, text } = await lifelineBuffer("--database", noise, "--json");
  t.is(code, 1);
  t.is(JSON.parse(text).error.code, "buffer.damaged");
});

test("verify names what is damaged in both languages, and exits 1", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 10);
  await ledger.close();
  tamper(dir, (db) => db.exec("UPDATE batch SET body = x'00' WHERE seq IN (4, 5)"));
  const en = await lifelineBuffer("verify", "--database", fileIn(dir));
  t.is(en.code, 1);
  t.regex(en.text, /^DAMAGED:\n {2}messages 4-5: not what was stored/m);
  const zh = await lifelineBuffer("verify", "--database", fileIn(dir), "--lang", "zh-CN");
  t.is(zh.code, 1);
  t.regex(zh.text, /已损坏：\n {2}消息 4-5: 校验和错误/);
  for (const line of [...en.lines, ...zh.lines].filter((each) => !each.includes(dir)))
    t.true(stringWidth(line) <= 80, line);
});

test("an action that is none is misuse", async (t) => {
  const { code, text } = await lifelineBuffer("verfy");
  t.is(code, 2);
  t.regex(text, /buffer takes nothing, or verify/);
});
