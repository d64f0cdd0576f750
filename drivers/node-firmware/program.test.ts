import { readFileSync } from "node:fs";
import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { inTime } from "../modbus/fake-link.ts";
import { Bootloader } from "./bootloader.ts";
import { FakeBootloader } from "./fake-bootloader.ts";
import { readIntelHex } from "./intel-hex.ts";
import { FIRMWARE_VERSION, program } from "./program.ts";

/** Two pages and a half. */
const IMAGE = Uint8Array.from({ length: 320 }, (_, i) => (i * 7) % 251);

const LOOP = [0xff, 0xcf];

function start(board: FakeBootloader, end = new AbortController()) {
  const clock = new SimClock();
  const bootloader = new Bootloader(board, clock, end.signal);
  const steps: string[] = [];
  return {
    steps,
    wake: () => inTime(clock, bootloader.wake()),
    program: () =>
      inTime(
        clock,
        program(bootloader, IMAGE, (done, total) => steps.push(`${done}/${total}`)),
      ),
  };
}

test("the image is written whole, read back, and started", async (t) => {
  const board = new FakeBootloader();
  const flashing = start(board);
  t.true(await flashing.wake());
  t.deepEqual(await flashing.program(), { kind: "done" });
  t.deepEqual(board.flash.subarray(0, IMAGE.length), IMAGE);
  t.true(board.flash.subarray(IMAGE.length).every((byte) => byte === 0xff));
  t.true(board.hasLeft);
  t.deepEqual(flashing.steps, ["1/7", "2/7", "3/7", "4/7", "5/7", "6/7", "7/7"]);
});

test("the board is reset by DTR, and late answers to syncs are no answers to what follows", async (t) => {
  const board = new FakeBootloader();
  board.late = [0x14, 0x10, 0x14, 0x10];
  board.isConfused = true;
  t.true(await start(board).wake());
  t.deepEqual(board.ready, [false, true]);
});

test("where nothing answers that is told in time", async (t) => {
  const board = new FakeBootloader();
  board.isAwake = false;
  t.false(await start(board).wake());
});

test("another chip is refused before anything is written", async (t) => {
  const board = new FakeBootloader();
  board.signature = [0x1e, 0x94, 0x06];
  t.deepEqual(await start(board).program(), { kind: "wrong-chip", signature: "1E 94 06" });
  t.true(board.flash.every((byte) => byte === 0xff));
});

test("wherever it breaks off, the chip has the whole image, an endless loop, or what it had", async (t) => {
  for (let diesAt = 1; ; diesAt++) {
    const board = new FakeBootloader();
    board.flash.fill(0x11);
    board.diesAt = diesAt;
    const outcome = await start(board).program();
    if (outcome.kind === "done") break;
    t.like(outcome, { kind: "broken-off", why: "silent" });
    if (outcome.kind === "broken-off" && !outcome.isChanged) {
      t.true(board.flash.every((byte) => byte === 0x11));
      continue;
    }
    const begin = [...board.flash.subarray(0, 2)];
    const isWhole = Buffer.compare(board.flash.subarray(0, IMAGE.length), IMAGE) === 0;
    const isUntouched = board.flash.every((byte) => byte === 0x11);
    t.true(isWhole || isUntouched || `${begin}` === `${LOOP}`, `after ${diesAt}: ${begin}`);
  }
});

test("Ctrl-C ends between two commands, and says whether the old firmware is still there", async (t) => {
  for (const [at, isChanged] of [
    [1, false],
    [3, false],
    [5, true],
  ] as const) {
    const end = new AbortController();
    const board = new FakeBootloader();
    board.onCommand = (count) => {
      if (count === at) end.abort();
    };
    const outcome = await start(board, end).program();
    t.deepEqual(outcome, { kind: "broken-off", why: "ended", isChanged }, `${at}`);
  }
});

test("a port that is pulled out is told at once", async (t) => {
  const board = new FakeBootloader();
  board.onCommand = (count) => {
    if (count === 6) board.close();
  };
  board.diesAt = 6;
  const outcome = await start(board).program();
  t.deepEqual(outcome, { kind: "broken-off", why: "link-closed", isChanged: true });
});

test("a byte that does not take is found, and the chip does not begin with it", async (t) => {
  for (const at of [200, 9]) {
    const board = new FakeBootloader();
    board.stuck = { address: at, value: (IMAGE[at] as number) ^ 4 };
    const address = at < 128 ? 0 : 128;
    const outcome = await start(board).program();
    t.deepEqual(outcome, { kind: "not-verified", address, isChanged: true });
    t.deepEqual([...board.flash.subarray(0, 2)], LOOP);
  }
});

test("the version that is told is the one in the image", (t) => {
  const text = readFileSync(new URL("lifeline-node.hex", import.meta.url), "utf8");
  const image = Buffer.from(readIntelHex(text));
  t.true(image.includes(`lifeline-node ${FIRMWARE_VERSION}\0`));
});
