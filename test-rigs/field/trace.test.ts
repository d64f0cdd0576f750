import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import test from "ava";
import { parseWire } from "../../drivers/wire-text.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine, openModbusTcp } from "../plant/modbus-server.ts";
import { openTalkerLine } from "../plant/talker.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

const LEVEL = { area: "holding", address: 4, type: "int16", valueAt: () => 1234 } as const;

const POINTS =
  "{ level: { area: holding, address: 4, type: int16, scale: 0.001, unit: m, every: 200ms } }";

/** Runs `lifeline trace` with `args` to its end. */
async function trace(...args: readonly string[]) {
  const child = startChild(process.execPath, [MAIN, "trace", ...args]);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

test("a running gateway shows every byte of each bus, with the values of its points", async (t) => {
  t.timeout(180_000);
  const plant = await openModbusTcp({ devices: [modbusDevice(1, [LEVEL])] });
  const line = openModbusLine({
    baud: 19_200,
    devices: [modbusDevice(1, [LEVEL]), modbusDevice(2, [LEVEL])],
  });
  line.setFault(2, { kind: "bad-crc" });
  const home = gatewayHome(
    `buses:
  pump: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} }
  line-a: { kind: modbus-rtu, port: ${line.path}, baud: 19200 }
devices:
  level-1: { bus: pump, unit: 1, points: ${POINTS} }
  level-2: { bus: line-a, unit: 1, points: ${POINTS} }
  level-3: { bus: line-a, unit: 2, points: ${POINTS} }`,
  );
  const gateway = await home.start();
  t.teardown(async () => {
    await gateway.end("SIGKILL");
    line.close();
    await plant.close();
  });
  await until("a reading on the line", 10_000, async () => {
    return (await home.status()).points[1]?.quality === "good";
  });
  const config = ["--config", home.config] as const;

  const shown = await trace("pump", ...config, "--seconds", "1");
  t.is(shown.code, 0);
  t.regex(shown.text, /> .. .. 00 00 00 06 01 03 00 04 00 01\n.*request to unit 1: read holding/);
  t.regex(shown.text, /< .. .. 00 00 00 05 01 03 02 04 D2\n.*= 1234\n +level-1\.level 1\.234 m/);

  const past = await trace("line-a", ...config, "--past", "--seconds", "0", "--json");
  t.is(past.code, 1, "unit 2 is faulty");
  const records = past.text.split("\n").map((text) => JSON.parse(text));
  t.like(records[0], { bus: "line-a", kind: "sent", sinceUs: 0 });
  t.true(records.some(({ frames }) => frames[0]?.points[0]?.value === 1.234));
  t.true(records.some(({ kind, reason }) => kind === "failure" && reason === "crc"));

  const file = `${home.dir}/line-a.txt`;
  const saved = await trace("line-a", ...config, "--past", "--seconds", "0", "--save", file);
  t.true(saved.text.includes(`< ${file}`), "it says how to read it");
  const capture = parseWire(readFileSync(file, "utf8"));
  t.like(capture, { framing: "modbus-rtu" });
  t.notRegex(saved.text, /[<>] 01 03/, "what is saved does not fill the screen");

  const live = startChild(process.execPath, [
    MAIN,
    "trace",
    "pump",
    ...config,
    "--save",
    `${home.dir}/p.pcapng`,
  ]);
  await live.waitFor(/level-1\.level/, 20_000);
  await live.end("SIGINT");
  t.is(await live.exited, 0, "Ctrl-C ends it well");
  t.regex(live.lines.join("\n"), /wireshark .*p\.pcapng/);

  const unknown = await trace("nowhere", ...config);
  t.is(unknown.code, 2);
  t.regex(unknown.text, /no bus nowhere; there are: pump, line-a/);
});

test("a sensor that talks by itself is shown too, byte by byte and as text", async (t) => {
  t.timeout(180_000);
  const line = openTalkerLine({ baud: 9600 });
  const home = gatewayHome(
    `buses: { rain: { kind: serial, port: ${line.path}, baud: 9600 } }
devices: { rain: { bus: rain, profile: hydreon-rg-15 } }`,
  );
  const gateway = await home.start();
  t.teardown(async () => {
    await gateway.end("SIGKILL");
    line.close();
  });
  await until("the gateway listens", 10_000, async () => {
    line.say("Acc 0.01 mm\r\n");
    const { text } = await trace("--config", home.config, "--past", "--seconds", "0");
    return /< 41 63 63 20 .*0D 0A\n +"Acc 0\.01 mm\\r\\n"/.test(text);
  });
  t.pass();
});

test("a trace without a gateway, or to a place that cannot be written, says what is wrong", async (t) => {
  const { dir, config } = gatewayHome(
    "buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }",
  );
  const alone = await trace("--config", config);
  t.is(alone.code, 1);
  t.regex(alone.text, /control\.unreachable/);
  t.notRegex(alone.text, /main|faulty/, "no trace is told to begin or end that never did");
  writeFileSync(`${dir}/file`, "");
  const nowhere = await trace("--config", config, "--save", `${dir}/file/x.pcapng`);
  t.is(nowhere.code, 1);
  t.regex(nowhere.text, /cannot be saved.*trace\.unsaved.*\n.*ENOTDIR/);
  t.notRegex(nowhere.text, /\n\s+at .+:\d+:\d+/);
});

test("seconds that are none are refused, and help is in the language asked for", async (t) => {
  t.is((await trace("--seconds", "x")).code, 2);
  const { text } = await trace("--help", "--lang", "zh-CN");
  t.notRegex(text, /usage|option[^s]|display|default|example|show|print/i);
  t.regex(text, /wireshark line-a\.pcapng/);
});
