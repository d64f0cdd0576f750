import { execFileSync } from "node:child_process";
import process from "node:process";
import { spawn as spawnInTerminal } from "@lydell/node-pty";
import { until } from "../field/rig.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { Board } from "./board.ts";
import { type LiveBoard, openBoard } from "./live-board.ts";
import { ask, FIRMWARE, settings } from "./node.ts";
import {
  type BootloaderImage,
  buildAtmegaBoot,
  buildOptiboot,
  withBootloaders,
} from "./toolchain.ts";

type Test = { teardown(end: () => void | Promise<void>): void };

const start = (...args: readonly string[]) => startChild(process.execPath, [MAIN, ...args]);

/** Runs `lifeline` with `args` to its end. */
async function lifeline(...args: readonly string[]) {
  const child = start(...args);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

/** What `lifeline node flash --json` tells. */
async function flash(path: string) {
  const { code, text } = await lifeline("node", "flash", path, "--json");
  return { code, told: JSON.parse(text) };
}

const SYNC = 0x30;
const WRITE = 0x64;

/**
 * A board with a bootloader and nothing else, on its USB port. A pty has no DTR: whoever stands by
 * presses reset when the command looks for the bootloader, as long as that does not run.
 */
function aBoard(t: Test, { bytes, at }: BootloaderImage): LiveBoard {
  const live = openBoard(bytes, { wiring: "usb", bootAt: at }, at);
  t.teardown(() => live.close());
  const { board, path } = live;
  live.onReceived = ([first]) => {
    if (first !== SYNC) return;
    board.baud = Number(execFileSync("stty", ["-F", path, "speed"], { encoding: "utf8" }));
    if (!board.isInBootloader) board.pressReset();
  };
  return live;
}

const isFirmwareIn = ({ board }: LiveBoard) =>
  Buffer.compare(board.outside.flash.subarray(0, FIRMWARE.length), FIRMWARE) === 0;

/** Takes the board to its place on an RS-485 line, and asks there who it is. */
async function identify({ board, path }: LiveBoard) {
  board.wiring = "rs485";
  board.baud = 9600;
  const bus = `{ kind: modbus-rtu, port: ${path}, baud: 9600, timeout: 2s }`;
  const { config } = gatewayHome(`buses: { line: ${bus} }\ndevices: {}`);
  const { text } = await lifeline("scan", "--units", "1", "--config", config, "--json");
  board.wiring = "usb";
  return JSON.parse(text).settings?.[0]?.units?.[0]?.profiles;
}

withBootloaders("an old Nano is found at its speed; a terminal shows how far it is", async (t) => {
  t.timeout(90_000);
  const live = aBoard(t, buildAtmegaBoot());
  const args = [MAIN, "node", "flash", live.path, "--lang", "en"];
  const terminal = spawnInTerminal(process.execPath, args, { cols: 200 });
  let text = "";
  terminal.onData((data) => {
    text += data;
  });
  const code = await new Promise((resolve) => terminal.onExit((end) => resolve(end.exitCode)));
  t.is(code, 0, text);
  t.regex(text, /at 115200 baud.*at 57600 baud/s);
  // Every page is written and read back, and the first one is written once more.
  const steps = 2 * Math.ceil(FIRMWARE.length / 128) + 1;
  t.true(text.includes(`\r\u001b[Kwriting and reading back: 7 of ${steps}\r\u001b[K`), text);
  t.true(text.includes(`\r\u001b[Kfirmware 1.0 is in the node at ${live.path}`), text);
  t.regex(text, /after a watchdog reset the node hangs until power is cut/);
  t.true(isFirmwareIn(live));
});

/** A board with both in its flash, some seconds after its watchdog bit. */
function bitten({ bytes, at }: BootloaderImage): Board {
  const board = new Board({ bootAt: at });
  board.outside.flash.set(FIRMWARE);
  board.outside.flash.set(bytes, at);
  board.outside.isEepromStuck = true;
  board.powerUp();
  board.run(2500);
  ask(board, 6, 0, 4, 0, 50);
  board.outside.isEepromStuck = false;
  board.run(4000);
  return board;
}

withBootloaders(
  "after a watchdog reset Optiboot lets the node go on, and the old one hangs",
  (t) => {
    const board = bitten(buildOptiboot());
    t.is(board.watchdogResets, 1);
    t.deepEqual(settings(board, 4, 1), [10]);
    const old = bitten(buildAtmegaBoot());
    t.true(old.watchdogResets > 10 && old.isInBootloader);
    old.cutPower();
    old.powerUp();
    old.run(2500);
    t.deepEqual(settings(old, 4, 1), [10]);
  },
);

withBootloaders(
  "a bare Uno unplugged in the middle keeps still, is flashed the next time, and answers",
  async (t) => {
    t.timeout(90_000);
    const live = aBoard(t, buildOptiboot());
    const { board, pty } = live;
    const press = live.onReceived;
    let writes = 0;
    live.onReceived = (bytes) => {
      press?.(bytes);
      if (bytes[0] === WRITE && ++writes === 12) pty.unplug();
    };
    const broken = await flash(live.path);
    t.is(broken.code, 1);
    t.like(broken.told, { error: { code: "link-closed" }, isChanged: true });
    t.regex(broken.told.error.advice, /lifeline node flash/);
    board.sent.length = 0;
    board.pressReset();
    const { ms } = board;
    await until("the bootloader to give up", 30_000, () => board.ms > ms + 2500);
    t.false(board.isInBootloader);
    t.deepEqual([board.sent, board.driver.filter(({ isOn }) => isOn)], [[], []]);
    pty.plug();
    const { code, told } = await flash(live.path);
    t.is(code, 0, JSON.stringify(told));
    t.like(told, { outcome: "done", version: "1.0", baud: 115_200, bytes: FIRMWARE.length });
    t.true(isFirmwareIn(live));
    t.deepEqual(await identify(live), ["lifeline-node"]);
  },
);

withBootloaders("Ctrl-C in the middle says how the node is left", async (t) => {
  t.timeout(90_000);
  const live = aBoard(t, buildOptiboot());
  const press = live.onReceived;
  let writes = 0;
  const child = start("node", "flash", live.path, "--lang", "zh-CN");
  live.onReceived = (bytes) => {
    press?.(bytes);
    if (bytes[0] === WRITE && ++writes === 5) process.kill(child.pid, "SIGINT");
  };
  t.is(await child.exited, 1);
  t.regex(child.lines.join("\n"), /未完成即被结束\n.*节点现在没有固件.*lifeline node flash/);
  t.deepEqual([...live.board.outside.flash.subarray(0, 2)], [0xff, 0xcf]);
});
