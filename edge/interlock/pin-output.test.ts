import test from "ava";
import { SimBoard } from "../../test-rigs/sim/board.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { Pins } from "../acquire/pins.ts";
import { carryOut } from "./output.ts";
import { pinOutput } from "./pin-output.ts";

const RULE = { verify: true, retries: 3, retryEveryMs: 500, expiryMs: 10_000 };
const SIREN = { id: "box.siren", input: { kind: "output", pin: 4 } } as const;

function rig() {
  const clock = new SimClock();
  const board = new SimBoard(clock);
  const task = { source: "D4", everyMs: 1000, input: SIREN.input };
  const link = board.open({ tasks: [task] });
  const output = pinOutput(SIREN, new Pins(clock, () => link));
  const ended = async (changes: object = {}) => {
    const order = { value: true, isCheck: false, rule: RULE, isOff: () => false, ...changes };
    const end = carryOut(output, order, clock);
    await clock.advance(20_000);
    return await end;
  };
  return { board, ended };
}

test("a pin is obeyed when the board says it drives it so, and a true one is read as true", async (t) => {
  const { board, ended } = rig();
  t.like(await ended(), { outcome: { kind: "obeyed", readBack: true }, attempts: 1 });
  t.like(await ended({ isCheck: true }), { outcome: { kind: "obeyed" }, attempts: 0 });
  t.like(await ended({ value: false }), { outcome: { kind: "obeyed", readBack: false } });
  t.deepEqual(
    board.orders.map(({ level }) => level),
    [1, 0],
  );
});

test("a pin that does not follow is told again, and does not obey", async (t) => {
  const { board, ended } = rig();
  board.isStuck = true;
  t.like(await ended(), { outcome: { kind: "failed", readBack: false }, attempts: 4 });
});

test("a board that is gone is tried until the tries are over", async (t) => {
  const { board, ended } = rig();
  board.unplug();
  t.like(await ended(), { outcome: { kind: "failed", reason: "link-closed" }, attempts: 4 });
});
