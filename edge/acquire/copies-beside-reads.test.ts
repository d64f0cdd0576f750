import test from "ava";
import { FakeLink, rtuAnswer, rtuAnswerTo } from "../../drivers/modbus/fake-link.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { splitRefused } from "../../drivers/modbus/split.ts";
import { requestOf } from "../../test-rigs/sim/bus-rig.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { Reading } from "../core/reading.ts";
import type { World } from "../world.ts";
import { BusLoop } from "./bus-loop.ts";

const BUS = { kind: "modbus-tcp", framing: "rtu", timeoutMs: 2000, graceMs: 4000 } as const;

test("a unit behind a serial server that sent a copy keeps no other unit waiting", async (t) => {
  const clock = new SimClock();
  const link = new FakeLink();
  link.onWrite = (request) => {
    clock.at(clock.uptime() + 20, () => link.send(rtuAnswerTo(request)));
  };
  const readings: Reading[] = [];
  const stop = new AbortController();
  const loop = new BusLoop(
    {
      world: { clock, random: () => 0.5, log: () => {} } as unknown as World,
      name: "line",
      requests: [requestOf("gas", 1, 200), requestOf("level", 2, 1000)],
      watched: new Set(["gas.x"]),
      isolation: { timeoutMs: BUS.timeoutMs, deadBudget: 0.1, probeEveryMs: new Map() },
      open: () => Promise.resolve(openModbus(link, clock, BUS)),
      split: splitRefused,
      rebind: null,
      onCut: () => {},
      onHealing: () => {},
      onReadings: (some) => readings.push(...some),
      onBusTurn: () => {},
      onDeviceTurn: () => {},
      onImpaired: () => {},
    },
    stop.signal,
  );
  const running = loop.run().catch(() => {});
  await clock.advance(20_050);
  link.send(rtuAnswer(2, [7]));
  // It is left alone for 4 s, and then read as often as copies of its answers let it.
  await clock.advance(10_000);
  const from = clock.uptime();
  await clock.advance(40_000);
  stop.abort();
  await running;
  const since = readings.filter(({ uptime }) => uptime > from);
  t.true(since.every(({ quality }) => quality === "good"));
  t.is(since.filter(({ point }) => point === "gas.x").length, 200);
  const levels = since.filter(({ point }) => point === "level.x").length;
  t.true(levels >= 18, `${levels}`);
});
