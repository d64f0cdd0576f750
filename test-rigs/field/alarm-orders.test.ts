import process from "node:process";
import test from "ava";
import { openBroker } from "../plant/broker.ts";
import { openOutputModule } from "../plant/output-module.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

type Test = { teardown(end: () => unknown): void; timeout(ms: number): void };

/** A detector and a valve, the alarms of the one, an interlock on the other, and a terminal. */
async function siteOf(t: Test) {
  t.timeout(300_000);
  const [gas, valve, broker] = [
    await openOutputModule(),
    await openOutputModule(),
    await openBroker(),
  ];
  for (const each of [gas, valve, broker]) t.teardown(() => each.close());
  const tcp = ({ port }: typeof gas) =>
    `{ kind: modbus-tcp, host: 127.0.0.1, port: ${port}, timeout: 300ms, grace: 100ms }`;
  const home = gatewayHome(`
buses: { sense: ${tcp(gas)}, act: ${tcp(valve)} }
devices:
  gas-1: { bus: sense, unit: 1, every: 200ms, points: { gas: { area: holding, address: 0, type: uint16 } } }
  valve-1: { bus: act, unit: 1, every: 500ms, points: { shut: { area: coil, address: 0, type: bool, write: true } } }
alarms:
  gas-high: { point: gas-1.gas, high: 50, severity: red, latch: true, interlock: shut-off }
  gas-low: { point: gas-1.gas, high: 25, deadband: 2, severity: yellow }
interlocks: { shut-off: { write: valve-1.shut, value: true, retryEvery: 100ms } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:${broker.port}" } }`);
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  /** Types a command; its exit code and what it shows. */
  const type = async (lang: "en" | "zh-CN", line: string, ...more: readonly string[]) => {
    const words = [...line.split(" "), ...more, "--config", home.config, "--lang", lang];
    const child = startChild(process.execPath, [MAIN, ...words]);
    const code = await child.exited;
    const text = child.lines.join("\n");
    return { code, text, hasStackTrace: /\n\s+at .+:\d+:\d+/.test(text) };
  };
  const stateOf = async (alarm: string) =>
    (await home.status()).alarms.find((each) => each.alarm === alarm)?.state;
  const become = (alarm: string, state: string) =>
    until(`${alarm} to be ${state}`, 20_000, async () => (await stateOf(alarm)) === state);
  return { gas, valve, gateway, type, become };
}

/** Serial, for a gateway has to keep its times among two dozen processes. */
test.serial(
  "reset, unshelve, out-of-service and in-service do what they say, in both languages",
  async (t) => {
    const { gas, gateway, type, become } = await siteOf(t);
    gas.registers[0] = 60;
    await become("gas-high", "unacknowledged");

    const early = await type("en", "alarms reset gas-high");
    t.is(early.code, 1);
    t.regex(early.text, /not to be reset: .*lifeline alarms ack gas-high/);
    const hurried = await type("zh-CN", "alarms reset gas-high");
    t.regex(hurried.text, /^gas-high 当前不能复位/);
    t.is((await type("en", "alarms ack gas-high")).code, 0);
    gas.registers[0] = 0;
    await become("gas-high", "latched-acknowledged");
    const latched = await type("zh-CN", "alarms out-of-service gas-high --reason 标定");
    t.is(latched.code, 1);
    t.regex(latched.text, /已锁存：请先确认并复位/);
    const reset = await type("zh-CN", "alarms reset gas-high --json");
    t.is(reset.code, 0);
    t.deepEqual(JSON.parse(reset.text), { alarm: "gas-high", outcome: "done" });
    await become("gas-high", "normal");

    t.is((await type("en", "alarms unshelve gas-low")).text, "gas-low is not shelved");
    t.is((await type("en", "alarms shelve gas-low --for 1h --reason", "sensor is washed")).code, 0);
    const shelved = await type("zh-CN", "alarms unshelve gas-low");
    t.is(shelved.code, 0);
    t.is(shelved.text, "gas-low 已取消搁置");

    t.is((await type("en", "alarms out-of-service gas-high")).code, 2, "a reason is needed");
    const out = await type("en", "alarms out-of-service gas-high --reason calibration");
    t.is(out.code, 0);
    t.regex(
      out.text,
      /OUT OF SERVICE until somebody puts it back\nit trips no interlock.*shut-off$/,
    );
    t.is(
      (await type("zh-CN", "alarms out-of-service gas-high --reason 标定")).text,
      "gas-high 已处于停用状态",
    );
    const back = await type("zh-CN", "alarms in-service gas-high --reason 标定完成");
    t.is(back.code, 0);
    t.is(back.text, "gas-high 已恢复使用");
    t.is((await type("en", "alarms in-service gas-high --reason x")).code, 1);

    const mistyped = await type("en", "alarms reset gas-hgih");
    t.is(mistyped.code, 1);
    t.regex(mistyped.text, /there is no alarm gas-hgih.* Did you mean 'gas-high'\?$/);

    await gateway.end("SIGTERM");
    const { text } = await type("en", "alarms history --json");
    const told = (JSON.parse(text) as Record<string, string>[])
      .filter(({ cause }) =>
        ["reset", "unshelved", "out-of-service", "in-service"].includes(cause ?? ""),
      )
      .map(
        ({ alarm, from, to, cause, reason = "" }) =>
          `${alarm}: ${from} > ${to}, ${cause} ${reason}`,
      );
    t.deepEqual(told, [
      "gas-high: latched-acknowledged > normal, reset ",
      "gas-low: shelved > normal, unshelved ",
      "gas-high: normal > out-of-service, out-of-service calibration",
      "gas-high: out-of-service > normal, in-service 标定完成",
    ]);
    t.true(
      (JSON.parse(text) as { cause: string; who?: string }[]).every(({ cause, who }) =>
        cause === "high" || cause === "returned" ? who === undefined : who !== undefined,
      ),
    );
    for (const order of ["reset gas-high", "unshelve gas-low", "in-service gas-high --reason x"]) {
      const { code, text, hasStackTrace } = await type("zh-CN", `alarms ${order}`);
      t.is(code, 1, order);
      t.regex(text, /control\.unreachable[\s\S]*处理方法：/);
      t.false(hasStackTrace);
    }
  },
);

test.serial(
  "an override is confirmed, shown with its end, and says that the output stays",
  async (t) => {
    const { gas, valve, type } = await siteOf(t);
    gas.registers[0] = 60;
    await until("the valve to shut", 20_000, () => valve.coils[0] === true);
    const order = "interlock override shut-off --for 5m --reason";
    t.is((await type("en", order, "pump test")).code, 2, "nobody is there to be asked");
    t.is((await type("en", "interlock override shut-off --for 5m --yes")).code, 2, "why?");
    const done = await type("en", order, "pump test", "--yes");
    t.is(done.code, 0, done.text);
    t.regex(
      done.text,
      /^shut-off is overridden for 5 min; it ends by itself\nvalve-1\.shut stays as it is/,
    );
    t.true(valve.coils[0], "without a release nothing is let go");
    const shown = await type("zh-CN", "interlock");
    t.regex(shown.text, /shut-off +已旁路 +gas-high +valve-1\.shut/);
    t.regex(shown.text, /shut-off 由 .* 旁路，剩余 .*：pump test/);
    const again = await type("zh-CN", order, "水泵试验", "--yes", "--json");
    t.like(JSON.parse(again.text), { outcome: "done", state: "overridden", reason: "水泵试验" });
    t.is((await type("en", "write valve-1.shut false --yes")).code, 0, "the way out is open");
    await until("the valve to open", 20_000, () => valve.coils[0] === false);
  },
);
