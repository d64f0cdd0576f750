import test from "ava";
import { FakeLink, rtuAnswer } from "../../drivers/modbus/fake-link.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { splitRefused } from "../../drivers/modbus/split.ts";
import type { QueryOutcome } from "../../drivers/query.ts";
import { queryTo, requestOf } from "../../test-rigs/sim/bus-rig.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { Reading } from "../core/reading.ts";
import type { World } from "../world.ts";
import { BusLoop } from "./bus-loop.ts";

const TIMEOUT_MS = 100;
const GRACE_MS = 300;

/** After how many milliseconds each unit answers, with its own number; others are not there. */
const UNITS: Readonly<Record<number, number>> = { 1: 10, 2: 15, 5: 150, 8: 30 };

test("a search beside the reads of a real session takes no answer for another's, and breaks no hold", async (t) => {
  const clock = new SimClock();
  const link = new FakeLink();
  link.onWrite = (request) => {
    const [unit = 0] = request;
    const afterMs = UNITS[unit];
    if (afterMs === undefined) return;
    clock.at(clock.uptime() + request.length + afterMs, () => link.send(rtuAnswer(unit, [unit])));
  };
  const bus = { kind: "modbus-rtu", serial: { baud: 11_000 }, timeoutMs: TIMEOUT_MS } as const;
  const readings: Reading[] = [];
  const told: string[] = [];
  const stop = new AbortController();
  const loop = new BusLoop(
    {
      world: { clock, random: () => 0.5, log: () => {} } as unknown as World,
      name: "line",
      requests: [requestOf("gas", 1, 200), requestOf("level", 2, 1000)],
      watched: new Set(["gas.x"]),
      isolation: { timeoutMs: TIMEOUT_MS, deadBudget: 0.1, probeEveryMs: new Map() },
      open: () => Promise.resolve(openModbus(link, clock, { ...bus, graceMs: GRACE_MS })),
      split: splitRefused,
      rebind: null,
      onCut: () => {},
      onHealing: (rung) => told.push(rung),
      onReadings: (some) => readings.push(...some),
      onBusTurn: () => {},
      onDeviceTurn: (device, to) => told.push(`${device} ${to}`),
      onImpaired: () => {},
    },
    stop.signal,
  );
  const running = loop.run().catch(() => {});
  await clock.advance(2000);
  const outcomes = new Map<number, QueryOutcome>();
  const search = (async () => {
    for (let unit = 3; unit <= 60; unit++) {
      outcomes.set(unit, await loop.query(queryTo(unit, TIMEOUT_MS)));
    }
  })();
  await clock.advance(20_000);
  await search;
  stop.abort();
  await running;

  const answered = [...outcomes].filter(([, { kind }]) => kind === "answer");
  t.deepEqual(
    answered.map(([unit, outcome]) => [unit, outcome.kind === "answer" && outcome.answer]),
    [[8, { kind: "registers", registers: [8] }]],
  );
  // The late answer of unit 5 comes while another unit is asked, and is told as unit 5's.
  const heard = [...outcomes.values()].flatMap(({ heard }) => heard.others);
  t.true(heard.every((unit) => unit === 5));
  t.like(loop.status().counters, { lateAnswers: 1, unsolicited: 0, crcErrors: 0 });
  t.true(readings.length > 100);
  for (const { point, value, quality } of readings) {
    t.deepEqual([value, quality], [point === "gas.x" ? 1 : 2, "good"], point);
  }
  t.deepEqual(told, []);
});
