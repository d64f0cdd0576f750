import { rmSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { loadConfig } from "../../config/load.ts";
import type { InterlockEvent } from "../../edge/core/event.ts";
import type { SimBoard } from "../sim/board.ts";
import { SimClock } from "../sim/clock.ts";
import { Random } from "../sim/random.ts";
import { scratchDirectory } from "../sim/scratch.ts";
import { SimSite } from "../sim/site.ts";
import { Trace } from "../sim/trace.ts";
import { MINUTE, SECOND } from "./site-config.ts";

const YAML = `
gateway: { id: gw-story }
buses: { node: { kind: firmata, port: /dev/node } }
devices:
  box:
    bus: node
    every: 1s
    points:
      gas: { pin: A0 }
      siren: { pin: 4, write: true }
alarms: { gas-high: { point: box.gas, high: 4, severity: red, interlock: siren } }
interlocks: { siren: { write: box.siren, value: true, release: false } }
destinations: { centre: { kind: mqtt, url: "mqtt://sim" } }
`;

/** A board with a gas sensor and a siren, and the gateway that runs on it. */
async function aBoard(t: ExecutionContext) {
  const dir = scratchDirectory();
  const options = { profiles: new Map(), readFile: () => "", env: () => undefined };
  const yaml = `${YAML}buffer: { dir: ${dir}, commit: 1s }\n`;
  const { config, problems } = loadConfig(yaml, options);
  if (config === null) throw new Error(JSON.stringify(problems));
  const clock = new SimClock({ state: "synced" });
  const trace = new Trace(clock, 1000);
  const random = new Random(7);
  const site = new SimSite({ config, clock, random, trace, courseOf: () => () => 0 });
  const board = site.boards.get("node") as SimBoard;
  const gas = (volts: number) => board.courses.set("A0", () => volts / 5);
  gas(1);
  t.teardown(async () => {
    await site.gateway.kill();
    rmSync(dir, { recursive: true, force: true });
  });
  await site.gateway.start();
  await clock.advance(10 * SECOND);
  const turns = () =>
    site.gateway.storedEvents
      .map(({ event }) => event)
      .filter((event): event is InterlockEvent => event.kind === "interlock")
      .map(({ from, to, cause }) => `${from} > ${to}: ${cause}`);
  const isOn = () => board.outputs.get("D4") === 1;
  const running = () => site.gateway.running;
  return { clock, board, site, gas, turns, isOn, running };
}

test("a pin of a board follows its alarm, each step told by the board", async (t) => {
  const { clock, board, gas, turns, isOn, running } = await aBoard(t);
  t.false(isOn());
  gas(4.5);
  const raised = clock.uptime();
  await clock.advance(5 * SECOND);
  t.true(isOn());
  // At most the half period in which the board tells the value.
  const [first] = board.orders;
  t.true((first?.at ?? Infinity) - raised <= SECOND / 2, `${first?.at} ${raised}`);
  t.like(running()?.status().interlocks[0], { state: "tripped", told: true, readBack: true });
  const point = running()
    ?.status()
    .points.find((each) => each.point === "box.siren");
  t.like(point, { value: true, quality: "good" });
  gas(1);
  await clock.advance(5 * SECOND);
  t.false(isOn());
  t.deepEqual(turns(), [
    "idle > tripping: alarm",
    "tripping > tripped: verified",
    "tripped > releasing: returned",
    "releasing > idle: verified",
  ]);
});

test("a board that was reset is told anew as soon as it is back, and what it drives on is left alone", async (t) => {
  const { clock, board, gas, isOn, running } = await aBoard(t);
  gas(4.5);
  await clock.advance(5 * SECOND);
  board.killReader();
  await clock.advance(MINUTE);
  t.true(isOn());
  t.is(board.orders.length, 1, "the next reader found it as it should be");
  board.reset();
  t.false(isOn());
  await clock.advance(MINUTE);
  t.true(isOn());
  t.like(running()?.status().interlocks[0], { state: "tripped", readBack: true });
});

test("a board that is away when its output should act is told when it is back, while the alarm stands", async (t) => {
  const { clock, board, gas, turns, isOn, running } = await aBoard(t);
  board.isStuck = true;
  gas(4.5);
  await clock.advance(MINUTE);
  t.false(isOn());
  t.like(running()?.status().interlocks[0], { state: "not-obeying", readBack: false });
  board.unplug();
  board.isStuck = false;
  await clock.advance(MINUTE);
  board.plug();
  await clock.advance(MINUTE);
  t.true(isOn());
  t.deepEqual(turns().slice(0, 2), [
    "idle > tripping: alarm",
    "tripping > not-obeying: not-obeyed",
  ]);
  t.is(running()?.status().interlocks[0]?.state, "tripped");
});

test("a gateway that is killed leaves the pin as it is, and the next one goes on from there", async (t) => {
  const { clock, board, site, gas, isOn, running } = await aBoard(t);
  gas(4.5);
  await clock.advance(5 * SECOND);
  await site.gateway.kill();
  await clock.advance(MINUTE);
  t.true(isOn());
  const before = board.orders.length;
  await site.gateway.start();
  await clock.advance(20 * SECOND);
  t.is(board.orders.length, before, "it was read first");
  t.is(running()?.status().interlocks[0]?.state, "tripped");
  gas(1);
  await clock.advance(5 * SECOND);
  t.false(isOn());
});

test("a crew tests an output of a board, and it is as before afterwards", async (t) => {
  const { clock, board, isOn, running } = await aBoard(t);
  const tested = running()?.actOnInterlock({ action: "test", interlock: "siren", who: "crew" });
  await clock.advance(1500);
  t.true(isOn());
  await clock.advance(5 * SECOND);
  t.like(await tested, { outcome: "done", state: "idle" });
  t.false(isOn());
  t.deepEqual(
    board.orders.map(({ level }) => level),
    [1, 0],
  );
});
