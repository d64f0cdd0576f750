import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import Database from "better-sqlite3";
import stringWidth from "string-width";
import { openLocalLedger } from "../../buffer/local.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { event, fileIn, fill, optionsFor, tamper, tempDir } from "../sim/buffer-rig.ts";
import { until } from "./rig.ts";

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
  const { config, dir, start, status } = gatewayHome(
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
  const csv = `${dir}/all.csv`;
  const exported = await lifelineBuffer("export", "--config", config, "--out", csv, "--json");
  t.is(exported.code, 0, exported.text);
  const lines = readFileSync(csv, "utf8").trimEnd().split("\r\n");
  t.is(lines.length - 1, JSON.parse(exported.text).readings);
  t.regex(lines[1] ?? "", /^20\d\d-.*Z,\d+,d\.x,7,,good,\w{26},1,/);
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
  t.regex(zh.text, /已损坏：\n {2}消息 4-5：校验和错误/);
  for (const line of [...en.lines, ...zh.lines].filter((each) => !each.includes(dir)))
    t.true(stringWidth(line) <= 80, line);
});

test("export writes what was asked for, once, and only with --force again", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 100);
  await ledger.close();
  const from = ["export", "--database", fileIn(dir)];
  const times = ["--from", "1970-01-01T00:00:10Z", "--to", "1970-01-01T00:00:12Z"];
  const out = join(dir, "some.jsonl");
  const first = await lifelineBuffer(...from, ...times, "--points", "a.b", "--out", out);
  t.is(first.code, 0, first.text);
  t.regex(first.text, /^Written: .*some\.jsonl .*\nreadings 4, /);
  const values = readFileSync(out, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).value);
  t.deepEqual(values, [10, 10.1, 11, 11.1]);
  const second = await lifelineBuffer(...from, "--out", out, "--lang", "zh-CN");
  t.is(second.code, 1);
  t.regex(second.text, /已存在/);
  t.is((await lifelineBuffer(...from, "--out", out, "--force")).code, 0);
  t.is(readFileSync(out, "utf8").trimEnd().split("\n").length, 300);
  const parquet = await lifelineBuffer(...from, "--out", join(dir, "all.parquet"), "--json");
  t.like(JSON.parse(parquet.text), { format: "parquet", readings: 300, lost: [], removed: [] });
  t.deepEqual(
    readdirSync(dir).filter((name) => name.endsWith(".part")),
    [],
  );
});

test("an export that cannot be done says why and leaves no file", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 10);
  await ledger.close();
  const from = ["export", "--database", fileIn(dir)];
  const out = join(dir, "out.csv");
  for (const [args, code, why] of [
    [[], 2, /export needs a file/],
    [["--out", join(dir, "out.xls")], 2, /csv, jsonl or parquet/],
    [["--out", out, "--from", "soon"], 2, /--from soon: no time/],
    [["--out", out, "--from", "-1h", "--to", "-2h"], 2, /--from must be before --to/],
    [["--out", out, "--points", "a.d"], 1, /No stored point fits 'a\.d'; did you mean a\.[bc]/],
    [
      ["--out", join(dir, "nowhere", "out.csv")],
      1,
      /cannot be written: it, or its folder, is not there/,
    ],
    [["--out", out, "--database", join(dir, "none.db")], 1, /There is no database/],
  ] as const) {
    const { code: found, text } = await lifelineBuffer(...from, ...args);
    t.is(found, code, text);
    t.regex(text, why);
  }
  t.false(existsSync(out));
  tamper(dir, (db) => db.exec("UPDATE batch SET body = x'00' WHERE seq = 4"));
  const damaged = await lifelineBuffer(...from, "--out", out);
  t.is(damaged.code, 1);
  t.regex(damaged.text, /readings 27.*\nNOT in it, damaged or missing: messages 4/);
});

test("audit names what a receiver lacks and where it is, in both languages", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 20);
  await ledger.commit({ events: [event("x")] });
  await ledger.close();
  const list = join(dir, "received.csv");
  writeFileSync(list, "stream,seq\nR1,1-4\nR1,8-20\nR1,30\nE1,1\nR0,1\n");
  const of = ["audit", list, "--database", fileIn(dir)];
  const en = await lifelineBuffer(...of);
  t.is(en.code, 1);
  t.regex(
    en.text,
    /ever stored 20, at the receiver 17, it lacks 3\n.*still stored here: 3\n {4}5-7\n/,
  );
  t.regex(en.text, /has, though it never existed here: 1\n {4}30\n/);
  t.regex(en.text, /stream R0 never existed here; the receiver has 1 of it/);
  const zh = await lifelineBuffer(...of, "--lang", "zh-CN");
  t.regex(zh.text, /缺少，本机仍有存储：3\n {4}5-7\n/);
  for (const line of [...en.lines, ...zh.lines].filter((each) => !each.includes(dir)))
    t.true(stringWidth(line) <= 80, line);
  writeFileSync(list, '{"stream":"R1","from":1,"to":20}\n{"stream":"E1","seq":1}');
  const all = await lifelineBuffer(...of, "--json");
  t.is(all.code, 0);
  t.true(JSON.parse(all.text).ok);
  writeFileSync(list, "R1,1\nR1\n");
  const faulty = await lifelineBuffer(...of);
  t.is(faulty.code, 1);
  t.regex(faulty.text, /received\.csv, line 2: no stream and seq/);
  t.is((await lifelineBuffer("audit", "--database", fileIn(dir))).code, 2);
});

test("a database that is kept from others, as on a disk too full to share it, is told", async (t) => {
  const dir = tempDir(t);
  await (await openLocalLedger(optionsFor(dir))).close();
  const held = new Database(fileIn(dir));
  t.teardown(() => held.close());
  held.pragma("locking_mode = EXCLUSIVE");
  held.pragma("user_version");
  held.exec("CREATE TABLE other (x)");
  const { code, text } = await lifelineBuffer("--database", fileIn(dir));
  t.is(code, 1);
  t.regex(text, /^The gateway keeps .* to itself.*\n {2}Free space on that disk/);
});

test("an action that is none, and an option that would mean nothing, are misuse", async (t) => {
  const { code, text } = await lifelineBuffer("verfy");
  t.is(code, 2);
  t.regex(text, /buffer takes nothing, or verify/);
  const idle = await lifelineBuffer("--from", "-24h", "--force");
  t.is(idle.code, 2);
  t.regex(idle.text, /--from --force: only for lifeline buffer export/);
});
