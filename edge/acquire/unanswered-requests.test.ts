import test from "ava";
import type { ReadRequest } from "../../drivers/driver.ts";
import type { ModbusBus } from "../../drivers/modbus/modbus.ts";
import { requestOf } from "../../test-rigs/sim/bus-rig.ts";
import { modbusRig } from "../../test-rigs/sim/modbus-rig.ts";
import type { Reading } from "../core/reading.ts";

/** Line kinds, with the times that are the usual ones there. */
const RTU = { kind: "modbus-rtu", serial: { baud: 9600 }, timeoutMs: 300, graceMs: 1000 } as const;
const TCP = { kind: "modbus-tcp", timeoutMs: 1000, graceMs: 2000 } as const;

/** What an alarm watches, and requests of the same unit from address 256 on. */
const alarmPoint = (everyMs: number) => requestOf("a", 1, everyMs);
function requestAt(address: number, everyMs = 1000): ReadRequest {
  const request = requestOf("a", 1, everyMs);
  const points = request.points.map(({ point, offset }) => {
    return { point: { ...point, id: `a.r${address}`, address }, offset };
  });
  return { ...request, address, points };
}

/** A device that is silent where it is asked an address among `silent`. */
function busOf(bus: ModbusBus, requests: readonly ReadRequest[], silent: ReadonlySet<number>) {
  const rig = modbusRig(bus, requests, (_, address) => (silent.has(address) ? null : [7]));
  const askedAt = (wanted: number) => rig.asked.filter(({ address }) => address === wanted).length;
  return { ...rig, askedAt };
}

/** How many of the readings of a.x are good, in 1/100, from `fromMs` on. */
function goodShare(of: (point: string) => readonly Reading[], fromMs: number): number {
  const some = of("a.x").filter(({ uptime }) => uptime >= fromMs);
  return some.filter(({ quality }) => quality === "good").length / some.length;
}

for (const everyMs of [200, 1000]) {
  test(`over TCP an alarm point of ${everyMs} ms is read although its unit keeps silent elsewhere`, async (t) => {
    for (const inFlight of [1, 4]) {
      const requests = [alarmPoint(everyMs), requestAt(256)];
      const rig = busOf({ ...TCP, inFlight }, requests, new Set([256]));
      await rig.clock.advance(620_000);
      t.true(goodShare(rig.of, 0) >= (inFlight === 1 ? 0.97 : 1), `${goodShare(rig.of, 0)}`);
      t.true(rig.of("a.x").length >= (600_000 / everyMs) * 0.93, `${rig.of("a.x").length}`);
      t.true(rig.askedAt(256) <= 30, `${rig.askedAt(256)}`);
      t.deepEqual(rig.told, ["bus open", "a misses 256"]);
      rig.stop.abort();
    }
  });

  test(`on a serial line an alarm point of ${everyMs} ms is read although its unit keeps silent elsewhere`, async (t) => {
    const rig = busOf(RTU, [alarmPoint(everyMs), requestAt(256)], new Set([256]));
    await rig.clock.advance(620_000);
    // Each probe in vain holds the unit back for a while.
    t.true(goodShare(rig.of, 20_000) >= 0.93, `${goodShare(rig.of, 20_000)}`);
    t.true(rig.askedAt(256) <= 30, `${rig.askedAt(256)}`);
    t.deepEqual(rig.told, ["bus open", "a misses 256"]);
    rig.stop.abort();
  });
}

test("however many requests a unit does not answer, nine tenths of its time are for the others", async (t) => {
  const addresses = Array.from({ length: 20 }, (_, n) => 256 + 100 * n);
  const requests = [...addresses.map((address) => requestAt(address)), alarmPoint(1000)];
  for (const bus of [RTU, TCP]) {
    const rig = busOf(bus, requests, new Set(addresses));
    await rig.clock.advance(720_000);
    t.true(goodShare(rig.of, 120_000) >= 0.85, `${bus.kind}: ${goodShare(rig.of, 120_000)}`);
    const counts = addresses.map((address) => rig.askedAt(address));
    t.true(Math.min(...counts) >= 4, `${bus.kind}: ${counts}`);
    t.is(rig.loop.status().unanswered.length, 20);
    rig.stop.abort();
  }
});

test("what is not answered alone gives a bad reading at each due time, and is told by its points", async (t) => {
  const silent = new Set([256]);
  const rig = busOf(RTU, [alarmPoint(1000), requestAt(256)], silent);
  await rig.clock.advance(60_500);
  const some = rig.of("a.r256");
  t.true(some.length >= 59, `${some.length}`);
  t.true(some.every(({ quality, value }) => quality === "bad:timeout" && value === null));
  t.deepEqual(rig.loop.status().unanswered, [
    { device: "a", area: "holding", address: 256, count: 1, points: ["a.r256"] },
  ]);
  t.deepEqual(rig.loop.status().silent, []);
  silent.clear();
  await rig.clock.advance(32_000);
  t.is(rig.of("a.r256").at(-1)?.quality, "good");
  t.deepEqual(rig.told, ["bus open", "a misses 256", "a reads 256"]);
  t.deepEqual(rig.loop.status().unanswered, []);
  rig.stop.abort();
});

test("a unit that is gone is told as silent, its requests are not told one by one", async (t) => {
  const silent = new Set<number>();
  const rig = busOf(RTU, [alarmPoint(1000), requestAt(256), requestAt(512)], silent);
  for (let turn = 0; turn < 5; turn++) {
    await rig.clock.advance(20_000);
    for (const address of [0, 256, 512]) silent.add(address);
    await rig.clock.advance(60_000);
    silent.clear();
    await rig.clock.advance(40_000);
    for (const point of ["a.x", "a.r256", "a.r512"]) t.is(rig.of(point).at(-1)?.quality, "good");
  }
  const turns = rig.told.filter((each) => each.startsWith("a "));
  t.deepEqual(new Set(turns), new Set(["a silent", "a answering"]));
  rig.stop.abort();
});

test("a unit whose first request alone is never answered is read for the rest", async (t) => {
  const requests = [requestAt(256), alarmPoint(60_000)];
  const rig = busOf(RTU, requests, new Set([256]));
  await rig.clock.advance(900_000);
  t.is(rig.loop.status().silent.length, 0);
  t.is(goodShare(rig.of, 120_000), 1);
  t.true(rig.told.length <= 8, `${rig.told}`);
  rig.stop.abort();
});

test("while a request is tried that is not answered, others go to its unit at once", async (t) => {
  const requests = [alarmPoint(1000), requestAt(256)];
  const rig = busOf({ ...TCP, inFlight: 4 }, requests, new Set([256]));
  await rig.clock.advance(60_000);
  const before = rig.askedAt(256);
  while (rig.askedAt(256) === before) await rig.clock.advance(1);
  const from = rig.clock.uptime();
  const reading = rig.loop.read(requestAt(600));
  await rig.clock.advance(100);
  t.like(await reading, { kind: "values" });
  t.true((await reading).uptime - from < 50);
  rig.stop.abort();
});

test("what is answered so that it holds the unit back is backed off from, and tells what came", async (t) => {
  const rig = modbusRig(RTU, [alarmPoint(1000), requestAt(256)], (_, address) => {
    return address === 256 ? [1, 2, 3] : [7];
  });
  await rig.clock.advance(320_000);
  t.true(goodShare(rig.of, 20_000) >= 0.95, `${goodShare(rig.of, 20_000)}`);
  t.true(rig.asked.filter(({ address }) => address === 256).length <= 20);
  t.true(rig.of("a.r256").every(({ quality }) => quality === "bad:malformed"));
  t.deepEqual(rig.told, ["bus open", "a misses 256"]);
  rig.stop.abort();
});
