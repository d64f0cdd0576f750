import test from "ava";
import { INTERLOCK } from "../../test-rigs/sim/an-interlock.ts";
import { SimBoard } from "../../test-rigs/sim/board.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { Pins } from "../acquire/pins.ts";
import type { BoardAnswer, BoardLink } from "../core/board.ts";
import type { InterlockRule, Interlocks } from "../core/interlock.ts";
import { stampOf } from "../core/time.ts";
import { InterlockDesk } from "./interlock-desk.ts";
import { pinOutput } from "./pin-output.ts";

const SIREN = { id: "box.siren", input: { kind: "output", pin: 4 } } as const;
const TASK = { source: "D4", everyMs: 1000, input: SIREN.input };
const RULE: InterlockRule = {
  ...INTERLOCK,
  write: SIREN.id,
  release: null,
  alarms: [{ alarm: "gas-high", points: ["gas.gas"] }],
};

/** An interlock over a pin of a board that is read every second while it is open. */
function rig(rule: InterlockRule, remembered: Interlocks | null = null) {
  const clock = new SimClock();
  const stop = new AbortController();
  const board = new SimBoard(clock);
  let link: BoardLink | null = board.open({ tasks: [TASK] });
  /** Whether the process that reads the board takes orders and answers none. */
  let hangs = false;
  const never = () => new Promise<BoardAnswer>(() => {});
  const session = () => (hangs ? { drive: never, look: never } : link);
  const pins = new Pins(clock, session);
  let kept = remembered;
  let told = 0;
  const desk = new InterlockDesk(
    {
      clock,
      rules: [rule],
      remembered,
      newOrigin: () => "o1",
      outputOf: () => pinOutput(SIREN, pins),
      unitOf: () => null,
      onEvent: (_, interlocks) => {
        kept = interlocks;
        told++;
      },
      whenStored: () => Promise.resolve(true),
    },
    stop.signal,
  );
  desk.resume([]);
  desk.run().catch((error) => {
    if (error !== stop.signal.reason) throw error;
  });
  const go = async (seconds: number) => {
    for (let n = 0; n < seconds; n++) {
      const value = board.outputs.get("D4") === 1;
      const reading = { point: SIREN.id, value, quality: "good", ...stampOf(clock) } as const;
      if (link !== null && !hangs) desk.onReadings([reading]);
      await clock.advance(1000);
    }
  };
  const move = (to: "unacknowledged" | "normal") => desk.onAlarm({ alarm: "gas-high", to });
  const open = () => {
    hangs = false;
    link = board.open({ tasks: [TASK] });
  };
  const hang = () => {
    hangs = true;
  };
  const siren = () => board.outputs.get("D4");
  const state = () => desk.status()[0]?.state;
  return { board, desk, go, move, open, hang, siren, state, kept: () => kept, told: () => told };
}

for (const verify of [true, false]) {
  test(`a pin that falls with its board is driven again, verify ${verify}, and stays held`, async (t) => {
    const { board, go, move, open, siren, state, desk } = rig({ ...RULE, verify });
    move("unacknowledged");
    await go(2);
    board.reset();
    open();
    t.is(siren(), 0);
    await go(2);
    t.is(siren(), 1, "while its alarm stands");
    move("normal");
    await go(2);
    t.is(state(), "held");
    board.reset();
    open();
    await go(2);
    t.is(siren(), 1, "and after that, for nobody has reset it");
    t.is(state(), "held");
    const order = { action: "release", interlock: RULE.name, who: "crew" } as const;
    t.like(await desk.act(order), { outcome: "done", state: "idle" });
  });
}

test("a pin that is held goes on being held over a restart, which lets it fall", async (t) => {
  const before = rig(RULE);
  before.move("unacknowledged");
  await before.go(2);
  before.move("normal");
  await before.go(2);
  const { go, siren, state } = rig(RULE, before.kept());
  t.is(siren(), 0);
  await go(2);
  t.is(siren(), 1);
  t.is(state(), "held");
});

test("a held pin that does not follow is told so once, and tried until it does", async (t) => {
  const { board, go, move, open, siren, state, told } = rig(RULE);
  move("unacknowledged");
  await go(2);
  move("normal");
  await go(2);
  board.reset();
  board.isStuck = true;
  open();
  await go(20);
  t.is(state(), "not-obeying");
  const then = told();
  await go(60);
  t.is(told(), then);
  board.isStuck = false;
  await go(5);
  t.is(siren(), 1);
  t.is(state(), "held");
});

test("a pin whose board hung is driven as soon as that is open again", async (t) => {
  const { go, move, open, hang, siren, state } = rig(RULE);
  hang();
  move("unacknowledged");
  await go(20);
  t.is(state(), "not-obeying");
  open();
  // The order that is under way has its three seconds.
  await go(7);
  t.is(siren(), 1);
});
