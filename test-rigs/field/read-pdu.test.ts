import process from "node:process";
import test from "ava";
import { connectAsync } from "mqtt";
import { openBroker } from "../plant/broker.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

/** Runs `lifeline read` with `args` to its end. */
async function read(...args: readonly string[]) {
  const child = startChild(process.execPath, [MAIN, "read", ...args]);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

const valve = () =>
  modbusDevice(
    2,
    [
      { area: "coil", address: 0, type: "bool", valueAt: () => 0 },
      { area: "holding", address: 4, type: "int16", valueAt: () => 1250 },
    ],
    { names: ["Acme", "V-7", "1.2"] },
  );

const yaml = (path: string, url: string) => `
buses: { line: { kind: modbus-rtu, port: ${path}, baud: 115200, timeout: 2s, grace: 200ms } }
devices:
  valve:
    bus: line
    unit: 2
    every: 200ms
    points:
      shut: { area: coil, address: 0, write: true }
      limit: { area: holding, address: 4, type: int16 }
destinations: { centre: { kind: mqtt, url: "${url}" } }`;

test("any request goes through the running gateway, and the centre hears of what may change", async (t) => {
  t.timeout(90_000);
  const line = openModbusLine({ baud: 115_200, devices: [valve()] });
  t.teardown(() => line.close());
  const broker = await openBroker();
  t.teardown(() => broker.close());
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const { config, start } = gatewayHome(yaml(line.path, url));
  const centre = await connectAsync(url);
  t.teardown(() => centre.endAsync(true));
  const events: Readonly<Record<string, unknown>>[] = [];
  centre.on("message", (_, payload) => events.push(JSON.parse(payload.toString())));
  await centre.subscribeAsync("lifeline/v1/+/events", { qos: 1 });
  const writes = () => events.filter(({ kind }) => kind === "write");
  const gateway = await start();
  t.teardown(() => gateway.end("SIGKILL"));
  const at = ["line", "2", "--config", config] as const;

  const known = await read(...at, "--pdu", "03", "00", "04", "00", "01");
  t.is(known.code, 0, known.text);
  t.regex(known.text, /sent {6}03 00 04 00 01\n.*to unit 2: read holding registers /);
  t.regex(known.text, /received {2}03 02 04 E2\n.*of unit 2/);
  t.regex(known.text, /1250/);
  t.notRegex(known.text, /check sum/);
  const named = await read(...at, "--pdu", "2B", "0E", "01", "00");
  t.is(named.code, 0, named.text);
  t.regex(named.text, /"Acme".*"V-7".*"1\.2"/s);
  const who = await read(...at, "--pdu", "11", "--json");
  t.is(who.code, 1);
  t.like(JSON.parse(who.text), { reason: null, answer: { hex: "91 01", exception: true } });

  const coil = ["--pdu", "05", "00", "00", "FF", "00"] as const;
  const refused = await read(...at, ...coil, "--yes");
  t.is(refused.code, 1);
  t.regex(refused.text, /function 5 may change the device; nothing was sent/);
  const done = await read(...at, "--unsafe", "--yes", ...coil);
  t.is(done.code, 0, done.text);
  await until("the centre to hear of it", 10_000, () => writes().length === 1);
  t.like(writes()[0], { point: "line/2/pdu", old: null, value: "05 00 00 FF 00" });
  t.like(writes()[0], { outcome: "done", cause: "repeated" });

  line.setFault(2, { kind: "dead" });
  const lost = await read(...at, "--unsafe", "--yes", "--pdu", "41", "01");
  t.is(lost.code, 1);
  t.regex(lost.text, /it is NOT KNOWN whether the device did it \(timeout\)/);
});

test("without a gateway a request that changes nothing needs no buffer, and what is wrong is told", async (t) => {
  t.timeout(90_000);
  const line = openModbusLine({ baud: 115_200, devices: [valve()] });
  t.teardown(() => line.close());
  const { config } = gatewayHome(yaml(line.path, "mqtt://127.0.0.1:1"));
  const refusals: readonly (readonly [readonly string[], number, RegExp])[] = [
    [["line", "--pdu", "03"], 2, /--pdu goes with a bus and a unit/],
    [["line", "2", "--pdu", "83", "01"], 2, /83 01 is no request/],
    [["line", "2", "--unsafe", "--pdu", "41"], 2, /use a terminal, or --yes/],
    [["line", "2", "--unsafe", "--yes", "--pdu", "06 0004 0001"], 1, /valve\.limit is configured/],
    [["other", "2", "--pdu", "07"], 1, /there is no bus other/],
  ];
  for (const [args, code, text] of refusals) {
    const told = await read(...args, "--config", config);
    t.is(told.code, code, told.text);
    t.regex(told.text, text);
  }
  t.is(line.requestsTo(2), 0);
  const answered = await read("line", "2", "--config", config, "--pdu", "07");
  t.is(answered.code, 1);
  t.regex(answered.text, /received {2}87 01/);
});
