import test from "ava";
import fc from "fast-check";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { type ReadOutcome, type ReadRequest, SESSION_QUEUE_MAX, type Session } from "../driver.ts";
import { FlightRecorder } from "../flight-recorder.ts";
import { aRequest, FakeLink, hex, inTime, tcpFrame } from "./fake-link.ts";
import { openModbus } from "./modbus.ts";

const NEVER = new AbortController().signal;
const TIMING = { timeoutMs: 100, graceMs: 50 };

function rig(kind: "modbus-tcp" | "modbus-udp" = "modbus-tcp", inFlight = 4) {
  const clock = new SimClock();
  const link = new FakeLink();
  const session = openModbus(link, clock, { kind, ...TIMING, inFlight });
  const read = (some: Partial<ReadRequest>) => session.read(aRequest(some), NEVER).then(saidOf);
  return { clock, link, session, read };
}

/** The answer to `frame` of a device whose registers hold their own address. */
function answerTo(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset);
  const count = view.getUint16(10);
  const data = Array.from({ length: count }, (_, index) => view.getUint16(8) + index);
  const bytes = data.flatMap((register) => [register >>> 8, register & 0xff]);
  return tcpFrame(view.getUint16(0), [view.getUint8(6), view.getUint8(7), count * 2, ...bytes]);
}

function saidOf(outcome: ReadOutcome) {
  return outcome.kind === "values" ? outcome.readings.map(({ value }) => value) : outcome.reason;
}

test("as many requests are under way as are allowed, each with a transaction of its own", async (t) => {
  const { clock, link, session, read } = rig();
  t.is(session.inFlight, 4);
  const reads = [0, 100, 200, 300, 400].map((address) => read({ address }));
  await clock.advance(1);
  t.deepEqual(
    link.written.map((frame) => frame.subarray(0, 2)),
    [hex("0001"), hex("0002"), hex("0003"), hex("0004")],
  );
  link.send(answerTo(link.written[2] as Uint8Array));
  await clock.advance(1);
  t.is(link.written.length, 5);
  for (const frame of link.written) link.send(answerTo(frame));
  t.deepEqual(await inTime(clock, Promise.all(reads)), [
    [0, 1],
    [100, 101],
    [200, 201],
    [300, 301],
    [400, 401],
  ]);
});

test("without a number of its own a connection has one request under way", async (t) => {
  const clock = new SimClock();
  const link = new FakeLink();
  const session: Session = openModbus(link, clock, { kind: "modbus-tcp", ...TIMING });
  t.is(session.inFlight ?? 1, 1);
  void session.read(aRequest(), NEVER);
  void session.read(aRequest(), NEVER);
  await clock.advance(1);
  t.is(link.written.length, 1);
});

test("a unit that is silent costs one place, and shifts nobody's answer", async (t) => {
  const { clock, link, read } = rig("modbus-tcp", 2);
  link.onWrite = (frame) => {
    if (frame[6] === 9) return;
    clock.at(clock.uptime() + 10, () => link.send(answerTo(frame)));
  };
  const silent = read({ unit: 9 });
  for (let address = 0; address < 90; address += 10) {
    t.deepEqual(await inTime(clock, read({ unit: 1, address })), [address, address + 1]);
  }
  t.true(clock.uptime() < 100);
  t.is(await inTime(clock, silent), "timeout");
});

test("an answer that comes after its time-out is nobody's, and the unit is asked meanwhile", async (t) => {
  const { clock, link, session, read } = rig("modbus-tcp", 2);
  link.onWrite = (frame) => clock.at(clock.uptime() + 120, () => link.send(answerTo(frame)));
  t.is(await inTime(clock, read({ address: 0 })), "timeout");
  t.true(session.notBefore(1) <= clock.uptime());
  link.onWrite = (frame) => clock.at(clock.uptime() + 30, () => link.send(answerTo(frame)));
  const both = Promise.all([read({ address: 500 }), read({ address: 600 })]);
  t.deepEqual(await inTime(clock, both), [
    [500, 501],
    [600, 601],
  ]);
  t.like(session.counters(), { requests: 3, timeouts: 1, lateAnswers: 1 });
});

test("an order goes out beside reads, and is done when the device repeats it", async (t) => {
  const { clock, link, session, read } = rig("modbus-tcp", 2);
  const reading = read({ address: 100 });
  const order = { kind: "register", address: 7, register: 42 } as const;
  const writing = session.write?.({ device: "u1", unit: 1, write: order }, NEVER);
  await clock.advance(1);
  const [asked, ordered] = link.written as [Uint8Array, Uint8Array];
  t.deepEqual(ordered, hex("0002 0000 0006 01060007002A"));
  link.send(ordered);
  t.like(await writing, { kind: "done" });
  link.send(answerTo(asked));
  t.deepEqual(await reading, [100, 101]);
});

test("what goes over the connection is recorded once, and each failure", async (t) => {
  const clock = new SimClock();
  const link = new FakeLink();
  const recorder = new FlightRecorder();
  const bus = { kind: "modbus-tcp", ...TIMING, inFlight: 2 } as const;
  const session = openModbus(link, clock, bus, recorder);
  const reads = [1, 2].map((unit) => session.read(aRequest({ unit }), NEVER));
  await inTime(clock, Promise.all(reads));
  const { records } = recorder.since(0, 10, clock.uptime());
  t.deepEqual(
    records.map(({ kind }) => kind),
    ["sent", "sent", "failure", "failure"],
  );
});

test("a frame to a transaction that nobody began is thrown away", async (t) => {
  const { clock, link, session, read } = rig();
  const reading = read({ address: 7 });
  await clock.advance(1);
  link.send(tcpFrame(4711, [1, 3, 4, 9, 9, 9, 9]));
  link.send(answerTo(link.written[0] as Uint8Array));
  t.deepEqual(await reading, [7, 8]);
  t.is(session.counters().unsolicited, 1);
});

test("bytes that are no frame end the connection for every request", async (t) => {
  const { clock, link, session, read } = rig();
  const reads = [read({ unit: 1 }), read({ unit: 2 })];
  await clock.advance(1);
  link.send(Buffer.from("HTTP/1.1 400 Bad Request"));
  t.deepEqual(await inTime(clock, Promise.all(reads)), ["link-closed", "link-closed"]);
  t.regex(await session.closed, /not Modbus TCP/);
  t.is(await link.closed, "closed");
});

test("a connection that is lost ends every request, and closing twice is closing once", async (t) => {
  const { clock, link, session, read } = rig();
  const reads = [read({ unit: 1 }), read({ unit: 2 })];
  await clock.advance(1);
  link.lose("read ECONNRESET");
  t.deepEqual(await inTime(clock, Promise.all(reads)), ["link-closed", "link-closed"]);
  t.is(await session.closed, "read ECONNRESET");
  session.close();
  session.close();
  t.is(await inTime(clock, read({})), "link-closed");
});

test("over UDP a datagram that is no frame does no harm to any request", async (t) => {
  const { clock, link, session, read } = rig("modbus-udp");
  const reads = [read({ address: 10 }), read({ address: 20 })];
  await clock.advance(1);
  for (const frame of link.written) {
    link.send(hex("00"));
    link.send(answerTo(frame).subarray(0, -1));
  }
  for (const frame of link.written.toReversed()) link.send(answerTo(frame));
  t.deepEqual(await inTime(clock, Promise.all(reads)), [
    [10, 11],
    [20, 21],
  ]);
  t.is(session.counters().discardedBytes, 2 * (1 + 12));
});

test("one read more than can wait is refused, and one that is aborted gives its place up", async (t) => {
  const { clock, link, session, read } = rig("modbus-tcp", 2);
  link.onWrite = (frame) => clock.at(clock.uptime() + 10, () => link.send(answerTo(frame)));
  const stop = new AbortController();
  const under = [read({ address: 0 }), read({ address: 1 })];
  const aborted = session.read(aRequest(), stop.signal).catch((error: Error) => error.message);
  const waiting = Array.from({ length: SESSION_QUEUE_MAX - 1 }, () => read({ address: 5 }));
  await t.throwsAsync(session.read(aRequest(), NEVER), { message: /more than 16 requests/ });
  stop.abort(new Error("stopped"));
  const said = await inTime(clock, Promise.all([...under, ...waiting]));
  t.true(said.every(Array.isArray));
  t.is(await aborted, "stopped");
  t.is(link.written.length, 2 + waiting.length);
});

const fate = fc.record({
  unit: fc.integer({ min: 1, max: 3 }),
  delayMs: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 80, max: 400 })),
  isLost: fc.boolean(),
  isTwice: fc.boolean(),
  refuses: fc.boolean(),
});

for (const kind of ["modbus-tcp", "modbus-udp"] as const) {
  test(`${kind}: in any order, late, lost, twice or split, answers are their own request's`, async (t) => {
    const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    const fates = fc.array(fate, { minLength: 2, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(fates, pieces, async (fates, pieces) => {
        const { clock, link, session, read } = rig(kind, 3);
        let written = 0;
        const send = (bytes: Uint8Array) => {
          // A stream is cut anywhere; a datagram is not.
          for (let at = 0; at < bytes.length; ) {
            const length = kind === "modbus-udp" ? bytes.length : (pieces[at % pieces.length] ?? 1);
            link.send(bytes.subarray(at, at + length));
            at += length;
          }
        };
        link.onWrite = (frame) => {
          const { delayMs, isLost, isTwice, refuses } = fates[written++] as (typeof fates)[0];
          if (isLost) return;
          const refusal = tcpFrame(((frame[0] ?? 0) << 8) | (frame[1] ?? 0), [
            frame[6] ?? 0,
            0x83,
            6,
          ]);
          const answer = refuses ? refusal : answerTo(frame);
          clock.at(clock.uptime() + delayMs, () => send(answer));
          if (isTwice) clock.at(clock.uptime() + delayMs + 15, () => send(answer));
        };
        const reads = fates.map(({ unit }, index) => read({ unit, address: index * 50 }));
        const said = await inTime(clock, Promise.all(reads));
        for (const [index, values] of said.entries()) {
          if (Array.isArray(values)) t.deepEqual(values, [index * 50, index * 50 + 1]);
          else t.regex(values, /^(timeout|exception:6)$/);
        }
        t.is(session.counters().requests, fates.length);
        await clock.advance(1000);
        t.is(clock.timers, 0);
      }),
      { numRuns: 150 },
    );
  });
}
