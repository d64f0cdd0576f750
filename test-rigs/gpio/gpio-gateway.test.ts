import process from "node:process";
import test from "ava";
import { until } from "../field/rig.ts";
import { startChild } from "../processes/child.ts";
import { type GatewayHome, gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { StandInChip } from "./stand-in.ts";

const WAIT_MS = 30_000;
/** What could not be opened is tried again after up to 15 s; a loaded machine takes longer. */
const AGAIN_MS = 90_000;
const DOOR = 0;
const SIREN = 1;
const LAMP = 2;

const YAML = `
buses: { own: { kind: gpio, chip: gpiochip0 } }
devices:
  box:
    bus: own
    every: 200ms
    silentAfter: 10s
    points:
      door: { line: DOOR, activeLow: true, bias: pull-up }
      siren: { line: ${SIREN}, write: true }
      lamp: { line: ${LAMP}, write: true, activeLow: true }
alarms: { opened: { point: box.door, equals: true, severity: red, interlock: siren } }
interlocks: { siren: { write: box.siren, value: true, release: false, test: 1s } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:1" } }`;

async function becomes(home: GatewayHome, state: string): Promise<void> {
  let last = "nothing";
  await until("", WAIT_MS, async () => {
    const { interlocks, points } = await home.status();
    last = JSON.stringify([interlocks, points]);
    return interlocks[0]?.state === state;
  }).catch((cause) => {
    throw new Error(`not ${state}, but ${last}`, { cause });
  });
}

async function lifeline(home: GatewayHome, ...words: readonly string[]) {
  const child = startChild(process.execPath, [MAIN, ...words, "--config", home.config]);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

test("GPIO lines are read, and driven by an alarm and by a crew", async (t) => {
  t.timeout(120_000);
  const chip = new StandInChip("1.6.3", ["DOOR", "RELAY1", ""]);
  chip.setLevel(DOOR, 1);
  const home = gatewayHome(YAML);
  const gateway = await home.start(chip.env);
  t.teardown(() => gateway.end("SIGKILL"));
  const driven = (line: number, level: number | null) =>
    until(`line ${line} ${level}`, WAIT_MS, () => chip.driven(line) === level);
  await driven(SIREN, 0);
  await driven(LAMP, 1);

  chip.setLevel(DOOR, 0);
  await driven(SIREN, 1);
  await becomes(home, "tripped");
  const wrote = await lifeline(home, "write", "box.lamp", "true", "--yes");
  t.is(wrote.code, 0, wrote.text);
  t.is(chip.driven(LAMP), 0);
  const read = await lifeline(home, "read", "box.lamp", "box.siren", "--json");
  t.is(read.code, 0, read.text);
  t.like(JSON.parse(read.text).readings, [{ value: true }, { value: true }]);

  // Whatever ends the process that holds the line: it is held anew.
  const holder = chip.holder(SIREN);
  process.kill(holder, "SIGKILL");
  await until("another holder", WAIT_MS, () => chip.holder(SIREN) !== holder);
  t.is(chip.driven(SIREN), 1);

  chip.setLevel(DOOR, 1);
  await becomes(home, "idle");
  t.is(chip.driven(SIREN), 0);
  const tried = lifeline(home, "interlock", "test", "siren", "--yes");
  await driven(SIREN, 1);
  const { code, text } = await tried;
  t.is(code, 0, text);
  t.is(chip.driven(SIREN), 0);

  // A gateway that is killed leaves no process that would keep the line from the next one.
  await gateway.end("SIGKILL");
  await driven(SIREN, null);
  await driven(LAMP, null);
});

test("a GPIO chip that is not there is told with what to do, and taken up once it is", async (t) => {
  t.timeout(180_000);
  const chip = new StandInChip("2.2", ["DOOR", "RELAY1", ""]);
  // The door is shut: an alarm would drive the siren as soon as the chip is there.
  chip.setLevel(DOOR, 1);
  chip.forbid();
  const home = gatewayHome(YAML);
  const gateway = await home.start(chip.env);
  t.teardown(() => gateway.end("SIGKILL"));
  let trouble = "";
  await until("the refusal", WAIT_MS, async () => {
    trouble = (await home.status()).buses[0]?.trouble ?? "";
    return trouble !== "";
  });
  t.regex(trouble, /Permission denied.*group.*gpio/s);
  chip.allow();
  await until("the line", AGAIN_MS, () => chip.driven(SIREN) === 0);
});
