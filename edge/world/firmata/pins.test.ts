import { EventEmitter } from "node:events";
import process from "node:process";
import test, { registerCompletionHandler } from "ava";
import type { Firmata } from "firmata-io";
import type { BoardAnswer } from "../../core/board.ts";
import { type Tell, watchAnalog, watchDigital, watchOutput } from "./pins.ts";

// Pins are asked for as long as the process runs.
registerCompletionHandler(() => process.exit());

const MODES = { INPUT: 0, ANALOG: 2, I2C: 6, PULLUP: 11 };
const EVERYTHING = [MODES.INPUT, MODES.PULLUP, MODES.ANALOG];

/** A board with pins 0 (digital), 1 (A0) and 2 (A1, which is SDA as well). */
class FakeBoard extends EventEmitter {
  readonly MODES = MODES;
  readonly RESOLUTION = { ADC: 1023 };
  readonly pins = [
    { supportedModes: [MODES.INPUT, MODES.PULLUP], mode: 0 },
    { supportedModes: EVERYTHING, mode: 0 },
    { supportedModes: [...EVERYTHING, MODES.I2C], mode: 0 },
  ];
  readonly analogPins = [1, 2];
  readonly asked: string[] = [];
  /** What mode the board says that its pins have; as they were set if null. */
  told: number | null = null;

  pinMode(pin: number, mode: number): void {
    const at = this.pins[pin];
    if (at !== undefined) at.mode = mode;
  }

  reportAnalogPin(channel: number): void {
    this.asked.push(`A${channel}`);
  }

  reportDigitalPin(pin: number): void {
    this.asked.push(`D${pin}`);
  }

  queryPinState(pin: number, then: () => void): void {
    const at = this.pins[pin];
    if (at !== undefined && this.told !== null) at.mode = this.told;
    then();
  }
}

function rig({ hasChips = false } = {}) {
  const board = new FakeBoard();
  const told: string[] = [];
  const tell: Tell = {
    value: (source, value) => told.push(`${source} ${value}`),
    fault: (source, fault) => told.push(`${source} ${fault}`),
  };
  const wired = { io: board as unknown as Firmata, hasChips };
  const analog = (channel: number) =>
    watchAnalog(
      wired,
      { source: `A${channel}`, everyMs: 1000, input: { kind: "analog", channel } },
      tell,
    );
  const digital = (pin: number, onWrongMode = () => {}) =>
    watchDigital(
      wired,
      { source: `D${pin}`, everyMs: 20, input: { kind: "digital", pin, pullUp: true } },
      tell,
      onWrongMode,
    );
  return { board, told, tell, analog, digital };
}

test("an analog pin is told as a share of the highest code, the moment it is told", (t) => {
  const { board, told, analog } = rig();
  analog(0);
  board.emit("analog-read-0", 1023);
  board.emit("analog-read-0", 0);
  t.deepEqual(told, ["A0 1", "A0 0"]);
});

test("a code that no converter sends is no value", (t) => {
  const { board, told, analog } = rig();
  analog(0);
  board.emit("analog-read-0", 1024);
  board.emit("analog-read-0", (0xe0 << 7) | 3);
  t.deepEqual(told, []);
});

test("a digital pin is asked for every period, because one that rests is told by nothing else", async (t) => {
  const { board, told, digital } = rig();
  digital(0);
  await new Promise((resolve) => setTimeout(resolve, 150));
  t.true(board.asked.length >= 3, `${board.asked}`);
  t.is(board.pins[0]?.mode, MODES.PULLUP);
  board.emit("digital-read-0", 1);
  t.deepEqual(told, ["D0 1"]);
});

test("a board that has forgotten what a pin is for is not asked for its level", (t) => {
  const { board, digital } = rig();
  board.told = 1;
  let wrong = 0;
  digital(0, () => wrong++);
  t.is(wrong, 1);
  t.deepEqual(board.asked, []);
});

test("a pin that is not there, cannot do it, or carries the wire of chips has no value", (t) => {
  const plain = rig();
  plain.analog(5);
  plain.digital(7);
  plain.analog(1);
  t.deepEqual(plain.told, ["A5 no-such-pin", "D7 no-such-pin"]);
  const withChips = rig({ hasChips: true });
  withChips.analog(1);
  withChips.digital(2);
  withChips.analog(0);
  t.deepEqual(withChips.told, ["A1 no-such-pin", "D2 no-such-pin"]);
});

test("an output of a board that does not answer is not asked again before it has", async (t) => {
  const { tell, told } = rig();
  const waiting: ((answer: BoardAnswer) => void)[] = [];
  const look = () => new Promise<BoardAnswer>((resolve) => waiting.push(resolve));
  watchOutput({ source: "D4", everyMs: 5 }, { look }, tell);
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.is(waiting.length, 1);
  waiting[0]?.({ kind: "level", level: 1 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.is(waiting.length, 2);
  t.deepEqual(told, ["D4 1"]);
});
