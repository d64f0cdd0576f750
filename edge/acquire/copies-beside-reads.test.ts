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

/**
 * A serial server with `gas`, which an alarm watches, and `level`, of which a copy came 10 s ago. It
 * was left alone for 4 s, and is read as often as copies of its answers let it.
 */
async function afterCopy() {
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
  void loop.run().catch(() => {});
  await clock.advance(20_050);
  link.send(rtuAnswer(2, [7]));
  await clock.advance(10_000);
  const from = clock.uptime();
  const goodOf = (device: string) =>
    readings.filter(({ point, uptime, quality }) => {
      return point === `${device}.x` && uptime > from && quality === "good";
    }).length;
  return { clock, loop, stop, goodOf };
}

test("a unit behind a serial server that sent a copy keeps no other unit waiting", async (t) => {
  const { clock, stop, goodOf } = await afterCopy();
  await clock.advance(40_000);
  stop.abort();
  t.is(goodOf("gas"), 200);
  t.true(goodOf("level") >= 18, `${goodOf("level")}`);
});

test("nor does whoever reads it on and on", async (t) => {
  const { clock, loop, stop, goodOf } = await afterCopy();
  let reads = 0;
  void (async () => {
    while (!stop.signal.aborted) {
      const { kind } = await loop.read(requestOf("level", 2));
      if (kind === "values") reads++;
    }
  })();
  await clock.advance(8000);
  stop.abort();
  t.is(goodOf("gas"), 40);
  t.true(reads >= 3, `${reads}`);
});
