import process from "node:process";
import test from "ava";
import { until } from "../field/rig.ts";
import { openPty } from "../plant/pty.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { openBoard } from "./live-board.ts";
import { FIRMWARE } from "./node.ts";

const start = (...args: readonly string[]) => startChild(process.execPath, [MAIN, ...args]);

/** Runs `lifeline` with `args` to its end. */
async function lifeline(...args: readonly string[]) {
  const child = start(...args);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

test("a port that a running gateway has open is refused, and the gateway goes on", async (t) => {
  t.timeout(90_000);
  const live = openBoard(FIRMWARE, {});
  t.teardown(() => live.close());
  const home = gatewayHome(`
buses: { line: { kind: modbus-rtu, port: ${live.path}, baud: 9600, timeout: 2s } }
devices: { node: { bus: line, unit: 1, points: { mark: { number: 30011, type: uint16 } } } }`);
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  const isGood = async () => (await home.status()).points[0]?.quality === "good";
  await until("the node to be read", 30_000, isGood);
  const { code, text } = await lifeline("node", "flash", live.path, "--json");
  t.is(code, 1);
  const { error } = JSON.parse(text);
  t.is(error.code, "port-taken");
  t.regex(error.advice, /stop the gateway/);
  t.true(await isGood());
  t.is(live.board.watchdogResets, 0);
});

test("where no bootloader answers, what to do is told; Ctrl-C ends the search", async (t) => {
  t.timeout(90_000);
  const [mute, other] = [openPty(), openPty()];
  t.teardown(() => mute.close());
  t.teardown(() => other.close());
  const searching = start("node", "flash", other.path, "--lang", "en");
  const [{ code, text }] = await Promise.all([
    lifeline("node", "flash", mute.path, "--lang", "en"),
    searching.waitFor(/press the reset button/, 60_000).then(() => searching.end("SIGINT")),
  ]);
  t.is(code, 1);
  t.regex(text, /at 57600 baud.*no bootloader answers.*nothing was written\n.*press reset/s);
  t.is(await searching.exited, 1);
  t.regex(searching.lines.join("\n"), /ended before it was done\n.*the node is as it was/);
});

test("what is typed wrongly, and a port that is not there, are told", async (t) => {
  for (const args of [[], ["flash"], ["erase", "/dev/ttyUSB0"], ["flash", "a", "b"]]) {
    const { code, text } = await lifeline("node", ...args, "--lang", "en");
    t.is(code, 2, text);
  }
  const { code, text } = await lifeline("node", "flash", "/dev/no-such-port", "--lang", "en");
  t.is(code, 1);
  t.regex(text, /no such file/);
});
