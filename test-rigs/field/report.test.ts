import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { spawn as spawnInTerminal } from "@lydell/node-pty";
import test from "ava";
import Database from "better-sqlite3";
import { parse } from "yaml";
import { type Commissioning, commissioningRecord } from "../../edge/papers/commissioning.ts";
import { openBroker } from "../plant/broker.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";
import { openOutputModule } from "../plant/output-module.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

const GOLDEN = join(import.meta.dirname, "../golden/papers/field-record.txt");
const USER = userInfo().username;

type Test = { teardown(end: () => unknown): void; timeout(ms: number): void };

/** Runs `lifeline` with `args` to its end. */
async function lifeline(...args: readonly string[]) {
  const child = startChild(process.execPath, [MAIN, ...args]);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

const digestOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** A level gauge on a serial line, a valve with an interlock over TCP, a broker, and the gateway. */
async function site(t: Test) {
  t.timeout(180_000);
  const gauge = modbusDevice(1, [
    { area: "input", address: 0, type: "uint16", valueAt: () => 1250 },
    { area: "input", address: 1, type: "uint16", valueAt: () => 7 },
  ]);
  const stranger = modbusDevice(3, []);
  const line = openModbusLine({ baud: 115_200, devices: [gauge, stranger] });
  t.teardown(() => line.close());
  const [valve, broker] = [await openOutputModule(), await openBroker()];
  t.teardown(() => valve.close());
  t.teardown(() => broker.close());
  const home = gatewayHome(`buses:
  line: { kind: modbus-rtu, port: ${line.path}, baud: 115200, timeout: 1s, grace: 100ms }
  act: { kind: modbus-tcp, host: 127.0.0.1, port: ${valve.port}, timeout: 1s, grace: 100ms }
devices:
  gauge:
    bus: line
    unit: 1
    every: 500ms
    points:
      level: { area: input, address: 0, type: uint16, scale: 0.001, unit: m }
      ripple: { area: input, address: 1, type: uint16 }
  valve: { bus: act, unit: 1, every: 500ms, points: { shut: { area: coil, address: 0, type: bool, write: true }, gas: { area: holding, address: 0, type: uint16 } } }
alarms:
  gas-high: { point: valve.gas, high: 50, severity: red, interlock: shut-off }
  level-high: { point: gauge.level, high: 2, severity: yellow }
interlocks: { shut-off: { write: valve.shut, value: true, release: false, test: 200ms, retryEvery: 100ms } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:${broker.port}" } }`);
  writeFileSync(
    home.config,
    readFileSync(home.config, "utf8").replace(
      "{ id: gw-test }",
      "{ id: gw-test, site: { name: 世纪大道7号, asset: RQ-310115-0007, position: [31.2304, 121.4737] } }",
    ),
  );
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  const status = async (test: (status: Awaited<ReturnType<typeof home.status>>) => boolean) =>
    until("the site to run", 20_000, async () => test(await home.status()));
  await status(
    ({ points, destinations }) =>
      points.every(({ quality }) => quality === "good") &&
      destinations.every(({ state }) => state === "connected"),
  );
  return { home, gateway, valve, line, dir: tempDir("report") };
}

test("a hand-over is recorded as PDF and JSON, which verify tells from any other file", async (t) => {
  const { home, gateway, valve, dir } = await site(t);
  const { config } = home;
  const tried = await lifeline("interlock", "test", "shut-off", "--yes", "--config", config);
  t.is(tried.code, 0, tried.text);
  valve.registers[0] = 60;
  await until("the valve to shut", 10_000, () => valve.coils[0] === true);
  valve.registers[0] = 1;
  await until("the valve to open", 10_000, () => valve.coils[0] === false);
  const photo = join(dir, "cabinet.jpg");
  writeFileSync(photo, "a photo");
  const answers = join(dir, "answers.yaml");
  writeFileSync(answers, "installer: 张伟\nremarks: 井盖已复位\nreferences: { gauge.ripple: 9 }\n");
  const args = ["report", "commissioning", "--config", config, "--answers", answers];
  const typed = ["--reference", "gauge.level=1.3±0.1", "--photo", photo, "--units", "1-4"];
  const made = await lifeline(...args, ...typed, "--out", dir, "--json", "--lang", "zh-CN");
  t.is(made.code, 1, made.text);
  const told = JSON.parse(made.text);
  t.is(told.outcome, "done");
  for (const form of ["json", "pdf"]) t.is(digestOf(told.files[form]), told.sha256[form]);

  const record = commissioningRecord.parse(JSON.parse(readFileSync(told.files.json, "utf8")));
  const kept = settled(record);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(GOLDEN, kept);
  t.is(kept, readFileSync(GOLDEN, "utf8"));
  t.deepEqual(
    told.open.map(({ code, subject }: Commissioning["open"][number]) => `${code} ${subject}`),
    [
      ...["reference-failed gauge.ripple", "alarm-untested level-high", "stranger line/3"],
      ...(record.gateway.clock === "unsynced" ? ["clock-unsynced gw-test"] : []),
    ],
  );

  const verify = (file: string, ...more: readonly string[]) =>
    lifeline("report", "verify", file, "--config", config, "--lang", "en", ...more);
  const whole = await verify(told.files.pdf);
  t.is(whole.code, 0, whole.text);
  t.regex(whole.text, new RegExp(`is the PDF of ${told.number}, recorded at .* by ${USER} `));
  const changed = join(dir, "changed.json");
  writeFileSync(changed, readFileSync(told.files.json, "utf8").replace('"fail"', '"pass"'));
  const forged = await verify(changed);
  t.is(forged.code, 1);
  t.regex(forged.text, /is NOT the JSON of .* it was changed or exchanged/);
  const audit = await lifeline("alarms", "audit", "--config", config, "--lang", "en");
  t.is(audit.code, 0, audit.text);

  await gateway.end("SIGTERM");
  t.is((await verify(told.files.json)).code, 0, "without a gateway too");
  const other = await verify(photo, "--json");
  t.is(other.code, 1);
  t.like(JSON.parse(other.text), { v: 1, verdict: "notRecorded", document: null });
  const down = await lifeline(...args, "--yes", "--out", dir, "--lang", "en");
  t.is(down.code, 1);
  t.regex(down.text, /control\.unreachable/);
  tamper(join(home.dir, "buffer", "lifeline.db"), told.sha256.pdf);
  const broken = await verify(told.files.json);
  t.is(broken.code, 1);
  t.regex(broken.text, /chain of records is BROKEN/);
});

/** Changes the record of a document in the database, as somebody may who exchanged its PDF. */
function tamper(file: string, sha256: string): void {
  const db = new Database(file);
  const change = "UPDATE event SET body = replace(body, ?, ?) WHERE body LIKE '%\"document\"%'";
  db.prepare(change).run(sha256, "0".repeat(64));
  db.close();
}

test("at a terminal the answers are asked for, and who leaves amid goes on there", async (t) => {
  const { home, dir } = await site(t);
  const answers = join(dir, "answers.yaml");
  const args = ["report", "commissioning", "--config", home.config, "--answers", answers];
  const talk = async (lang: string, replies: readonly (readonly [RegExp, string])[]) => {
    const all = [MAIN, ...args, "--out", dir, "--lang", lang];
    const terminal = spawnInTerminal(process.execPath, all, { cols: 200 });
    let [text, unread, next] = ["", "", 0];
    terminal.onData((data) => {
      text += data;
      unread += data;
      const [question, reply] = replies[next] ?? [];
      if (question === undefined || !question.test(unread)) return;
      next++;
      unread = "";
      terminal.write(reply as string);
    });
    const code = await new Promise((resolve) => terminal.onExit((end) => resolve(end.exitCode)));
    return { code, text };
  };
  const left = await talk("en", [
    [/Name of the installer \[.*\]: /, "Zhang Wei\r"],
    [/takes over.*: /, "\r"],
    [/gauge\.level is 1\.25 m \[none\]: /, "1.2+-0.1\r"],
    [/difference 0\.05, allowed ±0\.1: pass[\s\S]*gauge\.ripple is 7.*: /, "\u0003"],
  ]);
  t.is(left.code, 1, left.text);
  t.regex(left.text, /Nothing was made\. The answers are in .*answers\.yaml/);
  t.like(parse(readFileSync(answers, "utf8")), {
    ...{ installer: "Zhang Wei", owner: "" },
    references: { "gauge.level": { value: 1.2, tolerance: "0.1", read: 1.25, quality: "good" } },
  });
  t.deepEqual(readdirSync(dir), ["answers.yaml"]);

  const done = await talk("zh-CN", [
    [/已有 3 个答案[\s\S]*gauge\.ripple 当前 7 \[无\]：/, ".\r"],
    [/照片.*：/, "\r"],
    [/备注.*：/, "井盖已复位\r"],
  ]);
  t.is(done.code, 1, done.text);
  t.regex(done.text, /投运交接记录 gw-test-C-\d{8}T\d{6}Z：/);
  t.regex(done.text, new RegExp(`已由 ${USER} 登记到哈希链日志`));
  t.regex(done.text, /shut-off: 联锁未经试验/);
  const [file = ""] = readdirSync(dir).filter((name) => /^gw-test-C-.*json$/.test(name));
  const record = commissioningRecord.parse(JSON.parse(readFileSync(join(dir, file), "utf8")));
  t.is(record.remarks, "井盖已复位");
  t.like(record.signatures[0], { role: "installer", name: "Zhang Wei" });
  t.like(record.points[0]?.reference, { read: 1.25, verdict: "pass" });
});

test("what cannot be used is refused before anything is asked or made", async (t) => {
  const { config, dir } = gatewayHome(
    "buses: { b: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }\ndevices: { d: { bus: b, unit: 1, points: { p: { area: input, address: 0, type: uint16 } } } }",
  );
  const run = (...more: readonly string[]) =>
    lifeline("report", ...more, "--config", config, "--lang", "en");
  const refusals: readonly (readonly [readonly string[], number, RegExp])[] = [
    [[], 2, /report takes commissioning; or verify/],
    [["verify"], 2, /report takes/],
    [["commissioning", "--reference", "d.x=1"], 2, /there is no point d\.x/],
    [["commissioning", "--reference", "d.p=0"], 2, /as in 0±0\.5/],
    [["commissioning", "--units", "0-300"], 2, /addresses are 1 to 247/],
    [["commissioning"], 1, /no gateway answers|control\.unreachable/],
    [["verify", join(dir, "none.pdf")], 1, /none\.pdf cannot be read/],
    [["verify", config], 1, /there is no database/],
  ];
  for (const [args, code, text] of refusals) {
    const told = await run(...args);
    t.is(told.code, code, told.text);
    t.regex(told.text, text);
  }
});

/** `record` without what differs from run to run, as text. */
function settled(record: Commissioning): string {
  const { gateway, buses, devices, destinations, points, ...rest } = record;
  const masked = {
    ...rest,
    gateway: { ...gateway, clock: "*", configuration: "*", file: "*", release: "*" },
    buses: buses.map(({ bus, state, trouble, verdict }) => ({ bus, state, trouble, verdict })),
    devices,
    points,
    destinations: destinations.map(({ destination, state }) => ({ destination, state })),
    buffer: { ok: record.buffer.ok, findings: record.buffer.findings },
    open: record.open.filter(({ code }) => code !== "clock-unsynced"),
  };
  const times = /"(at|since|lastReturned|storedFrom)": \d+/g;
  return `${JSON.stringify(masked, null, 2)}\n`
    .replace(times, '"$1": 0')
    .replaceAll(record.number, "*")
    .replaceAll(`"who": "${USER}"`, '"who": "*"');
}
