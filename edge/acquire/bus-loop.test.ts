import test from "ava";
import type { ReadOutcome, ReadRequest, Session } from "../../drivers/driver.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Reading } from "../core/reading.ts";
import { after, type UptimeMs } from "../core/time.ts";
import type { World } from "../world.ts";
import { BusLoop } from "./bus-loop.ts";

const ANSWER_MS = 20;
const TIMEOUT_MS = 300;

function requestOf(device: string, unit: number, everyMs = 1000): ReadRequest {
  const point = {
    id: `${device}.x`,
    area: "holding",
    address: 0,
    type: "uint16",
    order: "ABCD",
    length: 0,
    scale: 1,
    offset: 0,
    everyMs,
  } as const;
  const points = [{ point, offset: 0 }];
  return { device, unit, area: "holding", address: 0, count: 1, everyMs, points };
}

/** A line with units 1, 2, …; units in `dead` do not answer, and the line can be cut. */
function rig(
  requests: readonly ReadRequest[],
  { settleMs = 0, watched = [] as readonly string[] } = {},
) {
  const clock = new SimClock();
  const stop = new AbortController();
  const dead = new Set<number>();
  const readings: Reading[] = [];
  const told: string[] = [];
  const asked: number[] = [];
  let cut: ((why: string) => void) | null = null;
  let refused = false;
  let opened = 0;

  const open = async (): Promise<Session> => {
    await clock.sleep(1);
    if (refused) throw new GatewayError("link.refused", "no such port");
    opened++;
    const closed = Promise.withResolvers<string>();
    cut = closed.resolve;
    return {
      readyAt: after(clock.uptime(), settleMs),
      closed: closed.promise,
      close: () => closed.resolve("closed"),
      notBefore: () => 0 as UptimeMs,
      counters: () => ({
        requests: asked.length,
        timeouts: 0,
        crcErrors: 0,
        exceptions: 0,
        malformed: 0,
        discardedBytes: 0,
        lateAnswers: 0,
        unsolicited: 0,
      }),
      async read(request): Promise<ReadOutcome> {
        asked.push(request.unit);
        const isDead = dead.has(request.unit);
        await clock.sleep(isDead ? TIMEOUT_MS : ANSWER_MS);
        const stamp = { at: clock.now(), uptime: clock.uptime() };
        if (isDead) return { kind: "failure", reason: "timeout", ...stamp };
        const values = request.points.map(({ point }) => ({
          point: point.id,
          value: 7,
          quality: "good" as const,
        }));
        return { kind: "values", readings: values, ...stamp };
      },
    };
  };
  const loop = new BusLoop(
    {
      world: { clock, random: () => 0.5, log: () => {} } as unknown as World,
      name: "line-a",
      requests,
      watched: new Set(watched),
      isolation: {
        timeoutMs: TIMEOUT_MS,
        deadBudget: 0.1,
        probeEveryMs: new Map(requests.map(({ unit }) => [unit, 30_000])),
      },
      open,
      onReadings: (some) => readings.push(...some),
      onBusTurn: (to) => told.push(`bus ${to}`),
      onDeviceTurn: (device, to) => told.push(`${device} ${to}`),
    },
    stop.signal,
  );
  const running = loop.run().catch(() => {});
  return {
    clock,
    loop,
    dead,
    readings,
    told,
    asked,
    running,
    stop,
    cut: () => cut?.("unplugged"),
    refuse: (on: boolean) => {
      refused = on;
    },
    opened: () => opened,
    of: (device: string) => readings.filter(({ point }) => point === `${device}.x`),
  };
}

test("every point is read on its grid, without drift", async (t) => {
  const { clock, of, stop } = rig([requestOf("a", 1), requestOf("b", 2, 5000)]);
  await clock.advance(20_500);
  const times = of("a").map(({ uptime }) => uptime);
  t.is(times.length, 21);
  t.true(times.every((at) => at % 1000 <= 2 * ANSWER_MS + 2));
  t.is(of("b").length, 5);
  stop.abort();
});

test("a start is not an outage: the first reading is a good one", async (t) => {
  const { clock, readings, stop } = rig([requestOf("a", 1)]);
  await clock.advance(100);
  t.deepEqual(
    readings.map(({ quality }) => quality),
    ["good"],
  );
  stop.abort();
});

test("a device that does not answer gives a bad reading at every due time, never its last value", async (t) => {
  const { clock, dead, of, stop } = rig([requestOf("a", 1)]);
  await clock.advance(1500);
  dead.add(1);
  await clock.advance(30_000);
  const since = of("a").slice(2);
  t.true(since.length >= 29);
  t.true(since.every(({ value, quality }) => value === null && quality === "bad:timeout"));
  stop.abort();
});

test("a device that does not answer is told once and asked ever more rarely", async (t) => {
  const { clock, dead, told, asked, stop, loop } = rig([requestOf("a", 1), requestOf("b", 2)]);
  dead.add(1);
  await clock.advance(120_000);
  t.deepEqual(told, ["bus open", "a silent"]);
  t.deepEqual(loop.status().silent, ["a"]);
  t.true(asked.filter((unit) => unit === 1).length < 12);
  dead.clear();
  await clock.advance(31_000);
  t.is(told.at(-1), "a answering");
  t.deepEqual(loop.status().silent, []);
  stop.abort();
});

test("on a line with too little time the points that alarms watch keep their period", async (t) => {
  const requests = Array.from({ length: 10 }, (_, n) => requestOf(`d${n}`, n + 1, 100));
  const { clock, of, stop } = rig(requests, { watched: ["d9.x", "d4.x"] });
  await clock.advance(60_000);
  const [watched, other] = [of("d9").length, of("d0").length];
  t.true(watched >= 595, `${watched}`);
  t.true(other >= 220, `${other}`);
  stop.abort();
});

test("a device that does not answer does not keep the others from their period", async (t) => {
  const { clock, dead, of, stop } = rig([requestOf("a", 1), requestOf("b", 2)]);
  dead.add(1);
  await clock.advance(60_000);
  const times = of("b").map(({ uptime }) => uptime);
  t.is(times.length, 60);
  const gaps = times.slice(1).map((at, i) => at - (times[i] as number));
  t.true(gaps.every((gap) => Math.abs(gap - 1000) <= TIMEOUT_MS + ANSWER_MS));
  stop.abort();
});

test("a line that is gone gives link-closed readings and is opened again", async (t) => {
  const { clock, cut, refuse, of, told, opened, stop } = rig([requestOf("a", 1)]);
  await clock.advance(1500);
  refuse(true);
  cut();
  await clock.advance(5000);
  t.true(
    of("a")
      .slice(2)
      .every(({ value, quality }) => value === null && quality === "bad:link-closed"),
  );
  refuse(false);
  await clock.advance(20_000);
  t.is(of("a").at(-1)?.quality, "good");
  t.deepEqual(told, ["bus open", "bus closed", "bus open"]);
  t.is(opened(), 2);
  stop.abort();
});

test("a line on which nothing answers any more is opened anew", async (t) => {
  const units = [1, 2, 3, 4];
  const { clock, dead, opened, stop } = rig(units.map((unit) => requestOf(`d${unit}`, unit)));
  await clock.advance(1500);
  for (const unit of units) dead.add(unit);
  await clock.advance(60_000);
  t.true(opened() > 1);
  stop.abort();
});

test("a connection that its peer has forgotten is opened anew within half a minute and a period", async (t) => {
  for (const everyMs of [500, 5000]) {
    const { clock, dead, of, opened, stop } = rig([requestOf("a", 1, everyMs)]);
    await clock.advance(20_250);
    dead.add(1);
    for (let turn = 0; turn < 20; turn++) {
      const before = opened();
      await clock.advance(31_000 + everyMs);
      t.true(opened() > before, `turn ${turn}`);
    }
    dead.clear();
    await clock.advance(31_000);
    t.is(of("a").at(-1)?.quality, "good");
    stop.abort();
  }
});

test("a line that is opened anew because nothing answers is no turn of the bus", async (t) => {
  const { clock, dead, refuse, told, opened, stop } = rig([requestOf("a", 1)]);
  dead.add(1);
  await clock.advance(600_000);
  t.true(opened() > 10 && opened() < 40, `${opened()} openings`);
  t.deepEqual(told, ["bus open", "a silent"]);
  refuse(true);
  await clock.advance(60_000);
  t.deepEqual(told, ["bus open", "a silent", "bus closed"]);
  stop.abort();
});

test("while the port cannot be opened at all every due time still gives a reading", async (t) => {
  const { clock, refuse, of, stop, loop } = rig([requestOf("a", 1)]);
  refuse(true);
  await clock.advance(10_500);
  t.true(of("a").length >= 10);
  t.true(of("a").every(({ quality }) => quality === "bad:link-closed"));
  t.is(loop.status().trouble, "no such port");
  stop.abort();
});

test("stopping ends the loop and leaves no timer behind", async (t) => {
  const { clock, running, stop } = rig([requestOf("a", 1)]);
  await clock.advance(1500);
  stop.abort();
  await clock.advance(TIMEOUT_MS);
  await running;
  t.is(clock.timers, 0);
});

test("counters go on over a reopened line", async (t) => {
  const { clock, cut, loop, stop } = rig([requestOf("a", 1)]);
  await clock.advance(3500);
  const before = loop.status().counters.requests ?? 0;
  cut();
  await clock.advance(after(0 as UptimeMs, 5000));
  t.true((loop.status().counters.requests ?? 0) > before);
  stop.abort();
});

test("an opened line is not asked before the answers to earlier requests must have come", async (t) => {
  const { clock, asked, cut, of, stop } = rig([requestOf("a", 1)], { settleMs: 600 });
  await clock.advance(500);
  t.deepEqual(asked, []);
  t.deepEqual(of("a"), []);
  await clock.advance(1000);
  t.deepEqual(
    of("a").map(({ quality }) => quality),
    ["good", "good"],
  );
  cut();
  const before = asked.length;
  await clock.advance(550);
  t.is(asked.length, before);
  await clock.advance(2000);
  t.is(of("a").at(-1)?.quality, "good");
  stop.abort();
});
