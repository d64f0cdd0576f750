import { readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import process from "node:process";
import { spawn as spawnInTerminal } from "@lydell/node-pty";
import test from "ava";
import { connectAsync } from "mqtt";
import { openBroker } from "../plant/broker.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { type ModbusLine, openModbusLine } from "../plant/modbus-server.ts";
import type { Signal } from "../plant/signal.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

/** Runs `lifeline` with `args` to its end. */
async function lifeline(...args: readonly string[]) {
  const child = startChild(process.execPath, [MAIN, ...args]);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

/** The events that the broker at `url` brings, as they come. */
async function eventsAt(t: { teardown(end: () => Promise<void>): void }, url: string) {
  const centre = await connectAsync(url);
  t.teardown(() => centre.endAsync(true));
  const events: Readonly<Record<string, unknown>>[] = [];
  centre.on("message", (_, payload) => events.push(JSON.parse(payload.toString())));
  await centre.subscribeAsync("lifeline/v1/+/events", { qos: 1 });
  return () => events.filter(({ kind }) => kind === "write");
}

const held = (area: Signal["area"], address: number, type: Signal["type"], value: number) =>
  ({ area, address, type, valueAt: () => value }) as Signal;

const devices = () => [
  modbusDevice(1, [held("input", 0, "uint16", 7)]),
  modbusDevice(2, [
    held("coil", 0, "bool", 0),
    held("holding", 4, "int16", 1250),
    held("holding", 5, "float32", 1.5),
    held("holding", 40, "uint16", 5),
    held("holding", 41, "uint16", 6),
  ]),
];

const yaml = (line: ModbusLine, url: string) => `
buses: { line: { kind: modbus-rtu, port: ${line.path}, baud: 115200, timeout: 2s, grace: 200ms } }
devices:
  gas: { bus: line, unit: 1, every: 100ms, points: { gas: { area: input, address: 0, type: uint16 } } }
  valve:
    bus: line
    unit: 2
    every: 500ms
    points:
      shut: { area: coil, address: 0, write: true }
      limit: { area: holding, address: 4, type: int16, scale: 0.01, unit: m, write: true }
      flow: { area: holding, address: 5, type: float32 }
destinations: { centre: { kind: mqtt, url: "${url}" } }`;

test("read and write go through the running gateway, and the centre hears who wrote what", async (t) => {
  t.timeout(90_000);
  const line = openModbusLine({ baud: 115_200, devices: devices() });
  t.teardown(() => line.close());
  const broker = await openBroker();
  t.teardown(() => broker.close());
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const { config, start } = gatewayHome(yaml(line, url));
  const writes = await eventsAt(t, url);
  const gateway = await start();
  t.teardown(() => gateway.end("SIGKILL"));

  const read = await lifeline("read", "gas.gas", "valve.limit", "--config", config);
  t.is(read.code, 0, read.text);
  t.regex(read.text, /gas\.gas +7 +good/);
  t.regex(read.text, /valve\.limit +12\.5 {2}m +good/);

  const raw = await lifeline("read", "line", "2", "holding", "4", "3", "--config", config);
  t.regex(raw.text, /4 +40005 +1250 {2}04E2 {2}good/);
  const typed = await lifeline("read", "line", "2", "holding", "5", "float32", "--config", config);
  t.regex(typed.text, /5 +40006 +1\.5 {2}good/);
  const nobody = await lifeline("read", "line", "9", "coil", "0", "--config", config, "--json");
  t.is(nobody.code, 1);
  t.like(JSON.parse(nobody.text), { bus: "line", unit: 9, area: "coil" });
  t.like(JSON.parse(nobody.text).readings[0], { value: null, quality: "bad:timeout" });

  const wrote = await lifeline("write", "valve.limit", "-3.25", "--yes", "--config", config);
  t.is(wrote.code, 0, wrote.text);
  t.regex(wrote.text, /valve\.limit was 12\.5 and was sent: -3\.25; it came back/);
  const shut = await lifeline("write", "valve.shut", "on", "--yes", "--config", config, "--json");
  t.like(JSON.parse(shut.text), { point: "valve.shut", old: false, value: true, outcome: "done" });
  await until("both writes to be told to the centre", 10_000, () => writes().length === 2);
  t.like(writes()[0], { point: "valve.limit", unit: "m", old: 12.5, value: -3.25 });
  t.like(writes()[1], { outcome: "done", cause: "repeated", who: userInfo().username });

  const byAddress = ["write", "line", "2", "holding", "40", "1", "65535", "--yes"] as const;
  const wroteRaw = await lifeline(...byAddress, "--config", config, "--json");
  t.like(JSON.parse(wroteRaw.text).writes, [
    { point: "line/2/holding/40", unit: null, old: 5, value: 1, outcome: "done" },
    { point: "line/2/holding/41", unit: null, old: 6, value: 65_535, outcome: "done" },
  ]);
  const back = await lifeline("read", "line", "2", "holding", "40", "2", "--config", config);
  t.regex(back.text, /40 +40041 +1 .*good/);
  t.regex(back.text, /41 +40042 +65535 .*good/);
  await until("both values to be told to the centre", 10_000, () => writes().length === 4);
  t.like(writes()[2], { point: "line/2/holding/40", who: userInfo().username });

  line.setFault(2, { kind: "dead" });
  const lost = await lifeline("write", "valve.shut", "off", "--yes", "--config", config);
  t.is(lost.code, 1);
  t.regex(lost.text, /it is NOT KNOWN whether valve\.shut was written \(timeout\)/);
});

test("without a gateway the devices are reached directly, and the write is kept for the centre", async (t) => {
  t.timeout(90_000);
  const line = openModbusLine({ baud: 115_200, devices: devices() });
  t.teardown(() => line.close());
  const broker = await openBroker();
  t.teardown(() => broker.close());
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const { config, start } = gatewayHome(yaml(line, url));

  const wrote = await lifeline("write", "valve.limit", "2.5", "--yes", "--config", config);
  t.is(wrote.code, 0, wrote.text);
  const read = await lifeline("read", "valve.limit", "--config", config);
  t.regex(read.text, /valve\.limit +2\.5 {2}m +good/);

  const writes = await eventsAt(t, url);
  const gateway = await start();
  t.teardown(() => gateway.end("SIGKILL"));
  await until("the write to be told", 10_000, () => writes().length === 1);
  t.like(writes()[0], { point: "valve.limit", old: 12.5, value: 2.5, outcome: "done" });

  const other = gatewayHome(yaml(line, url));
  const locked = await lifeline("read", "valve.limit", "--config", other.config);
  t.is(locked.code, 1);
  t.regex(locked.text, /cannot open .*: .*lock/i);
});

test("at a terminal the write waits for a yes, and shows what is there now", async (t) => {
  t.timeout(90_000);
  const line = openModbusLine({ baud: 115_200, devices: devices() });
  t.teardown(() => line.close());
  const { config } = gatewayHome(yaml(line, "mqtt://127.0.0.1:1"));
  const write = async (answer: string, what: readonly string[] = ["valve.limit", "3"]) => {
    const args = [MAIN, "write", ...what, "--config", config, "--lang", "en"];
    const terminal = spawnInTerminal(process.execPath, args, { cols: 200 });
    let text = "";
    terminal.onData((data) => {
      text += data;
      if (text.includes("[y/N]") && answer !== "") {
        terminal.write(answer);
        answer = "";
      }
    });
    const code = await new Promise((resolve) => terminal.onExit((end) => resolve(end.exitCode)));
    return { code, text };
  };
  for (const no of ["\r", "n\r", "\u0004", "\u0003"]) {
    const { code, text } = await write(no);
    t.is(code, 1, text);
    t.regex(text, /valve\.limit is 12\.5 \(good\)\. Write 3\? \[y\/N\]/);
    t.regex(text, /nothing was written/);
  }
  const { code, text } = await write("y\r");
  t.is(code, 0, text);
  t.regex(text, /valve\.limit was 12\.5 and was sent: 3; it came back/);
  const raw = await write("y\r", ["line", "2", "holding", "40", "-7", "--type", "int16"]);
  t.is(raw.code, 0, raw.text);
  t.regex(raw.text, /40 +40041 +5 +good +-7/);
  t.regex(raw.text, /Write this to unit 2 on the bus line, holding\? \[y\/N\]/);
  t.regex(raw.text, /line\/2\/holding\/40 was 5 and was sent: -7; it came back/);
});

test("what may not be written is refused before anybody is asked, with what to do", async (t) => {
  const line = openModbusLine({ baud: 115_200, devices: devices() });
  t.teardown(() => line.close());
  const { config } = gatewayHome(yaml(line, "mqtt://127.0.0.1:1"));
  const write = (...args: readonly string[]) => lifeline("write", ...args, "--config", config);
  const refusals: readonly (readonly [readonly string[], number, RegExp])[] = [
    [["valve.shut"], 2, /write takes a point and a value/],
    [["valve.shut", "true"], 2, /use a terminal, or --yes/],
    [["valve.flow", "1", "--yes"], 1, /add write: true to the point/],
    [["valve.none", "1"], 1, /there is no point valve\.none/],
    [["valve.shut", "perhaps"], 1, /perhaps is no value of valve\.shut, which is a bool/],
    [["valve.limit", "0.001", "--yes"], 1, /the nearest that it can is 0$/m],
    [
      ["valve.limit", "400", "--yes"],
      1,
      /cannot hold 400: it holds -327\.68 to 327\.67 m, in a register of type int16/,
    ],
    [["valve.flow", "1", "--yes", "--lang", "zh-CN"], 1, /不允许写入/],
    [["valve.limit", "1", "--yes", "--order", "CDAB"], 2, /a point has its own/],
    [["line", "2", "holding", "40", "1"], 2, /use a terminal, or --yes/],
    [["line", "2", "holding", "6", "1"], 1, /valve\.flow is configured there/],
    [["line", "2", "holding", "40", "70000", "--yes"], 1, /70000 is no value of type uint16/],
    [["line", "0", "holding", "40", "1", "--yes"], 1, /unit 0 of a serial line is every device/],
    [["other", "2", "holding", "40", "1"], 1, /there is no bus other/],
  ];
  for (const [args, code, text] of refusals) {
    const told = await write(...args);
    t.is(told.code, code, told.text);
    t.regex(told.text, text);
  }
  t.is(line.requestsTo(2), 0);
});

test("a point that the running gateway has not read of yet is refused with what to do", async (t) => {
  t.timeout(60_000);
  const point = (name: string) => `${name}: { area: holding, address: 0, type: uint16 }`;
  const home = gatewayHome(`buses: { plc: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { pump: { bus: plc, unit: 1, points: { ${point("flow")} } } }`);
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  const yaml = readFileSync(home.config, "utf8");
  writeFileSync(home.config, yaml.replace(point("flow"), point("level")));
  const { code, text } = await lifeline("read", "pump.level", "--config", home.config);
  t.is(code, 1);
  t.regex(text, /no such point, device or bus \(field\.unknown\)/);
  t.regex(text, /there is no point pump\.level/);
  t.regex(text, /restart the gateway/);
});

test("what cannot be read is refused with what there is instead, and how to read on", async (t) => {
  const line = openModbusLine({ baud: 115_200, devices: devices() });
  t.teardown(() => line.close());
  const { config } = gatewayHome(yaml(line, "mqtt://127.0.0.1:1"));
  const read = (...args: readonly string[]) => lifeline("read", ...args, "--config", config);
  const refusals: readonly (readonly [readonly string[], number, RegExp])[] = [
    [["valve"], 2, /valve is a device; name its points: valve\..*lifeline read --help/s],
    [["valve.flo"], 1, /there is no point valve\.flo; did you mean valve\.flow\?/],
    [["other", "2", "holding", "40"], 1, /there is no bus other; there are: line/],
    [["line", "0", "holding", "40"], 1, /unit 0 of a serial line is every device/],
    [["line", "2", "holding", "40041", "--lang", "zh-CN"], 1, /坏：设备拒绝：2/],
    [["line", "2", "holding", "40041"], 1, /exception 2: illegal data address/],
    [["line", "2", "holding", "40041"], 1, /it is: lifeline read line 2 holding 40$/m],
  ];
  for (const [args, code, text] of refusals) {
    const told = await read(...args);
    t.is(told.code, code, told.text);
    t.regex(told.text, text);
  }
});
