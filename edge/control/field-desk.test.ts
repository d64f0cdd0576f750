import test from "ava";
import type { GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import type { ReadOutcome, ReadRequest, WriteOutcome, WriteRequest } from "../../drivers/driver.ts";
import type { QueryOutcome, QueryRequest } from "../../drivers/query.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { WriteEvent } from "../core/event.ts";
import type { Reading } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { FieldDesk } from "./field-desk.ts";

const STAMP = { at: 5 as WallMs, uptime: 5 as UptimeMs };
const NO_ANSWER: ReadOutcome = { kind: "failure", reason: "timeout", ...STAMP };
const DONE: WriteOutcome = { kind: "done", registers: [], ...STAMP };

function point(some: Partial<PointConfig>): PointConfig {
  return {
    id: "valve.shut",
    device: "valve",
    area: "holding",
    address: 7,
    type: "uint16",
    order: "ABCD",
    length: 0,
    scale: 1,
    offset: 0,
    unit: "%",
    everyMs: 1000,
    write: true,
    readAlone: false,
    readClears: false,
    ...some,
  };
}

/** A desk over one bus on which every register holds 42 and every write ends as told. */
function aDesk(
  points: readonly PointConfig[],
  { written = DONE, answers = true, isFull = false, keeps = true } = {},
) {
  const asked: ReadRequest[] = [];
  const orders: WriteRequest[] = [];
  const events: WriteEvent[] = [];
  const kept: Reading[] = [];
  const queries: QueryRequest[] = [];
  const bus = {
    read: (request: ReadRequest): Promise<ReadOutcome> => {
      asked.push(request);
      if (!answers) return Promise.resolve(NO_ANSWER);
      const readings = request.points.map(({ point }) => {
        return { point: point.id, value: 42, quality: "good" } as const;
      });
      return Promise.resolve({ kind: "values", readings, ...STAMP });
    },
    write: (request: WriteRequest) => {
      orders.push(request);
      return Promise.resolve(written);
    },
    query: (request: QueryRequest): Promise<QueryOutcome> => {
      queries.push(request);
      const heard = { tookMs: 5, isEchoed: false, bytes: 0, others: [] };
      return Promise.resolve({ kind: "failure", reason: "timeout", heard, ...STAMP });
    },
    polled: (unit: number) => (unit === 3 ? { device: "valve", isSilent: false } : null),
  };
  const devices = [{ name: "valve", bus: "line", unit: 3 }];
  const buses = [{ name: "line", timeoutMs: 300 }];
  const desk = new FieldDesk({
    clock: new SimClock(),
    config: { buses, devices, points } as unknown as GatewayConfig,
    busOf: (name) => (name === "line" ? bus : null),
    onCleared: keeps
      ? (readings) => {
          kept.push(...readings);
        }
      : null,
    onWrite: (event) => {
      if (isFull) throw new GatewayError("buffer.full", "no space left");
      events.push(event);
    },
  });
  return { desk, asked, orders, events, kept, queries };
}

test("points are read in the order in which they were asked for, each with its unit", async (t) => {
  const { desk, asked } = aDesk([point({}), point({ id: "valve.flow", type: "float32" })]);
  const readings = await desk.read({ points: ["valve.flow", "valve.shut"] });
  t.deepEqual(
    readings.map(({ point, unit, value }) => [point, unit, value]),
    [
      ["valve.flow", "%", 42],
      ["valve.shut", "%", 42],
    ],
  );
  t.deepEqual(
    asked.map(({ unit, address, count }) => [unit, address, count]),
    [
      [3, 7, 2],
      [3, 7, 1],
    ],
  );
});

test("a device that does not answer gives a bad reading with its reason", async (t) => {
  const { desk } = aDesk([point({})], { answers: false });
  t.like((await desk.read({ points: ["valve.shut"] }))[0], { value: null, quality: "bad:timeout" });
});

test("a device that does not answer is asked once for all its points", async (t) => {
  const points = [point({}), point({ id: "valve.flow" }), point({ id: "valve.limit" })];
  const { desk, asked } = aDesk(points, { answers: false });
  const readings = await desk.read({ points: points.map(({ id }) => id) });
  t.is(asked.length, 1);
  t.deepEqual(
    readings.map(({ point, quality }) => [point, quality]),
    points.map(({ id }) => [id, "bad:timeout"]),
  );
});

test("what stands at an address is read value by value", async (t) => {
  const { desk, asked } = aDesk([]);
  const raw = { bus: "line", unit: 9, area: "input", address: 100, count: 3 } as const;
  const readings = await desk.read({ raw: { ...raw, type: "float32" } });
  t.deepEqual(
    readings.map(({ point }) => point),
    ["100", "102", "104"],
  );
  t.like(asked[0], { unit: 9, area: "input", address: 100, count: 6 });
});

test("a place that no frame or area has is refused before anything is sent", async (t) => {
  const { desk, asked } = aDesk([]);
  const raw = { bus: "line", unit: 1, area: "holding", address: 0, type: "float64" } as const;
  await t.throwsAsync(desk.read({ raw: { ...raw, count: 32 } }), { message: /longer/ });
  await t.throwsAsync(desk.read({ raw: { ...raw, address: 65_534, count: 1 } }), {
    message: /65535/,
  });
  await t.throwsAsync(desk.read({ raw: { ...raw, bus: "other", count: 1 } }), { message: /other/ });
  t.is(asked.length, 0);
});

test("what reading clears is kept when it is read once, also before a write", async (t) => {
  const { desk, kept } = aDesk([point({ readClears: true }), point({ id: "valve.flow" })]);
  await desk.read({ points: ["valve.shut", "valve.flow"] });
  t.deepEqual(kept, [{ point: "valve.shut", value: 42, quality: "good", ...STAMP }]);
  t.like(await desk.write({ point: "valve.shut", value: "1", who: "wang" }), { old: 42 });
  t.is(kept.length, 2);
});

test("what reading clears is not read where nobody keeps it, and is written all the same", async (t) => {
  const { desk, asked, orders } = aDesk([point({ readClears: true })], { keeps: false });
  await t.throwsAsync(desk.read({ points: ["valve.shut"] }), { message: /would be lost/ });
  t.like(await desk.write({ point: "valve.shut", value: "1", who: "wang" }), { old: null });
  t.is(asked.length, 0);
  t.is(orders.length, 1);
});

test("a place that holds what reading clears is read only by the name of its point", async (t) => {
  const { desk, asked } = aDesk([point({ readClears: true, type: "uint32" })]);
  const raw = { bus: "line", unit: 3, area: "holding", count: 1, type: "uint32" } as const;
  for (const address of [6, 7, 8]) {
    await t.throwsAsync(desk.read({ raw: { ...raw, address } }), { message: /clear valve\.shut/ });
  }
  t.is(asked.length, 0);
  await desk.read({ raw: { ...raw, address: 5 } });
  await desk.read({ raw: { ...raw, address: 9 } });
  await desk.read({ raw: { ...raw, address: 7, unit: 4 } });
  await desk.read({ raw: { ...raw, address: 7, area: "input" } });
  t.is(asked.length, 4);
});

test("a write is told with who, what was there before, and what came of it", async (t) => {
  const { desk, orders, events } = aDesk([point({ scale: 0.1 })]);
  const event = await desk.write({ point: "valve.shut", value: "12.5", who: "wang" });
  t.deepEqual(orders[0]?.write, { kind: "register", address: 7, register: 125 });
  t.like(event, {
    kind: "write",
    point: "valve.shut",
    unit: "%",
    old: 42,
    value: 12.5,
    outcome: "done",
    cause: "confirmed",
    who: "wang",
  });
  t.deepEqual(events, [event]);
});

test("a write that is refused, or of which nobody knows, is told as such", async (t) => {
  for (const kind of ["not-done", "unknown"] as const) {
    const written: WriteOutcome = { kind, reason: "timeout", ...STAMP };
    const { desk, events, orders } = aDesk([point({})], { written });
    await desk.write({ point: "valve.shut", value: "1", who: "wang" });
    t.like(events[0], { outcome: kind, cause: "timeout" });
    t.is(orders.length, 1);
  }
});

test("a write that cannot be recorded is told with what came of it, and why", async (t) => {
  const { desk, orders } = aDesk([point({})], { isFull: true });
  const told = await desk.write({ point: "valve.shut", value: "1", who: "wang" });
  t.like(told, { outcome: "done", value: 1, notRecorded: "no space left" });
  t.is(orders.length, 1);
});

test("a point whose old value cannot be read is written all the same", async (t) => {
  const { desk, events } = aDesk([point({})], { answers: false });
  await desk.write({ point: "valve.shut", value: "1", who: "wang" });
  t.like(events[0], { old: null, value: 1, outcome: "done" });
});

test("what may not be written, or cannot hold the value, is not sent", async (t) => {
  const { desk, orders, events } = aDesk([point({}), point({ id: "valve.no", write: false })]);
  const write = (point: string, value: string) => desk.write({ point, value, who: "wang" });
  await t.throwsAsync(write("valve.no", "1"), { message: /write: true/ });
  await t.throwsAsync(write("valve.shut", "65536"), { message: /cannot hold/ });
  await t.throwsAsync(write("valve.shut", "much"), { message: /cannot hold/ });
  await t.throwsAsync(write("valve.none", "1"), { message: /no point/ });
  t.is(orders.length + events.length, 0);
});

test("a probe waits no longer than the bus allows", async (t) => {
  const { desk, queries } = aDesk([]);
  const probe = (timeoutMs: number) =>
    desk.probe({ bus: "line", unit: 9, timeoutMs, query: { kind: "server-id" } });
  t.like(await probe(5000), { kind: "failure", reason: "timeout" });
  await probe(50);
  t.deepEqual(
    queries.map(({ unit, pace }) => [unit, pace?.timeoutMs]),
    [
      [9, 300],
      [9, 50],
    ],
  );
});

test("a unit that is read all the time is not probed, but told", async (t) => {
  const { desk, queries } = aDesk([]);
  const probed = await desk.probe({
    bus: "line",
    unit: 3,
    timeoutMs: 300,
    query: { kind: "server-id" },
  });
  t.deepEqual(probed, { kind: "polled", device: "valve", isSilent: false });
  t.is(queries.length, 0);
});
