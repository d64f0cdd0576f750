import process from "node:process";
import { spawn as spawnInTerminal } from "@lydell/node-pty";
import test from "ava";
import { parse } from "yaml";
import { modbusDevice } from "../plant/modbus-device.ts";
import { type ModbusLine, openModbusLine } from "../plant/modbus-server.ts";
import type { Signal } from "../plant/signal.ts";
import { startChild } from "../processes/child.ts";
import { type GatewayHome, gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";

const start = (...args: readonly string[]) => startChild(process.execPath, [MAIN, ...args]);

/** Runs `lifeline` with `args` to its end. */
async function lifeline(...args: readonly string[]) {
  const child = start(...args);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

async function json(home: GatewayHome, ...args: readonly string[]) {
  const { code, text } = await lifeline("scan", "line", ...args, "--json", "--config", home.config);
  return { code, told: JSON.parse(text) };
}

const held = (address: number, value: number): Signal =>
  ({ area: "holding", address, type: "uint16", valueAt: () => value }) as Signal;

/** A configured device, one that names itself, one with a server ID, a gas detector, a mute one. */
const devices = () => [
  modbusDevice(1, [held(0, 7)]),
  modbusDevice(3, [held(0, 7)], { names: ["Acme", "LX-9", "2.1"] }),
  modbusDevice(4, [], { serverId: "HYDRO 55" }),
  modbusDevice(5, [held(100, 0x2612)]),
  modbusDevice(7, []),
];

const yaml = ({ path }: ModbusLine, baud = 115_200) => `
buses: { line: { kind: modbus-rtu, port: ${path}, baud: ${baud}, timeout: 1s, grace: 300ms } }
devices:
  gas: { bus: line, unit: 1, every: 100ms, points: { gas: { area: holding, address: 0, type: uint16 } } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:1" } }`;

function aLine(t: { teardown(end: () => void): void }, some: { echo?: boolean } = {}) {
  const line = openModbusLine({ baud: 115_200, devices: devices(), ...some });
  t.teardown(() => line.close());
  return line;
}

test("without a gateway the devices on the line are found, named, and given to paste", async (t) => {
  t.timeout(90_000);
  const line = aLine(t);
  const { config } = gatewayHome(yaml(line));
  const { code, text } = await lifeline("scan", "--units", "1-9", "--config", config);
  t.is(code, 0, text);
  t.regex(text, /^ +1 {2}answers, does not say what it is; configured as gas +\d+ ms$/m);
  t.regex(text, /^ +3 {2}Acme LX-9 2\.1 +\d+ ms$/m);
  t.regex(text, /^ +4 {2}HYDRO 55 +\d+ ms$/m);
  t.regex(text, /^ +5 {2}answers.* honeywell-sensepoint-xrl +\d+ ms$/m);
  t.regex(text, /^ +7 {2}answers, does not say what it is +\d+ ms$/m);
  const pasted = parse(text.slice(text.indexOf("devices:")));
  t.deepEqual(Object.keys(pasted.devices), ["unit-3", "unit-4", "unit-5", "unit-7"]);
  t.deepEqual(pasted.devices["unit-5"], {
    bus: "line",
    unit: 5,
    profile: "honeywell-sensepoint-xrl",
  });
});

test("what is to be pasted is a configuration that lifeline check accepts", async (t) => {
  t.timeout(90_000);
  const line = aLine(t);
  const home = gatewayHome(yaml(line));
  const { told } = await json(home, "--units", "2-9");
  const entries = told.yaml.replace("devices:\n", "");
  const whole = gatewayHome(yaml(line).replace("devices:\n", `devices:\n${entries}\n`));
  const { code, text } = await lifeline("check", "--config", whole.config);
  t.is(code, 0, text);
});

test("through the running gateway the same is found, while its own device goes on being read", async (t) => {
  t.timeout(90_000);
  const line = aLine(t);
  const home = gatewayHome(yaml(line));
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  const before = line.requestsTo(1);
  const { code, told } = await json(home, "--units", "1-12");
  t.is(code, 0);
  const [{ units }] = told.settings;
  t.deepEqual(
    units.map(({ unit, state }: { unit: number; state: string }) => [unit, state]),
    [
      [1, "polled"],
      [3, "found"],
      [4, "found"],
      [5, "found"],
      [7, "found"],
    ],
  );
  t.like(units[1], { identity: { vendor: "Acme", product: "LX-9", revision: "2.1" } });
  t.like(units[3], { profiles: ["honeywell-sensepoint-xrl"] });
  t.deepEqual(told.faults, []);
  t.true(line.requestsTo(1) - before > 10);
  const { points } = await home.status();
  t.like(points[0], { value: 7, quality: "good" });
  t.is(line.collisions(), 0);
  const empty = await json(home, "--units", "20-23");
  t.is(empty.code, 1);
  t.deepEqual(empty.told.faults, []);
  const tuned = await lifeline("scan", "--speeds", "--config", home.config);
  t.is(tuned.code, 1);
  t.regex(tuned.text, /stop it before you try other speeds/);
});

test("Ctrl-C tells what was found and how to go on", async (t) => {
  t.timeout(90_000);
  const line = aLine(t);
  const { config } = gatewayHome(yaml(line));
  const child = start("scan", "line", "--units", "3-200", "--timeout", "100ms", "--config", config);
  await child.waitFor(/unit 7:/, 30_000);
  await child.end("SIGINT");
  const text = child.lines.join("\n");
  t.is(await child.exited, 1);
  t.regex(text, /Acme LX-9/);
  const next = /lifeline scan line --units (\d+)-200 --timeout 100ms --config/.exec(text);
  t.true(Number(next?.[1]) >= 8, text);
});

test("at a terminal one line tells how far it is, and a device found stays above it", async (t) => {
  t.timeout(90_000);
  const line = aLine(t);
  const { config } = gatewayHome(yaml(line));
  const args = [MAIN, "scan", "--units", "3-6", "--config", config, "--lang", "en"];
  const terminal = spawnInTerminal(process.execPath, args, { cols: 200 });
  let text = "";
  terminal.onData((data) => {
    text += data;
  });
  const code = await new Promise((resolve) => terminal.onExit((end) => resolve(end.exitCode)));
  t.is(code, 0, text);
  t.true(text.includes("\r\u001b[Kunit 3: Acme LX-9 2.1\r\n\r\u001b[K1 of 4 asked, 1 found"), text);
  t.true(text.includes("4 of 4 asked") && text.includes("\r\u001b[KUNIT"), text);
});

test("another speed is found where the configured one brings nothing", async (t) => {
  t.timeout(90_000);
  const line = aLine(t);
  const { config } = gatewayHome(yaml(line));
  const args = ["--units", "3-5", "--speeds", "115200", "--formats", "8N1,8N2"];
  const { code, text } = await lifeline("scan", ...args, "--config", config);
  t.is(code, 0, text);
  t.regex(text, /3 {2}115200 8N1 {2}Acme/);
  t.regex(text, /# found at 115200 8N2: set that for the bus line/);
});

test("two devices at one unit, an adapter that hears itself, and a dead line are named", async (t) => {
  t.timeout(90_000);
  const line = aLine(t, { echo: true });
  line.setFault(7, { kind: "garbage" });
  const home = gatewayHome(yaml(line));
  const { code, told } = await json(home, "--units", "3-8");
  t.is(code, 1);
  t.deepEqual(
    told.faults.map(({ kind, units }: { kind: string; units: number[] }) => [kind, units]),
    [
      ["shared-unit", [7]],
      ["echo", []],
    ],
  );
  const dead = await json(gatewayHome(yaml(aLine(t))), "--units", "20-23");
  t.is(dead.code, 1);
  t.deepEqual(
    dead.told.faults.map(({ kind }: { kind: string }) => kind),
    ["nothing"],
  );
});

test("what cannot be searched is refused with what to type", async (t) => {
  const line = aLine(t);
  const { config } = gatewayHome(yaml(line));
  const refusals: readonly (readonly [readonly string[], RegExp])[] = [
    [["other"], /there is no bus other whose devices can be asked; there are: line/],
    [["--units", "0-5"], /'0-5' are no units; write them as 1-32,40, from 1 to 247/],
    [["--units", "9-5"], /'9-5' are no units/],
    [["--speeds", "9601"], /allowed: 300, 600/],
    [["--formats", "7E1"], /allowed: 8N1/],
    [["--timeout", "50s"], /from 10ms to 1000ms/],
    [["--timeout", "5ms", "--lang", "zh-CN"], /不能作为该总线的超时/],
  ];
  for (const [args, pattern] of refusals) {
    const { code, text } = await lifeline("scan", ...args, "--config", config);
    t.is(code, 2, text);
    t.regex(text, pattern);
  }
  t.is(line.requestsTo(1), 0);
});
