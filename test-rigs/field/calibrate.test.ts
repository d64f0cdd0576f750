import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { testWith } from "../debian/test-with.ts";
import { openOutputModule } from "../plant/output-module.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { openTerminal } from "../processes/tmux.ts";
import { until } from "./rig.ts";

type Test = { teardown(end: () => unknown): void; timeout(ms: number): void };

/** A detector with an alarm that shuts a valve, and a terminal. */
async function siteOf(t: Test) {
  t.timeout(300_000);
  const [gas, valve] = [await openOutputModule(), await openOutputModule()];
  for (const each of [gas, valve]) t.teardown(() => each.close());
  const tcp = ({ port }: typeof gas) =>
    `{ kind: modbus-tcp, host: 127.0.0.1, port: ${port}, timeout: 300ms, grace: 100ms }`;
  const home = gatewayHome(`
buses: { sense: ${tcp(gas)}, act: ${tcp(valve)} }
devices:
  gas-1:
    bus: sense
    unit: 1
    every: 200ms
    points:
      gas: { area: holding, address: 0, type: uint16, unit: "%[LEL]", range: [0, 100], calibration: { every: 180d } }
  valve-1: { bus: act, unit: 1, every: 500ms, points: { shut: { area: coil, address: 0, type: bool, write: true } } }
alarms: { gas-high: { point: gas-1.gas, high: 40, severity: red, interlock: shut-off } }
interlocks: { shut-off: { write: valve-1.shut, value: true, retryEvery: 100ms } }`);
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  const begin = (line: string) =>
    startChild(process.execPath, [
      MAIN,
      ...line.split(" "),
      "--config",
      home.config,
      "--lang",
      "en",
    ]);
  /** Types a command; its exit code and what it shows. */
  const type = async (line: string) => {
    const child = begin(line);
    return { code: await child.exited, text: child.lines.join("\n") };
  };
  const pointOf = async () =>
    (await home.status()).points.find(({ point }) => point === "gas-1.gas");
  const alarmOf = async () => (await home.status()).alarms[0]?.state;
  return { home, gas, valve, gateway, begin, type, pointOf, alarmOf };
}

/** Serial, for a gateway has to keep its times among two dozen processes. */
test.serial(
  "zero and span are found, taken from the next reading on, and kept over SIGKILL",
  async (t) => {
    const { home, gas, valve, gateway, begin, type, pointOf, alarmOf } = await siteOf(t);
    gas.registers[0] = 2;
    const out = join(home.dir, "gas-1.pdf");
    const words =
      "calibrate gas-1.gas --zero 0 --span 50 --window 3s --within 60s --yes --note bottle-7";
    const crew = begin(`${words} --out ${out}`);
    t.teardown(() => crew.end("SIGKILL"));
    await crew.waitFor(/at 0: steady at 2/, 60_000);
    gas.registers[0] = 42;
    await until("the gas to be read", 10_000, async () => {
      const { value, quality } = (await pointOf()) ?? {};
      return value === 42 && quality === "uncertain:function-check";
    });
    t.is(await alarmOf(), "out-of-service");
    await crew.waitFor(/at 50: steady at 42/, 60_000);
    await crew.waitFor(/adjusted: calibration 1/, 60_000);
    gas.registers[0] = 2;
    t.is(await crew.exited, 0, crew.lines.join("\n"));
    t.false(valve.coils[0], "the interlock did not act on the calibrator's gas");
    t.is(await alarmOf(), "normal");

    const certificate = JSON.parse(readFileSync(join(home.dir, "gas-1.json"), "utf8"));
    t.like(certificate, { v: 1, number: "gw-test/gas-1.gas/1", point: "gas-1.gas" });
    t.like(certificate.record, { kind: "adjustment", note: "bottle-7", isWithin: false });
    t.like(certificate.record.steps[1], {
      reference: 50,
      found: 42,
      left: 50,
      isLeftMeasured: true,
    });

    t.is(readFileSync(out).subarray(0, 5).toString(), "%PDF-");
    await gateway.waitFor(/document gw-test\/gas-1\.gas\/1 is recorded/, 10_000);

    gas.registers[0] = 34;
    const isAdjusted = async () => (await pointOf())?.value === 40;
    await until("the correction to hold", 10_000, isAdjusted);
    await gateway.end("SIGKILL");
    const again = await home.start();
    t.teardown(() => again.end("SIGKILL"));
    await until("the correction to hold after a kill", 20_000, isAdjusted);

    const history = await type("calibrate gas-1.gas --history --json");
    t.is(JSON.parse(history.text).records.length, 1);
    t.regex(
      (await type("calibrate gas-1.gas --revert --yes")).text,
      /the configuration's; record 2/,
    );
    await until("the reversion", 10_000, async () => (await pointOf())?.value === 34);
  },
);

test.serial(
  "a crew whose laptop dies leaves the old calibration, and alarms that come back",
  async (t) => {
    const { gas, begin, pointOf, alarmOf } = await siteOf(t);
    gas.registers[0] = 2;
    const crew = begin("calibrate gas-1.gas --zero 0 --span 50 --window 3s --for 1m --yes");
    await crew.waitFor(/at 0: steady/, 60_000);
    t.is(await alarmOf(), "out-of-service");
    await crew.end("SIGKILL");
    t.is((await pointOf())?.quality, "uncertain:function-check");
    await until("the alarm to come back", 90_000, async () => (await alarmOf()) === "normal");
    await until("the point to measure", 10_000, async () => (await pointOf())?.quality === "good");
    t.is((await pointOf())?.value, 2);
  },
);

test.serial(
  "what is not steady, or not plausible, adjusts nothing and brings the alarms back",
  async (t) => {
    const { gas, type, alarmOf, pointOf } = await siteOf(t);
    gas.registers[0] = 2;
    const stuck = await type(
      "calibrate gas-1.gas --zero 0 --span 50 --window 2s --within 6s --yes",
    );
    t.is(stuck.code, 1);
    t.regex(stuck.text, /not steady within 6 s.*nothing was adjusted/);
    t.is(await alarmOf(), "normal");
    const far = await type("calibrate gas-1.gas --zero 60 --window 2s --yes");
    t.is(far.code, 1);
    t.regex(far.text, /more than a quarter of the range/);
    t.is((await pointOf())?.value, 2);
    const check = await type("calibrate gas-1.gas --check --zero 0 --window 2s --yes");
    t.is(check.code, 0, check.text);
    t.regex(check.text, /within the tolerance of 5 %\[LEL\]\nchecked: record 1/);
  },
);

test.serial("what was typed wrongly is told before anything is done", async (t) => {
  const { type } = await siteOf(t);
  t.regex((await type("calibrate gas-1.gas --zero nought --yes")).text, /--zero takes a number/);
  t.regex((await type("calibrate gas-1.gas --yes")).text, /--zero 0, --span 50/);
  t.regex((await type("calibrate gas-1.gas --zero 0")).text, /add --yes/);
  t.regex((await type("calibrate gas-1.nothing --zero 0 --yes")).text, /there is no point/);
  t.regex((await type("calibrate gas-1.gas --zero 0 --out x.doc --yes")).text, /\.pdf or \.json/);
});

testWith("tmux")(
  "whoever is asked types what is true, applies it, and says when it is off again",
  async (t) => {
    const { gas, home, alarmOf, pointOf } = await siteOf(t);
    gas.registers[0] = 2;
    const terminal = openTerminal(100, 40);
    t.teardown(() => terminal.close());
    const answer = (text: string) => {
      terminal.type(text);
      terminal.press("Enter");
    };
    answer(`${process.execPath} ${MAIN} calibrate gas-1.gas --window 3s --config ${home.config}`);
    await terminal.waitFor(/reference value of the zero/);
    answer("0");
    await terminal.waitFor(/reference value of the span/);
    answer("50");
    await terminal.waitFor(/do not act on it meanwhile: shut-off[\s\S]*Begin\?/);
    answer("y");
    await terminal.waitFor(/Apply 0 %\[LEL\]/);
    t.is(await alarmOf(), "out-of-service");
    answer("");
    await terminal.waitFor(/at 0: steady at 2[\s\S]*Apply 50/);
    gas.registers[0] = 42;
    answer("");
    await terminal.waitFor(/at 50: steady at 42[\s\S]*Adjust\?/);
    answer("y");
    await terminal.waitFor(/adjusted: calibration 1[\s\S]*Take the reference off/);
    gas.registers[0] = 2;
    await until("the gas to be gone", 10_000, async () => (await pointOf())?.value === 0);
    answer("");
    await terminal.waitFor(/alarms are back in service/);
    t.is(await alarmOf(), "normal");
  },
);
