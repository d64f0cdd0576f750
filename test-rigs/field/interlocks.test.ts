import { join } from "node:path";
import process from "node:process";
import test from "ava";
import Database from "better-sqlite3";
import { connectAsync } from "mqtt";
import type { InterlockEvent } from "../../edge/core/event.ts";
import { openBroker } from "../plant/broker.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";
import { openOutputModule } from "../plant/output-module.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

type Test = { teardown(end: () => unknown): void; timeout(ms: number): void };

/** Runs `lifeline interlock` with `args` to its end. */
async function interlock(...args: readonly string[]) {
  const child = startChild(process.execPath, [MAIN, ...args, "--lang", "en"]);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

/** A broker, and every interlock event that it brings, as they come. */
async function centreOf(t: Test) {
  const broker = await openBroker();
  t.teardown(() => broker.close());
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const centre = await connectAsync(url);
  t.teardown(() => centre.endAsync(true));
  const events: InterlockEvent[] = [];
  const seqs = new Set<number>();
  centre.on("message", (_, payload) => {
    const event = JSON.parse(payload.toString());
    // A gateway that was killed sends again what it does not know to be delivered.
    const isNew = !seqs.has(event.seq);
    seqs.add(event.seq);
    if (isNew && event.kind === "interlock") events.push(event);
  });
  await centre.subscribeAsync("lifeline/v1/+/events", { qos: 1 });
  const turns = (name: string) =>
    events
      .filter((event) => event.interlock === name)
      .map(({ from, to, cause, reason }) => `${from} > ${to}: ${reason ?? cause}`);
  return { url, events, turns };
}

async function moduleOf(t: Test, registers?: number) {
  const module = await openOutputModule(registers);
  t.teardown(() => module.close());
  return module;
}

const GAS = "points: { gas: { area: holding, address: 0, type: uint16 } }";
const VALVE = "points: { shut: { area: coil, address: 0, type: bool, write: true } }";

const tcp = (port: number) =>
  `{ kind: modbus-tcp, host: 127.0.0.1, port: ${port}, timeout: 300ms, grace: 100ms }`;

/** A detector on one bus, and on another a valve with the interlock `keys`. */
const yaml = (gas: number, valve: number, url: string, keys: string) => `
buses: { sense: ${tcp(gas)}, act: ${tcp(valve)} }
devices:
  gas-1: { bus: sense, unit: 1, every: 100ms, ${GAS} }
  valve-1: { bus: act, unit: 1, every: 500ms, ${VALVE} }
alarms: { gas-high: { point: gas-1.gas, high: 50, severity: red, interlock: shut-off } }
interlocks: { shut-off: { write: valve-1.shut, value: true, retryEvery: 100ms, ${keys} } }
destinations: { centre: { kind: mqtt, url: "${url}" } }`;

test("an interlock acts over TCP, a person tests and overrides it, and the chain is audited meanwhile", async (t) => {
  t.timeout(180_000);
  const [gas, valve, centre] = [await moduleOf(t), await moduleOf(t), await centreOf(t)];
  const home = gatewayHome(yaml(gas.port, valve.port, centre.url, "release: false, test: 200ms"));
  const { config, dir } = home;
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));

  const idle = await interlock("interlock", "--config", config);
  t.is(idle.code, 0, idle.text);
  t.regex(idle.text, /shut-off +idle +valve-1\.shut/);
  const unasked = await interlock("interlock", "test", "shut-off", "--config", config);
  t.is(unasked.code, 2, "nobody is there to be asked");
  t.is(valve.writes.length, 0);
  const tried = await interlock("interlock", "test", "shut-off", "--yes", "--config", config);
  t.is(tried.code, 0, tried.text);
  t.regex(tried.text, /obeyed both ways/);
  t.deepEqual(
    valve.writes.map(({ on }) => on),
    [true, false],
  );

  gas.registers[0] = 60;
  await until("the valve to shut", 10_000, () => valve.coils[0] === true);
  await until("it to be told", 10_000, () => centre.turns("shut-off").length === 6);
  t.deepEqual(centre.turns("shut-off").slice(4), [
    "idle > tripping: alarm",
    "tripping > tripped: verified",
  ]);
  t.like(centre.events.at(-1), { point: "valve-1.shut", by: "gas-high" });
  t.regex(String(centre.events.at(-1)?.trip), /^shut-off\/[0-9A-Z]{26}\/1$/);

  const over = ["override", "shut-off", "--for", "5m", "--reason", "pump test", "--yes"];
  const overridden = await interlock("interlock", ...over, "--config", config, "--json");
  t.like(JSON.parse(overridden.text), { outcome: "done", state: "overridden" });
  await until("the valve to open", 10_000, () => valve.coils[0] === false);
  const status = await interlock("status", "--config", config);
  t.regex(status.text, /INTERLOCK OVERRIDDEN, it will not act: shut-off/);
  t.regex(status.text, /pump test/);
  const released = await interlock("interlock", "release", "shut-off", "--config", config);
  t.is(released.code, 0, released.text);
  await until("the valve to shut again", 10_000, () => valve.coils[0] === true);

  const audit = await interlock("interlock", "audit", "--config", config);
  t.is(audit.code, 0, audit.text);
  t.regex(audit.text, /is whole: \d+ events, number 1 to \d+/);
  await gateway.end("SIGTERM");
  const file = join(dir, "buffer", "lifeline.db");
  const db = new Database(file);
  const [third] = db
    .prepare("SELECT seq, body FROM event WHERE body LIKE '%interlock%'")
    .all()
    .slice(2) as { seq: number; body: string }[];
  db.prepare("UPDATE event SET body = ? WHERE seq = ?").run(
    third?.body.replace("gas-high", "nobody").replace("test-over", "test"),
    third?.seq,
  );
  db.close();
  const broken = await interlock("alarms", "audit", "--config", config);
  t.is(broken.code, 1, broken.text);
  t.regex(broken.text, new RegExp(`BROKEN at event ${third?.seq} \\(number 3\\)`));
});

test("two outputs that are dead or refuse are told, and keep a third from nothing", async (t) => {
  t.timeout(120_000);
  const gas = await moduleOf(t);
  const modules = [await moduleOf(t), await moduleOf(t), await moduleOf(t), await moduleOf(t)];
  const [dead, refusing, stuck, sound] = modules as [
    typeof gas,
    typeof gas,
    typeof gas,
    typeof gas,
  ];
  dead.manners = "mute";
  refusing.manners = "refusing";
  stuck.manners = "stuck";
  const centre = await centreOf(t);
  const names = ["dead", "refusing", "stuck", "sound"];
  const home = gatewayHome(`
buses:
  sense: ${tcp(gas.port)}
${modules.map(({ port }, n) => `  b${n}: ${tcp(port)}`).join("\n")}
devices:
  gas-1: { bus: sense, unit: 1, every: 100ms, ${GAS} }
${modules.map((_, n) => `  v${n}: { bus: b${n}, unit: 1, every: 500ms, ${VALVE} }`).join("\n")}
alarms:
${names.map((name) => `  a-${name}: { point: gas-1.gas, high: 50, severity: red, interlock: ${name} }`).join("\n")}
interlocks:
${names.map((name, n) => `  ${name}: { write: v${n}.shut, value: true, retryEvery: 100ms }`).join("\n")}
destinations: { centre: { kind: mqtt, url: "${centre.url}" } }`);
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  gas.registers[0] = 60;
  const raised = performance.now();
  await until("the sound one to act", 10_000, () => sound.coils[0] === true);
  const tookMs = (sound.writes[0]?.atMs ?? Infinity) - raised;
  t.true(tookMs < 3000, `${tookMs} ms behind three that do not obey`);
  await until("all others to be told", 30_000, () =>
    names.slice(0, 3).every((name) => centre.turns(name).length === 2),
  );
  t.is(centre.turns("dead")[1], "tripping > not-obeying: timeout");
  t.is(centre.turns("refusing")[1], "tripping > not-obeying: exception:4");
  t.is(centre.turns("stuck")[1], "tripping > not-obeying: differs");
  const shown = await interlock("status", "--config", home.config);
  t.regex(shown.text, /INTERLOCK OUTPUT DOES NOT OBEY: dead, refusing, stuck/);
  t.regex(shown.text, /refusing: .*exception 4/);
  const listed = await interlock("interlock", "--config", home.config);
  t.is(listed.code, 1, "an output that does not obey is an answer that is no");
  for (const module of [dead, refusing, stuck]) module.manners = "sound";
  await until("each to obey in the end", 40_000, () =>
    modules.every(({ coils }) => coils[0] === true),
  );
});

test("a gateway that is killed in the middle of a trip goes on with it, and repeats no pulse", async (t) => {
  t.timeout(120_000);
  const [gas, valve, centre] = [await moduleOf(t), await moduleOf(t), await centreOf(t)];
  const keys = "release: false, maxOn: 20s";
  const home = gatewayHome(yaml(gas.port, valve.port, centre.url, keys));
  let gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  gas.registers[0] = 60;
  await until("the trip to be stored", 10_000, () => centre.turns("shut-off").length === 2);
  await gateway.end("SIGKILL");
  gateway = await home.start();
  await until("it to go on", 20_000, () => centre.turns("shut-off").length >= 4);
  t.deepEqual(centre.turns("shut-off").slice(2, 4), [
    "resuming > tripping: restart",
    "tripping > tripped: verified",
  ]);
  t.is(valve.writes.length, 1, "the output stood: nothing was written");
  await until("the pulse to be over", 40_000, () => valve.coils[0] === false);
  await until(
    "that to be stored",
    10_000,
    () => centre.turns("shut-off").at(-1) === "releasing > spent: verified",
  );
  await gateway.end("SIGKILL");
  gateway = await home.start();
  const status = await home.status();
  t.is(status.interlocks[0]?.state, "spent");
  await until("the alarm to be judged", 10_000, async () => {
    return (await home.status()).points[0]?.quality === "good";
  });
  t.deepEqual(
    valve.writes.map(({ on }) => on),
    [true, false],
  );
  t.is(new Set(centre.events.map(({ trip }) => trip)).size, 1);
});

test("on a serial line the write goes before the polls that are due", async (t) => {
  t.timeout(60_000);
  let level = 0;
  const many = Array.from({ length: 8 }, (_, n) =>
    modbusDevice(n + 3, [{ area: "holding", address: 0, type: "uint16", valueAt: () => 1 }]),
  );
  const valve = modbusDevice(2, [{ area: "coil", address: 0, type: "bool", valueAt: () => false }]);
  const gas = modbusDevice(1, [
    { area: "holding", address: 0, type: "uint16", valueAt: () => level },
  ]);
  const line = openModbusLine({ baud: 19_200, devices: [gas, valve, ...many] });
  t.teardown(() => line.close());
  const centre = await centreOf(t);
  const busy = many.map(
    ({ unit }) =>
      `  d${unit}: { bus: line, unit: ${unit}, every: 100ms, points: { x: { area: holding, address: 0, type: uint16 } } }`,
  );
  const home = gatewayHome(`
buses: { line: { kind: modbus-rtu, port: ${line.path}, baud: 19200, timeout: 300ms } }
devices:
  gas-1: { bus: line, unit: 1, every: 200ms, ${GAS} }
  valve-1: { bus: line, unit: 2, every: 5s, ${VALVE} }
${busy.join("\n")}
alarms: { gas-high: { point: gas-1.gas, high: 50, severity: red, interlock: shut-off } }
interlocks: { shut-off: { write: valve-1.shut, value: true } }
destinations: { centre: { kind: mqtt, url: "${centre.url}" } }`);
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  await until("the line to be busy", 10_000, () => line.requestsTo(3) > 5);
  level = 60;
  await until("the coil to be on", 10_000, () => valve.read("coil", 0, 0) === 1);
  await until("it to be told", 10_000, () => centre.turns("shut-off").length === 2);
  t.is(centre.turns("shut-off")[1], "tripping > tripped: verified");
});
