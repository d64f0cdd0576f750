import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { ReadOutcome, ReadRequest } from "../driver.ts";
import { FlightRecorder } from "../flight-recorder.ts";
import { aPoint, aRequest, FakeLink, hex, inTime, rtuAnswerTo, tcpFrame } from "./fake-link.ts";
import { openModbus, planRequests } from "./modbus.ts";

const NEVER = new AbortController().signal;

function aConnection({ timeoutMs = 100, graceMs = 200 } = {}) {
  const clock = new SimClock();
  const link = new FakeLink();
  const session = openModbus(link, clock, { kind: "modbus-tcp", timeoutMs, graceMs });
  const read = (some: Partial<ReadRequest> = {}) =>
    inTime(clock, session.read(aRequest(some), NEVER));
  const sendIn = (ms: number, bytes: Uint8Array) =>
    clock.at(clock.uptime() + ms, () => link.send(bytes));
  return { clock, link, session, read, sendIn };
}

/** The answer to `frame` of a device whose registers hold their own address. */
function answerTo(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset);
  const count = view.getUint16(10);
  const data = Array.from({ length: count }, (_, index) => view.getUint16(8) + index);
  const bytes = data.flatMap((register) => [register >>> 8, register & 0xff]);
  return tcpFrame(view.getUint16(0), [view.getUint8(6), view.getUint8(7), count * 2, ...bytes]);
}

function valuesOf(outcome: ReadOutcome) {
  return outcome.kind === "values" ? outcome.readings.map(({ value }) => value) : outcome.reason;
}

test("a read over TCP is sent at once and gives its values", async (t) => {
  const { link, read, sendIn } = aConnection();
  link.onWrite = (frame) => sendIn(20, answerTo(frame));
  const outcome = await read({ unit: 255, address: 40, count: 2 });
  t.deepEqual(valuesOf(outcome), [40, 41]);
  t.is<number, number>(outcome.uptime, 20);
  t.deepEqual(link.written, [hex("0001 0000 0006 FF0300280002")]);
});

test("an exception of a TCP gateway is told with its code", async (t) => {
  const { link, read, sendIn } = aConnection();
  link.onWrite = () => sendIn(20, tcpFrame(1, [1, 0x83, 0x0b]));
  t.is(valuesOf(await read()), "exception:11");
});

test("a late answer over TCP is never the next one's", async (t) => {
  const { clock, link, session, read, sendIn } = aConnection({ timeoutMs: 100, graceMs: 10 });
  link.onWrite = (frame) => sendIn(150, answerTo(frame));
  t.is(valuesOf(await read({ address: 0 })), "timeout");
  link.onWrite = (frame) => sendIn(60, answerTo(frame));
  t.deepEqual(valuesOf(await read({ address: 500 })), [500, 501]);
  t.is(session.counters().lateAnswers, 1);
  t.true(clock.uptime() < 200);
});

test("answers in reversed order reach the right reads", async (t) => {
  const { link, read, sendIn } = aConnection({ timeoutMs: 100, graceMs: 0 });
  let first: Uint8Array | null = null;
  link.onWrite = (frame) => {
    if (first === null) {
      first = answerTo(frame);
      return;
    }
    sendIn(10, answerTo(frame));
    sendIn(10, first);
  };
  t.is(valuesOf(await read({ address: 0 })), "timeout");
  t.deepEqual(valuesOf(await read({ address: 500 })), [500, 501]);
  link.onWrite = (frame) => sendIn(10, answerTo(frame));
  t.deepEqual(valuesOf(await read({ address: 600 })), [600, 601]);
});

test("a connection that is reset fails the read at once", async (t) => {
  const { clock, link, session, read } = aConnection({ timeoutMs: 10_000 });
  link.onWrite = () => clock.at(20, () => link.lose("read ECONNRESET"));
  const outcome = await read();
  t.is(valuesOf(outcome), "link-closed");
  t.is<number, number>(outcome.uptime, 20);
  t.is(await session.closed, "read ECONNRESET");
});

test("a peer that does not speak Modbus TCP is hung up on", async (t) => {
  const { link, session, read, sendIn } = aConnection();
  link.onWrite = () => sendIn(20, Buffer.from("HTTP/1.1 400 Bad Request\r\n"));
  t.is(valuesOf(await read()), "link-closed");
  t.regex(await session.closed, /not Modbus TCP/);
  t.is(await link.closed, "closed");
});

test("an answer over TCP that does not fit is malformed at once, and nothing is held", async (t) => {
  const { link, session, read, sendIn } = aConnection();
  link.onWrite = () => sendIn(20, tcpFrame(1, [1, 3, 2, 0, 1]));
  const outcome = await read({ count: 2 });
  t.is(valuesOf(outcome), "malformed");
  t.is<number, number>(outcome.uptime, 20);
  t.is<number, number>(session.notBefore(1), 0);
});

test("two registers sent as one byte at a time are one answer", async (t) => {
  const { link, read, sendIn } = aConnection();
  link.onWrite = (frame) => {
    answerTo(frame).forEach((byte, index) => {
      sendIn(index, Uint8Array.of(byte));
    });
  };
  t.deepEqual(valuesOf(await read({ address: 3 })), [3, 4]);
});

test("a bus is planned device by device, and other buses are left out", (t) => {
  const devices = [
    { name: "gas-1", bus: "line-a", unit: 1, maxRegisters: 125 },
    { name: "level-1", bus: "line-a", unit: 2, maxRegisters: 125 },
    { name: "valve-1", bus: "pump", unit: 1, maxRegisters: 125 },
  ];
  const points = devices.flatMap(({ name }) => [
    { ...aPoint({ id: `${name}.a` }), device: name },
    { ...aPoint({ id: `${name}.b`, address: 1 }), device: name },
  ]);
  const requests = planRequests(
    { devices, points },
    { name: "line-a", kind: "modbus-tcp", turnaroundMs: 5 },
  );
  t.deepEqual(
    requests.map(({ device, unit, count }) => [device, unit, count]),
    [
      ["gas-1", 1, 2],
      ["level-1", 2, 2],
    ],
  );
});

test("a recorder is told all that goes over the line, and what came to nothing", async (t) => {
  const clock = new SimClock();
  const link = new FakeLink();
  const recorder = new FlightRecorder();
  const bus = { kind: "modbus-rtu", serial: { baud: 11_000 }, timeoutMs: 100, graceMs: 0 } as const;
  const session = openModbus(link, clock, bus, recorder);
  link.onWrite = (frame) => clock.at(clock.uptime() + 20, () => link.send(rtuAnswerTo(frame)));
  await inTime(clock, session.read(aRequest(), NEVER));
  link.onWrite = () => {};
  await inTime(clock, session.read(aRequest(), NEVER));
  const { records } = recorder.since(0, 10, clock.uptime());
  t.deepEqual(
    records.map(({ kind, fromUs }) => [kind, fromUs]),
    [
      ["sent", 3500],
      ["received", 23_500],
      ["sent", 27_000],
      ["failure", 135_000],
    ],
  );
  t.like(records[3], { reason: "timeout" });
});
