import { EventEmitter } from "node:events";
import test from "ava";
import type { Firmata } from "firmata-io";
import { OutputPin } from "./output-pin.ts";

const MODES = { INPUT: 0, OUTPUT: 1 };
const SET_PIN = 0xf5;

/** A board with one pin, 4; it answers when the test says so where `isSlow`. */
class FakeBoard extends EventEmitter {
  readonly MODES = MODES;
  readonly pins: { mode?: number; state?: number }[] = Array.from({ length: 5 }, () => ({}));
  readonly sent: string[] = [];
  /** What its firmware knows. */
  readonly firmware = { mode: MODES.INPUT, state: 0 };
  isMute = false;
  isSlow = false;
  readonly waiting: (() => void)[] = [];

  pinMode(_: number, mode: number): void {
    this.sent.push(`mode ${mode}`);
    Object.assign(this.firmware, { mode, state: 0 });
  }

  queryPinState(pin: number, then: () => void): void {
    this.sent.push("ask");
    this.once(`pin-state-${pin}`, then);
    if (this.isMute) return;
    const { mode, state } = this.firmware;
    const answer = () => {
      this.pins[pin] = { mode, state };
      this.emit(`pin-state-${pin}`);
    };
    if (this.isSlow) this.waiting.push(answer);
    else setImmediate(answer);
  }

  send([command, , level = 0]: Uint8Array): void {
    this.sent.push(`set ${level}`);
    if (command === SET_PIN && this.firmware.mode === MODES.OUTPUT) this.firmware.state = level;
  }
}

function rig(change: Partial<FakeBoard["firmware"]> = {}) {
  const board = new FakeBoard();
  Object.assign(board.firmware, change);
  let resets = 0;
  const io = board as unknown as Firmata;
  const onWrongMode = () => void resets++;
  const output = new OutputPin({ io, send: (bytes) => board.send(bytes), onWrongMode }, 4);
  return { board, output, resets: () => resets };
}

test("a pin becomes an output before it is told anything", async (t) => {
  const { board, output } = rig();
  t.deepEqual(await output.drive(1), { kind: "level", level: 1 });
  t.deepEqual(board.sent, ["ask", "mode 1", "set 1", "ask"]);
});

test("an output that the board drives already does not fall when it is taken over", async (t) => {
  const { board, output } = rig({ mode: MODES.OUTPUT, state: 1 });
  t.deepEqual(await output.look(), { kind: "level", level: 1 });
  t.deepEqual(board.sent, ["ask", "ask"]);
});

test("an output does not fall because the board did not answer at once", async (t) => {
  const { board, output } = rig({ mode: MODES.OUTPUT, state: 1 });
  board.isMute = true;
  setTimeout(() => {
    board.isMute = false;
  }, 600);
  t.deepEqual(await output.look(), { kind: "level", level: 1 });
  t.false(board.sent.includes("mode 1"));
});

test("what is ordered is sent at once, and never takes an earlier answer for its own", async (t) => {
  const { board, output } = rig({ mode: MODES.OUTPUT });
  await output.look();
  board.isSlow = true;
  const looked = output.look();
  await new Promise(setImmediate);
  const driven = output.drive(1);
  await new Promise(setImmediate);
  t.deepEqual(board.sent.slice(2), ["ask", "set 1"], "one question at a time");
  board.waiting.shift()?.();
  t.deepEqual(await looked, { kind: "level", level: 0 });
  await new Promise(setImmediate);
  board.waiting.shift()?.();
  t.deepEqual(await driven, { kind: "level", level: 1 });
});

test("what expired while the pin was being taken over is not told it late", async (t) => {
  const { board, output } = rig();
  let isOver = false;
  const driven = output.drive(1, () => isOver);
  isOver = true;
  t.deepEqual(await driven, { kind: "none", fault: "no-answer" });
  t.deepEqual(board.sent, ["ask", "mode 1"]);
});

test("a board that does not answer leaves nobody waiting", async (t) => {
  const { board, output } = rig({ mode: MODES.OUTPUT });
  await output.look();
  board.isMute = true;
  t.deepEqual(await output.drive(1), { kind: "none", fault: "no-answer" });
  board.isMute = false;
  t.deepEqual(await output.look(), { kind: "level", level: 1 });
});

test("a pin that is no output any more says that the board has forgotten", async (t) => {
  const { board, output, resets } = rig({ mode: MODES.OUTPUT, state: 1 });
  await output.look();
  board.firmware.mode = MODES.INPUT;
  t.like(await output.look(), { kind: "none" });
  t.is(resets(), 1);
});
