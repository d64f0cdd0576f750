import test from "ava";
import { SimBoard } from "../../test-rigs/sim/board.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { BoardAnswer } from "../core/board.ts";
import { after } from "../core/time.ts";
import { Pins } from "./pins.ts";

const SIREN = { id: "box.siren", input: { kind: "output", pin: 4 } } as const;
const TASK = { source: "D4", everyMs: 1000, input: SIREN.input };

/** A board with an output at D4. */
function rig() {
  const clock = new SimClock();
  const board = new SimBoard(clock);
  const link = board.open({ tasks: [TASK] });
  let isOpen = true;
  const pins = new Pins(clock, () => (isOpen ? link : null));
  const close = () => {
    isOpen = false;
  };
  const within = async <Outcome>(outcome: Promise<Outcome>, ms = 10) => {
    await clock.advance(ms);
    return await outcome;
  };
  return { board, pins, close, within };
}

test("an output is done when the board says that it drives it so", async (t) => {
  const { board, pins, within } = rig();
  t.like(await within(pins.write(SIREN, true)), { kind: "done" });
  t.is(board.outputs.get("D4"), 1);
  const readings = [{ point: "box.siren", value: true, quality: "good" }] as const;
  t.like(await within(pins.read(SIREN)), { kind: "values", readings });
});

test("an output that the board drives on as before is not done", async (t) => {
  const { board, pins, within } = rig();
  board.isStuck = true;
  t.like(await within(pins.write(SIREN, true)), { kind: "unknown", reason: "no-value" });
});

test("a board that is not open is not told, and one that is lost meanwhile may have been", async (t) => {
  const { board, pins, close, within } = rig();
  const lost = pins.write(SIREN, true);
  board.unplug();
  t.like(await within(lost), { kind: "unknown", reason: "link-closed" });
  close();
  t.like(await pins.write(SIREN, true), { kind: "not-done", reason: "link-closed" });
  t.like(await pins.read(SIREN), { kind: "failure", reason: "link-closed" });
  t.is(board.orders.length, 1);
});

test("a board that does not answer keeps nobody for longer than three seconds", async (t) => {
  const { clock, session } = silent();
  const pins = new Pins(clock, () => session);
  const written = pins.write(SIREN, true);
  const read = pins.read(SIREN);
  await clock.advance(3000);
  t.like(await written, { kind: "unknown", reason: "timeout" });
  t.like(await read, { kind: "failure", reason: "timeout" });
});

test("an order is given no longer than until it expires, and not at all behind that", async (t) => {
  const clock = new SimClock();
  const given: number[] = [];
  const drive = (_: string, level: number, withinMs: number): Promise<BoardAnswer> => {
    given.push(withinMs);
    return Promise.resolve({ kind: "level", level });
  };
  const pins = new Pins(clock, () => ({ drive, look: () => drive("", 0, 0) }));
  t.like(await pins.write(SIREN, true), { kind: "done" });
  t.like(await pins.write(SIREN, true, after(clock.uptime(), 200)), { kind: "done" });
  t.deepEqual(given, [1000, 200]);
  const late = await pins.write(SIREN, true, clock.uptime());
  t.like(late, { kind: "not-done", reason: "timeout" });
  t.is(given.length, 2);
});

test("a pin that cannot be an output was not told anything", async (t) => {
  const { pins, within } = rig();
  const other = { id: "box.other", input: { kind: "output", pin: 99 } } as const;
  t.like(await within(pins.write(other, true)), { kind: "not-done", reason: "no-value" });
});

function silent() {
  const never = () => new Promise<BoardAnswer>(() => {});
  return { clock: new SimClock(), session: { drive: never, look: never } };
}
