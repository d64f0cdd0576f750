import test from "ava";
import { withCrc } from "../../drivers/modbus/crc16.ts";
import type { Board } from "./board.ts";
import { ask, exchange, inputs, runningNode, SETTLED_MS, set, settings } from "./node.ts";

const SETTINGS_LOST = 1;
const COPY_DAMAGED = 2;
const NEVER_SET = 4;
const WATCHDOG_RESET = 64;

/** The part of the status register that is about the EEPROM. */
const kept = (board: Board) => (inputs(board, 0, 1)[0] as number) & 0x0f;

function powerCycle(board: Board): void {
  board.cutPower();
  board.run(10);
  board.powerUp();
  board.run(SETTLED_MS);
}

const CHANNEL = [0, 1111, 52_222];
const OTHER = [0, 2222, 43_333];

test("settings outlive a power cut, and a node that was never set says so", (t) => {
  const board = runningNode();
  t.is(kept(board), NEVER_SET);
  set(board, 5, ...CHANNEL);
  t.is(kept(board), 0);
  powerCycle(board);
  t.deepEqual(settings(board, 5, 3), CHANNEL);
  t.is(kept(board), 0);
});

/** Cuts the power when byte `nth` of the EEPROM is being written, which leaves it to chance. */
function cutAtWrite(board: Board, nth: number): void {
  let writes = 0;
  board.outside.onEepromWrite = (address) => {
    if (++writes !== nth) return;
    board.outside.eeprom[address] = Math.floor(board.outside.noise() * 256);
    board.cutPower();
  };
}

test("a power cut at any byte of a write leaves the old settings whole, or has the new ones", (t) => {
  const tried: string[] = [];
  for (let nth = 1; ; nth++) {
    const board = runningNode();
    set(board, 5, ...CHANNEL);
    set(board, 5, 0, 7, 9);
    set(board, 5, ...CHANNEL);
    cutAtWrite(board, nth);
    const values = OTHER.flatMap((value) => [value >> 8, value & 0xff]);
    exchange(board, withCrc(Uint8Array.of(1, 16, 0, 5, 0, 3, 6, ...values)));
    if (board.isOn) break;
    board.outside.onEepromWrite = null;
    board.powerUp();
    board.run(SETTLED_MS);
    const now = settings(board, 5, 3);
    t.true([`${CHANNEL}`, `${OTHER}`].includes(`${now}`), `cut at byte ${nth}: ${now}`);
    t.is(kept(board) & (SETTINGS_LOST | NEVER_SET), 0);
    tried.push(`${now}`);
    set(board, 5, ...OTHER);
    powerCycle(board);
    t.deepEqual([settings(board, 5, 3), kept(board)], [OTHER, 0]);
  }
  t.true(tried.length >= 8, `${tried.length}`);
  t.is(tried[0], `${CHANNEL}`);
});

test("a damaged copy is told and the other one holds; where both are, the defaults are told", (t) => {
  const board = runningNode();
  set(board, 5, ...CHANNEL);
  set(board, 5, ...OTHER);
  const { eeprom } = board.outside;
  eeprom[140] = (eeprom[140] as number) ^ 1;
  powerCycle(board);
  t.deepEqual([settings(board, 5, 3), kept(board)], [CHANNEL, COPY_DAMAGED]);
  eeprom[50] = (eeprom[50] as number) ^ 0x80;
  powerCycle(board);
  t.deepEqual(settings(board, 5, 3), [1, 0, 50_000]);
  t.is(kept(board), COPY_DAMAGED | SETTINGS_LOST);
  set(board, 5, ...CHANNEL);
  set(board, 5, ...OTHER);
  t.is(kept(board), 0);
});

test("an EEPROM that never gets ready is ended by the watchdog, which is told", (t) => {
  const board = runningNode();
  set(board, 5, ...CHANNEL);
  board.outside.isEepromStuck = true;
  powerCycle(board);
  t.is(ask(board, 6, 0, 4, 0, 50), null);
  board.run(3000);
  t.is(board.watchdogResets, 1);
  board.outside.isEepromStuck = false;
  const [status = 0, cause] = inputs(board, 0, 2);
  t.is(status & WATCHDOG_RESET, WATCHDOG_RESET);
  t.is(cause, 8 | 16);
  t.deepEqual(settings(board, 5, 3), CHANNEL);
  powerCycle(board);
  t.deepEqual(inputs(board, 1, 1), [1]);
});

test("a node in peace is never reset", (t) => {
  const board = runningNode();
  board.run(10_000);
  t.is(board.watchdogResets, 0);
});
