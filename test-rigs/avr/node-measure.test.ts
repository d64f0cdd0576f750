import test from "ava";
import type { Board } from "./board.ts";
import { ask, inputs, runningNode, SETTLED_MS, set } from "./node.ts";

const ADC_FAULT = 16;
const SUPPLY_DOUBTFUL = 32;

/** Value, voltage and ratio of A0. */
const first = (board: Board) => [100, 106, 112].map((at) => inputs(board, at, 1)[0] as number);

function near(
  t: { true(is: boolean, text?: string): unknown },
  is: number,
  wanted: number,
  by = 4,
) {
  t.true(Math.abs(is - wanted) <= by, `${is}, not ${wanted}`);
}

test("each input has its voltage within 1.2 mV, which is 12 bits of 5 V", (t) => {
  const board = runningNode();
  const volts = [0.2, 1, 1.2345, 2.5, 3.7777, 4.8];
  board.outside.volts.splice(0, 6, ...volts);
  board.run(SETTLED_MS);
  const read = inputs(board, 106, 6);
  for (const [i, volt] of volts.entries()) near(t, read[i] as number, volt * 10_000, 12);
});

test("a step of 2 mV, under half a step of the converter, is seen", (t) => {
  const board = runningNode();
  board.outside.volts[2] = 2.5;
  board.run(SETTLED_MS);
  const [before = 0] = inputs(board, 114, 1);
  board.outside.volts[2] = 2.502;
  board.run(SETTLED_MS);
  near(t, (inputs(board, 114, 1)[0] as number) - before, (2 / 5000) * 65_536, 10);
});

test("where the supply sags, a ratiometric input keeps its ratio and an absolute one its voltage", (t) => {
  const board = runningNode();
  board.outside.volts[0] = 2.5;
  board.run(SETTLED_MS);
  const [value = 0, voltage = 0, ratio = 0] = first(board);
  near(t, voltage, 25_000, 30);
  near(t, ratio, 32_768, 40);
  near(t, value, 5000, 8);
  board.outside.supplyV = 4.5;
  board.run(SETTLED_MS);
  const [, held = 0, grown = 0] = first(board);
  near(t, inputs(board, 118, 1)[0] as number, 4500, 4);
  near(t, held, 25_000, 30);
  near(t, grown, (2.5 / 4.5) * 65_536, 40);
  board.outside.volts[0] = 2.25;
  board.run(SETTLED_MS);
  near(t, first(board)[2] as number, ratio, 40);
});

test("an input is calibrated from zero to span, falling ones too, by ratio or by voltage", (t) => {
  const board = runningNode();
  board.outside.volts.splice(0, 2, 3, 3);
  // A0: 4-20 mA over 250 ohm; A1: a level that falls as the ratio rises.
  set(board, 5, 1, 10_000, 50_000, 0, 65_472, 0);
  board.run(SETTLED_MS);
  const [current = 0, level = 0] = inputs(board, 100, 2);
  near(t, current, 5000, 8);
  near(t, level, 4000, 12);
});

test("the bandgap that was measured on a chip makes its voltages right", (t) => {
  const board = runningNode();
  board.outside.bandgapV = 1.05;
  board.outside.volts[0] = 2;
  board.run(SETTLED_MS);
  near(t, inputs(board, 118, 1)[0] as number, 5238, 6);
  set(board, 2, 1050);
  const [, voltage = 0] = first(board);
  near(t, voltage, 20_000, 25);
});

test("measuring the temperature moves no input, and comes again every few seconds", (t) => {
  const board = runningNode();
  board.outside.volts[0] = 2.5;
  board.run(SETTLED_MS);
  board.outside.celsius = 45;
  for (let i = 0; i < 40; i++) {
    board.run(150);
    near(t, first(board)[2] as number, 32_768, 40);
  }
  near(t, inputs(board, 119, 1)[0] as number, 450, 8);
});

test("the chip's own temperature is told, and moved by its offset", (t) => {
  const board = runningNode();
  near(t, inputs(board, 119, 1)[0] as number, 250, 8);
  set(board, 3, 0x10000 - 50);
  near(t, inputs(board, 119, 1)[0] as number, 200, 8);
});

test("while the converter stands still what it tells is refused, and nothing else", (t) => {
  const board = runningNode();
  board.outside.isAdcDead = true;
  board.run(1200);
  t.deepEqual(inputs(board, 0, 1), [4 | ADC_FAULT]);
  t.deepEqual(ask(board, 4, 0, 100, 0, 1), [0x84, 4]);
  t.deepEqual(ask(board, 4, 0, 119, 0, 1), [0x84, 4]);
  board.outside.isAdcDead = false;
  board.run(1200);
  t.deepEqual(inputs(board, 0, 1), [4]);
  near(t, inputs(board, 118, 1)[0] as number, 5000, 4);
});

test("a supply out of bounds is told", (t) => {
  const board = runningNode();
  board.outside.supplyV = 3.3;
  board.run(SETTLED_MS);
  t.deepEqual(inputs(board, 0, 1), [4 | SUPPLY_DOUBTFUL]);
});

test("before the first round the node is busy, and makes nothing up", (t) => {
  const board = runningNode();
  board.cutPower();
  board.powerUp();
  t.deepEqual(ask(board, 4, 0, 100, 0, 6), [0x84, 6]);
  t.deepEqual(inputs(board, 0, 1), [4]);
});

test("a reference that cannot be makes every value refused", (t) => {
  const board = runningNode();
  board.outside.bandgapV = 0.1;
  board.run(SETTLED_MS);
  t.deepEqual(inputs(board, 0, 1), [4 | SUPPLY_DOUBTFUL]);
  t.deepEqual(ask(board, 4, 0, 100, 0, 6), [0x84, 4]);
});

/** Closes the contact for `closedMs` and opens it for `openMs`, `times` over. */
function pulse(board: Board, times: number, closedMs: number, openMs: number): void {
  for (let i = 0; i < times; i++) {
    board.setContact(true);
    board.run(closedMs);
    board.setContact(false);
    board.run(openMs);
  }
}

test("pulses are counted once each, however the contact bounces, and shorter ones are noise", (t) => {
  const board = runningNode();
  pulse(board, 7, 30, 30);
  t.deepEqual(inputs(board, 4, 2), [0, 7]);
  pulse(board, 20, 3, 2);
  pulse(board, 1, 40, 0);
  pulse(board, 20, 2, 3);
  board.run(30);
  t.deepEqual(inputs(board, 4, 2), [0, 8]);
  set(board, 4, 50);
  pulse(board, 3, 40, 60);
  t.deepEqual(inputs(board, 4, 2), [0, 8]);
  pulse(board, 3, 60, 60);
  t.deepEqual(inputs(board, 4, 2), [0, 11]);
});

test("uptime goes in seconds and begins anew at a reset, whose cause is told", (t) => {
  const board = runningNode();
  board.run(5000);
  t.deepEqual(inputs(board, 1, 3), [1, 0, 5]);
  board.pressReset();
  board.run(1500);
  t.deepEqual(inputs(board, 1, 3), [2, 0, 1]);
});

test("a version and a mark of its map are where the profile looks for them", (t) => {
  t.deepEqual(inputs(runningNode(), 9, 2), [0x0100, 0x4c4e]);
});
