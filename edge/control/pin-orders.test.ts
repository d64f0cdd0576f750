import test from "ava";
import type { BoardPointConfig } from "../../config/gateway-config.ts";
import { SimBoard } from "../../test-rigs/sim/board.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { aDesk } from "../../test-rigs/sim/field-desk-rig.ts";
import { Pins } from "../acquire/pins.ts";

const SIREN: BoardPointConfig = {
  id: "box.siren",
  device: "box",
  input: { kind: "output", pin: 4 },
  type: "bool",
  ...{ reference: 5, scale: 1, offset: 0, sentinels: [], measurement: null, unit: null },
  ...{ everyMs: 1000, silentAfterMs: 1500, write: true },
};

/** A desk of a gateway that keeps a board open, or of none. */
function rig(isOpen = true) {
  const clock = new SimClock();
  const board = new SimBoard(clock);
  board.orderMs = 0;
  const task = { source: "D4", everyMs: 1000, input: SIREN.input };
  const link = board.open({ tasks: [task] });
  const boards = [{ name: "box", bus: "node", points: [SIREN] }];
  const desk = aDesk([], { boards, pins: isOpen ? new Pins(clock, () => link) : null });
  const within = async <Outcome>(outcome: Promise<Outcome>) => {
    await clock.advance(10);
    return await outcome;
  };
  return { board, within, ...desk };
}

test("an output of a board is read, and written with what it was and who did it", async (t) => {
  const { desk, events, within } = rig();
  t.like(await within(desk.read({ points: ["box.siren"] })), [{ value: false, quality: "good" }]);
  const order = { point: "box.siren", value: "on", who: "wang" };
  const came = { point: "box.siren", old: false, value: true, outcome: "done", who: "wang" };
  t.like(await within(desk.write(order)), { ...came, cause: "confirmed" });
  t.like(events[0], came);
});

test("a board that is gone is read as bad, and its outputs are not written", async (t) => {
  const { desk, board, within } = rig();
  board.unplug();
  t.like(await within(desk.read({ points: ["box.siren"] })), [
    { value: null, quality: "bad:link-closed" },
  ]);
  const order = { point: "box.siren", value: "on", who: "wang" };
  t.like(await within(desk.write(order)), { outcome: "unknown", cause: "link-closed" });
});

test("what is no value of an output, or has no gateway, is refused before anything is sent", async (t) => {
  const order = { point: "box.siren", value: "50", who: "wang" };
  const { desk, board } = rig();
  await t.throwsAsync(desk.write(order), { message: /cannot hold 50/ });
  const alone = rig(false).desk;
  await t.throwsAsync(alone.read({ points: ["box.siren"] }), { message: /only a running gateway/ });
  t.is(board.orders.length, 0);
});
