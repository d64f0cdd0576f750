import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import test from "ava";
import { testWith } from "../debian/test-with.ts";
import { until } from "../field/rig.ts";
import { startChild } from "../processes/child.ts";
import { type GatewayHome, gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { type LiveBoard, openBoard } from "./live-board.ts";
import { FIRMWARE, SETTLED_MS } from "./node.ts";

const WAIT_MS = 30_000;

// One after the other: each board takes its part of a processor.
type Test = { teardown(end: () => void | Promise<void>): void };

function aNode(t: Test): LiveBoard {
  const live = openBoard(FIRMWARE, {});
  live.board.run(SETTLED_MS);
  t.teardown(() => live.close());
  return live;
}

const yaml = (path: string) => `
buses: { line: { kind: modbus-rtu, port: ${path}, baud: 9600, timeout: 2s } }
devices:
  node:
    bus: line
    unit: 1
    profile: lifeline-node
    every: 200ms
    points:
      voltage1: { every: 200ms }
      status: { every: 200ms }
      resetCause: { every: 200ms }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:1" } }`;

/** Runs `lifeline` with `args` to its end. */
async function lifeline(...args: readonly string[]) {
  const child = startChild(process.execPath, [MAIN, ...args]);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

/** Value and quality of the node's `point`, by the gateway. */
async function pointOf(home: GatewayHome, point: string) {
  const { points } = await home.status();
  const { value, quality } = points.find((each) => each.point === `node.${point}`) ?? {};
  return { value: Number(value), quality };
}

/** Waits until the gateway tells `point` of the node as `is` wants it. */
async function becomes(
  home: GatewayHome,
  point: string,
  is: (value: number, quality: string | undefined) => boolean,
) {
  let last = "";
  const look = async () => {
    const { value, quality } = await pointOf(home, point);
    last = `${point} ${value} ${quality}`;
    return is(value, quality);
  };
  await until("", WAIT_MS, look).catch((cause) => {
    throw new Error(`it stays at ${last}`, { cause });
  });
}

const near = (wanted: number, by: number) => (value: number, quality: string | undefined) =>
  quality === "good" && Math.abs(value - wanted) <= by;

test.serial(
  "the gateway reads the node, says what the node cannot tell, and follows it through a power cut",
  async (t) => {
    t.timeout(90_000);
    const { board, path } = aNode(t);
    const home = gatewayHome(yaml(path));
    board.outside.volts[0] = 1.25;
    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    await becomes(home, "voltage1", near(1.25, 0.003));
    await becomes(home, "value1", near(25, 0.1));
    board.outside.volts[0] = 3.75;
    await becomes(home, "voltage1", near(3.75, 0.003));
    for (let i = 1; i <= 3; i++) {
      board.setContact(true);
      await becomes(home, "pulses", near(i, 0));
      board.setContact(false);
      const { ms } = board;
      await until("the contact to rest", WAIT_MS, () => board.ms > ms + 30);
    }
    board.outside.isAdcDead = true;
    await becomes(home, "value1", (_, quality) => quality === "bad:exception:4");
    await becomes(home, "status", (value, quality) => quality === "good" && (value & 16) > 0);
    board.outside.isAdcDead = false;
    await becomes(home, "value1", near(75, 0.1));
    board.cutPower();
    await becomes(home, "pulses", (_, quality) => quality === "bad:timeout");
    board.powerUp();
    await becomes(home, "pulses", near(0, 0));
    await becomes(home, "voltage1", near(3.75, 0.003));
    t.is(board.lost, 0);
  },
);

test.serial(
  "lifeline write calibrates the node, which a stuck EEPROM refuses and the watchdog tells",
  async (t) => {
    t.timeout(90_000);
    const { board, path } = aNode(t);
    const home = gatewayHome(yaml(path));
    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    const at = ["--yes", "--config", home.config];
    board.outside.volts[0] = 3;
    await becomes(home, "value1", near(60, 0.1));
    const done = await lifeline("write", "node.zero1", "10000", ...at);
    t.is(done.code, 0, done.text);
    await becomes(home, "value1", near(50, 0.1));
    const refused = await lifeline("write", "node.span1", "10000", ...at);
    t.is(refused.code, 1, refused.text);
    board.outside.isEepromStuck = true;
    board.pressReset();
    const lost = await lifeline("write", "node.span1", "40000", ...at);
    t.is(lost.code, 1, lost.text);
    board.outside.isEepromStuck = false;
    await becomes(home, "status", (value, quality) => quality === "good" && (value & 64) > 0);
    await becomes(home, "resetCause", (value) => (value & 8) > 0);
    await becomes(home, "value1", near(50, 0.1));
    t.is(board.watchdogResets, 1);
  },
);

test.serial("lifeline scan finds the node and names its profile", async (t) => {
  t.timeout(90_000);
  const { path } = aNode(t);
  const { config } = gatewayHome(yaml(path));
  const { code, text } = await lifeline("scan", "--units", "1-2", "--config", config, "--json");
  t.is(code, 0, text);
  const [found] = JSON.parse(text).settings[0].units;
  t.like(found, {
    unit: 1,
    profiles: ["lifeline-node"],
    identity: { vendor: "Lifeline Edge", product: "lifeline-node", revision: "1.0" },
  });
});

testWith("mbpoll")("a client that others wrote reads the node and sets it", async (t) => {
  t.timeout(90_000);
  const { board, path } = aNode(t);
  board.outside.volts[5] = 2;
  const line = ["-m", "rtu", "-b", "9600", "-P", "none", "-a", "1", "-0", "-1", "-o", "10"];
  const mbpoll = async (...args: readonly string[]) => {
    const { stdout } = await promisify(execFile)("mbpoll", [...line, ...args]);
    return stdout;
  };
  const read = await mbpoll("-t", "3", "-r", "111", "-c", "1", path);
  const volts = Number(/\[111\]:\s+(\d+)/.exec(read)?.[1]);
  t.true(Math.abs(volts - 20_000) < 30, read);
  t.regex(await mbpoll("-t", "4", "-r", "4", path, "25"), /Written 1 references/);
  t.regex(await mbpoll("-t", "4", "-r", "4", "-c", "1", path), /\[4\]:\s+25/);
  const who = await promisify(execFile)("mbpoll", [...line.slice(0, 8), "-u", path]);
  t.regex(who.stdout, /Id +: 0x01\nStatus: On\nData +: lifeline-node 1\.0/);
});
