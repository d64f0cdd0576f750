import { mkdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import test from "ava";
import type { Status } from "../../edge/control/status.ts";
import { openBroker } from "../plant/broker.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { freePort } from "../processes/mosquitto.ts";
import { MAIN } from "../processes/program.ts";
import { openReceiver } from "../receiver/receiver.ts";
import { until } from "./rig.ts";

/** Runs `lifeline` with `args` to its end. */
async function lifeline(...args: readonly string[]) {
  const child = startChild(process.execPath, [MAIN, ...args]);
  const code = await child.exited;
  const text = child.lines.join("\n");
  return { code, text, hasStackTrace: /\n\s+at .+:\d+:\d+/.test(text) };
}

const IDLE = "buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }";

test("check says once that a configuration can be used, what it comes to, and exits 0", async (t) => {
  const { config } = gatewayHome(IDLE);
  const warned = await lifeline("check", "--config", config);
  t.is(warned.code, 0);
  t.regex(warned.text, /The gateway starts with this file\.\npoints: 0, buses: 1, alarms: 0/);
  t.notRegex(warned.text, /can be used/);
  writeFileSync(
    config,
    `gateway: { id: gw }
${IDLE}
devices: { d: { bus: main, unit: 1, points: { x: { area: coil, address: 0 } } } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1" } }`,
  );
  const { code, text } = await lifeline("check", "--config", config);
  t.is(code, 0);
  t.regex(text, /^\S+: the configuration can be used\.\npoints: 1, buses: 1, alarms: 0/);
});

test("check notes for how long readings may wait for the time after a start, where they do", async (t) => {
  const yaml = `${IDLE}
devices: { d: { bus: main, unit: 1, points: { x: { area: coil, address: 0 } } } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1" } }`;
  const { config } = gatewayHome(yaml);
  t.notRegex((await lifeline("check", "--config", config)).text, /holdUnsynced/);
  writeFileSync(config, `gateway: { id: gw }\n${yaml}`);
  const { code, text } = await lifeline("check", "--config", config);
  t.is(code, 0);
  t.regex(text, /\nNote: until the clock is synchronised.* for 15m \(buffer\.holdUnsynced\)/);
  const chinese = await lifeline("check", "--config", config, "--lang", "zh-CN");
  t.regex(chinese.text, /\n提示：.*满 15m 后照发（buffer\.holdUnsynced）/);
});

test("check names file, line, column, field and the nearest key, and exits 1", async (t) => {
  const { config } = gatewayHome("busses: {}");
  const { code, text, hasStackTrace } = await lifeline("check", "--config", config);
  t.is(code, 1);
  t.regex(text, /gateway\.yaml:3:1 {2}error {2}busses: unknown key\. Did you mean 'buses'\?/);
  t.false(hasStackTrace);
});

test("check --json tells programs the same", async (t) => {
  const { config } = gatewayHome("busses: {}");
  const { code, text } = await lifeline("check", "--config", config, "--json");
  const { ok, problems } = JSON.parse(text);
  t.is(code, 1);
  t.false(ok);
  t.like(problems[0], { severity: "error", line: 3, column: 1, path: "busses" });
});

test("check --json names the file of each problem, a profile's too", async (t) => {
  const { dir, config } = gatewayHome(
    `${IDLE}\ndevices: { d: { bus: main, unit: 1, profile: mine }, e: { bus: gone, unit: 1 } }`,
  );
  mkdirSync(`${dir}/profiles`);
  writeFileSync(`${dir}/profiles/mine.yaml`, "name: 5");
  const { text } = await lifeline("check", "--config", config, "--json");
  const files = JSON.parse(text).problems.map(({ file }: { file: string }) => file);
  t.deepEqual([...new Set(files)], [`${dir}/profiles/mine.yaml`, config]);
});

test("what fails is JSON, and nothing else, where JSON was asked for", async (t) => {
  const broken = gatewayHome("busses: {}").config;
  const failed = await lifeline("status", "--config", broken, "--json");
  t.is(failed.code, 1);
  t.is(failed.text, (await lifeline("check", "--config", broken, "--json")).text);

  const { config } = gatewayHome(IDLE);
  for (const [args, code] of [
    [["alarms", "ack", "high", "--config", config], "control.unreachable"],
    [["check", "--config", "/no/such.yaml"], "config.unreadable"],
  ] as const) {
    const { code: exitCode, text } = await lifeline(...args, "--json");
    t.is(exitCode, 1);
    t.like(JSON.parse(text), { error: { code } });
    t.true(JSON.parse(text).error.advice.length > 0);
  }
});

// Serial where a gateway has to start in time, which it does not among two dozen processes.
test.serial(
  "run --json logs one JSON object a line, from the warnings at the start to the end",
  async (t) => {
    const { config } = gatewayHome(IDLE);
    const gateway = startChild(process.execPath, [MAIN, "run", "--config", config, "--json"]);
    t.teardown(() => gateway.end("SIGKILL"));
    await gateway.waitFor(/gateway gw-test runs/, 20_000);
    await gateway.end("SIGTERM");
    t.is(await gateway.exited, 0);
    const log = gateway.lines.map((line) => JSON.parse(line));
    t.deepEqual([...new Set(log.flatMap(Object.keys))], ["time", "level", "text", "fields"]);
    t.like(log[0], { level: "warn", fields: { file: config, code: "no-devices" } });
    t.like(log.at(-1), { level: "info", text: "stopped" });
    t.true(Date.parse(log.at(-1).time) >= Date.parse(log[0].time));
  },
);

test.serial(
  "run --json logs why it does not start, in the language asked for, and exits 1",
  async (t) => {
    const { config } = gatewayHome("devices: { d: { bus: nowhere, unit: 1 } }");
    const refused = await lifeline("run", "--config", config, "--json");
    t.is(refused.code, 1);
    const log = refused.text.split("\n").map((line) => JSON.parse(line));
    const problem = log.find(({ level }) => level === "error");
    t.like(problem, { level: "error", fields: { path: "devices.d.bus", line: 3 } });

    const missing = await lifeline("run", "--config", "/no/such.yaml", "--json", "--lang", "zh-CN");
    t.is(missing.code, 1);
    t.like(JSON.parse(missing.text), {
      level: "error",
      text: "配置文件无法读取",
      fields: { code: "config.unreadable" },
    });
  },
);

test("check --schema prints a JSON Schema", async (t) => {
  const { code, text } = await lifeline("check", "--schema");
  t.is(code, 0);
  t.true("properties" in JSON.parse(text));
});

test("what was typed wrongly exits 2 and says how to do it", async (t) => {
  for (const args of [
    ["check", "--bogus"],
    ["nothing"],
    ["alarms", "shout", "x"],
    ["alarms", "toString", "x"],
    ["alarms", "constructor", "x"],
    ["alarms", "ack"],
    ["alarms", "ack", "x", "--for", "2h"],
    ["alarms", "shelve", "x", "--for", "2h"],
    ["alarms", "--reason", "x"],
    ["alarms", "stats", "x"],
    ["alarms", "history", "--from", "yesterday"],
    ["nothing", "--help"],
    ["--lang", "zh-CN", "nothing", "-h"],
  ]) {
    const { code, text, hasStackTrace } = await lifeline(...args);
    t.is(code, 2, args.join(" "));
    t.true(text.length > 0);
    t.false(hasStackTrace);
  }
});

test("help is in the language asked for, of the program and of every command", async (t) => {
  for (const args of [[], ["run"], ["check"], ["status"], ["alarms"], ["demo"]]) {
    const { code, text } = await lifeline(...args, "--help", "--lang", "zh-CN");
    t.is(code, 0);
    t.true(text.includes("用法："));
    t.notRegex(text, /usage|option[^s]|display|default|example|show|print/i);
  }
});

test("what was typed wrongly is JSON too where JSON was asked for", async (t) => {
  for (const args of [["check", "--bogus"], ["nothing"], ["alarms", "shout", "x"]]) {
    const { code, text } = await lifeline(...args, "--json");
    t.is(code, 2);
    const { error } = JSON.parse(text);
    t.is(error.code, "usage");
    for (const key of ["meaning", "message", "advice"]) t.is(typeof error[key], "string", key);
  }
});

test("a refusal is told to a program as a failure is: what, and what to do", async (t) => {
  const { config } = gatewayHome(IDLE);
  const { code, text } = await lifeline("read", "none.x", "--config", config, "--json");
  t.is(code, 1);
  const { error } = JSON.parse(text);
  t.is(error.code, "refused");
  for (const key of ["meaning", "message", "advice"]) t.is(typeof error[key], "string", key);
});

test("a story that is too short or too long is refused, in the language asked for", async (t) => {
  for (const seconds of ["5", "abc", "99999", "20.5"]) {
    const { code, text } = await lifeline("demo", "--seconds", seconds, "--lang", "zh-CN");
    t.is(code, 2);
    t.true(text.includes("允许：10 至 3600 的整数。"), text);
  }
});

test("demo offers no --config, for it writes its own", async (t) => {
  t.is((await lifeline("demo", "--config", "gateway.yaml")).code, 2);
});

test("a file that is not there is told by name, in the language asked for", async (t) => {
  const { code, text, hasStackTrace } = await lifeline(
    "run",
    "--config",
    "/no/such.yaml",
    "--lang",
    "zh-CN",
  );
  t.is(code, 1);
  t.regex(text, /^错误：配置文件无法读取（config\.unreadable）$/m);
  t.regex(text, /^ {2}详情：\/no\/such\.yaml: 文件不存在$/m);
  t.regex(text, /^ {2}处理方法：/m);
  t.false(hasStackTrace);
});

test("status without a gateway exits 1 and says how to start one", async (t) => {
  const { config } = gatewayHome(IDLE);
  const { code, text, hasStackTrace } = await lifeline("status", "--config", config);
  t.is(code, 1);
  t.regex(text, /gw-test is NOT RUNNING[\s\S]*never run[\s\S]*lifeline run/);
  t.false(hasStackTrace);
  for (const command of ["status", "alarms"]) {
    const { code, text } = await lifeline(command, "--config", config, "--json");
    t.is(code, 1);
    t.like(JSON.parse(text), { v: 1, running: false, gateway: "gw-test", last: null });
  }
});

test("a secret that is written in the configuration is refused", async (t) => {
  const { config } = gatewayHome(
    `${IDLE}\ndestinations: { c: { kind: mqtt, url: "mqtt://127.0.0.1", username: u, password: p } }`,
  );
  const { code, text } = await lifeline("check", "--config", config);
  t.is(code, 1);
  t.regex(text, /\$\{file:/);
});

test.serial(
  "the running gateway: status, alarms, acknowledgement, a second one, and SIGTERM",
  async (t) => {
    t.timeout(180_000);
    const signal = {
      area: "holding",
      address: 0,
      type: "float32",
      valueAt: () => 60,
    } as const;
    const plant = await openModbusTcp({ devices: [modbusDevice(1, [signal])] });
    const broker = await openBroker();
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const receiver = await openReceiver(url);
    const home = gatewayHome(
      `buses:
  main: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} }
  gone: { kind: modbus-tcp, host: 127.0.0.1, port: ${await freePort()} }
devices:
  gas: { bus: main, unit: 1, points: { level: { area: holding, address: 0, type: float32, unit: "%[LEL]" } } }
  far: { bus: gone, unit: 1, points: { x: { area: holding, address: 0, type: uint16 } } }
alarms: { high: { point: gas.level, high: 50, severity: red } }
destinations: { centre: { kind: mqtt, url: "${url}" } }`,
    );
    const gateway = await home.start();
    t.teardown(async () => {
      await gateway.end("SIGKILL");
      await receiver.close();
      await broker.close();
      await plant.close();
    });
    const config = ["--config", home.config];
    await until("the alarm at the centre", 10_000, () => {
      return receiver.audit.report("gw-test")?.alarms[0]?.state === "unacknowledged";
    });

    const shown = await lifeline("status", ...config);
    t.is(shown.code, 1, "a bus is closed");
    t.regex(shown.text, /gas\.level +60 +%\[LEL\] +good/);
    t.regex(shown.text, /far\.x +\? +bad:link-closed/);
    t.regex(shown.text, /high +red +ACTIVE, not acknowledged/);
    t.regex(shown.text, /centre +connected/);
    t.regex(shown.text, /WHAT IS WRONG\n {2}closed: bus gone\n {4}gone: .*\n {4}→ check the plug/);

    const json = JSON.parse((await lifeline("status", ...config, "--json")).text) as Status;
    t.like(json, { v: 1, gateway: "gw-test", pid: gateway.pid });
    t.like(json.points[0], { point: "gas.level", value: 60, quality: "good" });

    t.is((await lifeline("alarms", "ack", "high", ...config)).code, 0);
    t.regex((await lifeline("alarms", ...config)).text, /ACTIVE, acked/);
    t.is(
      (await lifeline("alarms", "ack", "high", ...config)).code,
      1,
      "there is nothing left to do",
    );
    t.is((await lifeline("alarms", "ack", "unknown", ...config)).code, 1);
    await until("the acknowledgement at the centre", 5000, () => {
      return receiver.audit.report("gw-test")?.alarms[0]?.state === "acknowledged";
    });

    const shelf = ["--for", "1h", "--reason", "sensor is washed"];
    t.is((await lifeline("alarms", "shelve", "high", ...shelf, ...config)).code, 0);
    const shelved = (await lifeline("alarms", ...config)).text;
    t.regex(shelved, /high +red +shelved +60 +≥ 50 %\[LEL\]/);
    t.regex(shelved.replaceAll(/\s+/g, " "), /gas\.level · .*condition present.*sensor is washed/);
    t.is(
      (await lifeline("alarms", "shelve", "high", "--for", "9h", ...shelf.slice(2), ...config))
        .code,
      1,
    );
    t.is((await lifeline("alarms", "unshelve", "high", ...config)).code, 0);

    const second = await lifeline("run", ...config);
    t.is(second.code, 1);
    t.regex(second.text, /buffer\.busy/);
    t.false(second.hasStackTrace);

    await gateway.end("SIGTERM");
    t.is(await gateway.exited, 0);

    const history = await lifeline("alarms", "history", "high", ...config);
    t.is(history.code, 0, "what is stored is told without a gateway");
    t.regex(history.text, /shelved\n +shelved · .*sensor is washed/);
    const stats = await lifeline("alarms", "stats", ...config, "--json");
    t.like(JSON.parse(stats.text), { occurrences: 2, proposals: [] });
  },
);

test("run refuses a configuration that cannot work", async (t) => {
  const { config } = gatewayHome("devices: { d: { bus: nowhere, unit: 1 } }");
  const { code, text, hasStackTrace } = await lifeline("run", "--config", config);
  t.is(code, 1);
  t.regex(text, /there is no bus 'nowhere'/);
  t.false(hasStackTrace);
});

test("run says which directory the buffer cannot be made in", async (t) => {
  const { dir, config } = gatewayHome(IDLE);
  writeFileSync(`${dir}/buffer`, "a file where the directory should be");
  const { code, text, hasStackTrace } = await lifeline("run", "--config", config);
  t.is(code, 1);
  t.regex(text, /buffer\.io/);
  t.true(text.includes(`${dir}/buffer`));
  t.false(hasStackTrace);
});

test("run ends, and frees the buffer, where the control socket cannot be made", async (t) => {
  const { dir, config } = gatewayHome(`${IDLE}\ncontrol: { socket: /no/such/place/control.sock }`);
  const { code, text, hasStackTrace } = await lifeline("run", "--config", config);
  t.is(code, 1);
  t.regex(text, /control\.unusable/);
  t.false(hasStackTrace);
  writeFileSync(config, `gateway: { id: gw-test }\nbuffer: { dir: ${dir}/buffer }\n${IDLE}\n`);
  const again = startChild(process.execPath, [MAIN, "run", "--config", config]);
  await again.waitFor(/gateway gw-test runs/, 20_000);
  await again.end("SIGTERM");
  t.is(await again.exited, 0);
});
