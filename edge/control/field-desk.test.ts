import test from "ava";
import type { PduOutcome, WriteOutcome } from "../../drivers/driver.ts";
import { aMeasurement } from "../../test-rigs/sim/a-measurement.ts";
import { aDesk, point, STAMP } from "../../test-rigs/sim/field-desk-rig.ts";
import { bytesOfPdu } from "./pdu-order.ts";

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

test("a point is told as it is measured, the place that it is read from as it is", async (t) => {
  const calibration = { pairs: [[0, 1]] as const, on: "2026-05-01", by: null, due: null };
  const measurement = aMeasurement({ calibration }, { range: [0, 10] });
  const { desk } = aDesk([point({ measurement })]);
  const [measured] = await desk.read({ points: ["valve.shut"] });
  t.like(measured, { value: 43, quality: "uncertain:out-of-range", calibration: null });
  const raw = { bus: "line", unit: 3, area: "holding", address: 7, count: 1 } as const;
  t.like((await desk.read({ raw: { ...raw, type: "uint16" } }))[0], { value: 42, quality: "good" });
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
  await t.throwsAsync(desk.read({ raw: { ...raw, count: 32 } }), { message: /at most 125/ });
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
  const pdu = { bus: "line", unit: 3, pdu: "03 0000 007D", unsafe: false, who: "wang" };
  await t.throwsAsync(desk.exchange(pdu), { message: /clear valve\.shut/ });
  await desk.exchange({ ...pdu, pdu: "04 0000 007D" });
  await desk.read({ raw: { ...raw, address: 5 } });
  await desk.read({ raw: { ...raw, address: 9 } });
  await desk.read({ raw: { ...raw, address: 7, unit: 4 } });
  await desk.read({ raw: { ...raw, address: 7, area: "input" } });
  t.is(asked.length, 4);
});

test("values by address are written unread over what reading clears, and unrecorded are told", async (t) => {
  const { desk, asked } = aDesk([point({ readClears: true })], { isFull: true });
  const place = { bus: "line", unit: 3, area: "holding", address: 7, type: "uint16" } as const;
  const raw = { ...place, order: "ABCD", values: ["5"] } as const;
  const told = await desk.writeRaw({ raw, who: "wang" });
  t.like(told[0], { old: null, value: 5, outcome: "done", notRecorded: "no space left" });
  t.is(asked.length, 0);
});

test("what a device forbids is read by no order by address, and is written unread", async (t) => {
  const { desk, asked, orders } = aDesk([point({ write: true })]);
  const place = { bus: "line", unit: 3, area: "holding", type: "uint16" } as const;
  await t.throwsAsync(desk.read({ raw: { ...place, address: 199, count: 2 } }), {
    message: /valve forbids reading there: the address range is forbidden/,
  });
  const pdu = { bus: "line", unit: 3, pdu: "03 00C9 0001", unsafe: true, who: "wang" };
  await t.throwsAsync(desk.exchange(pdu), { message: /forbidden/ });
  const raw = { ...place, address: 200, order: "ABCD", values: ["5"] } as const;
  t.like((await desk.writeRaw({ raw, who: "wang" }))[0], { old: null, value: 5, outcome: "done" });
  t.is(asked.length, 0);
  t.is(orders.length, 1);
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

test("a write that a serial line may give back by itself is told as repeated, unless it says echo", async (t) => {
  for (const echo of [null, false]) {
    const { desk } = aDesk([point({})], { bus: { kind: "modbus-rtu", echo } });
    const { cause } = await desk.write({ point: "valve.shut", value: "1", who: "wang" });
    t.is(cause, echo === null ? "repeated" : "confirmed");
    t.like((await desk.writeRaw({ raw: RAW, who: "wang" }))[0], { cause: "confirmed" });
  }
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

const RAW = {
  bus: "line",
  unit: 3,
  area: "holding",
  address: 7,
  type: "uint16",
  order: "ABCD",
  values: ["1", "2"],
} as const;

test("values written by address go out in one request, and each is told with its place", async (t) => {
  const { desk, orders, events, asked } = aDesk([]);
  const told = await desk.writeRaw({ raw: RAW, who: "wang" });
  t.deepEqual(
    orders.map(({ unit, write }) => [unit, write]),
    [[3, { kind: "registers", address: 7, registers: [1, 2] }]],
  );
  t.like(asked[0], { unit: 3, area: "holding", address: 7, count: 2 });
  t.deepEqual(
    told.map(({ point, old, value, outcome, who }) => [point, old, value, outcome, who]),
    [
      ["line/3/holding/7", 42, 1, "done", "wang"],
      ["line/3/holding/8", 42, 2, "done", "wang"],
    ],
  );
  t.deepEqual(events, told);
});

test("a write by address of which nobody knows is sent once and told of each value", async (t) => {
  const written: WriteOutcome = { kind: "unknown", reason: "timeout", ...STAMP };
  const { desk, orders, events } = aDesk([], { written });
  await desk.writeRaw({ raw: RAW, who: "wang" });
  t.is(orders.length, 1);
  t.deepEqual(
    events.map(({ outcome, cause }) => [outcome, cause]),
    [
      ["unknown", "timeout"],
      ["unknown", "timeout"],
    ],
  );
});

test("what is barred or cannot be held is not written by address either", async (t) => {
  const { desk, asked, orders } = aDesk([point({ id: "valve.no", address: 8, write: false })]);
  const write = (some: object) => desk.writeRaw({ raw: { ...RAW, ...some }, who: "wang" });
  await t.throwsAsync(write({}), { message: /valve\.no stands there/ });
  await t.throwsAsync(write({ values: ["65536"] }), { message: /cannot hold 65536/ });
  await t.throwsAsync(write({ bus: "other" }), { message: /there is no bus other/ });
  t.is(asked.length + orders.length, 0);
});

const ORDER = { bus: "line", unit: 3, pdu: "2B 0E 01 00", unsafe: false, who: "wang" } as const;

test("any request that changes nothing is sent, answered as it came, and told to nobody", async (t) => {
  const { desk, sent, events } = aDesk([]);
  const answer = await desk.exchange(ORDER);
  t.deepEqual(answer, { kind: "answer", pdu: "2B 0E", at: STAMP.at });
  t.like(sent, [{ unit: 3, pdu: Uint8Array.of(0x2b, 0x0e, 1, 0) }]);
  t.is(events.length, 0);
});

test("a request that may change the device is sent only if that is wanted, and is told", async (t) => {
  const coil = { ...ORDER, pdu: "05 00 07 FF 00" } as const;
  const answered = { kind: "answer", pdu: bytesOfPdu(coil.pdu), ...STAMP } as const;
  const { desk, sent, events } = aDesk([], { answered });
  await t.throwsAsync(desk.exchange(coil), { message: /may change the device/ });
  t.is(sent.length, 0);
  await desk.exchange({ ...coil, unsafe: true });
  t.is(sent.length, 1);
  t.like(events, [
    { kind: "write", point: "line/3/pdu", value: coil.pdu, outcome: "done", who: "wang" },
  ]);
});

test("whether such a request was carried out is told as of a write", async (t) => {
  const pdu = "41 01";
  const ends: readonly (readonly [PduOutcome, object])[] = [
    [{ kind: "answer", pdu: Uint8Array.of(0xc1, 1), ...STAMP }, { outcome: "not-done" }],
    [{ kind: "answer", pdu: Uint8Array.of(0xc1, 4), ...STAMP }, { outcome: "unknown" }],
    [{ kind: "failure", reason: "timeout", wasSent: true, ...STAMP }, { outcome: "unknown" }],
    [{ kind: "failure", reason: "timeout", wasSent: false, ...STAMP }, { outcome: "not-done" }],
  ];
  for (const [answered, told] of ends) {
    const { desk, events } = aDesk([], { answered });
    await desk.exchange({ ...ORDER, pdu, unsafe: true });
    t.like(events[0], told);
  }
});

test("no point that may not be written is written by any request", async (t) => {
  const { desk, sent } = aDesk([point({ id: "valve.no", write: false })]);
  const order = { ...ORDER, pdu: "10 00 06 00 02 04 00 01 00 02", unsafe: true };
  await t.throwsAsync(desk.exchange(order), { message: /valve\.no stands there/ });
  await t.throwsAsync(desk.exchange({ ...order, unit: 0 }), { message: /every device/ });
  t.is(sent.length, 0);
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

test("an order that is not good any more once the value before was read is not carried out", async (t) => {
  const { desk, asked, orders, events } = aDesk([point({})]);
  const order = { point: "valve.shut", value: "7", who: "op" };
  const writing = desk.write(order, () => asked.length === 0);
  await t.throwsAsync(writing, { code: "command.expired" });
  t.deepEqual([orders, events], [[], []]);
});
