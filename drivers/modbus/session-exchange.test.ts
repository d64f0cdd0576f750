import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { PduOutcome } from "../driver.ts";
import { hexOf } from "../wire-text.ts";
import { withCrc } from "./crc16.ts";
import { aRequest, asciiFrame, damaged, FakeLink, hex, inTime, tcpFrame } from "./fake-link.ts";
import { type ModbusBus, openModbus } from "./modbus.ts";

const NEVER = new AbortController().signal;
const IDENTIFY = hex("2B 0E 01 00");
const REQUEST = withCrc(hex("01 2B 0E 01 00"));
const IDENTITY = hex("2B 0E 01 81 00 00 01 00 03 41 42 43");
const ANSWER = withCrc(hex(`01 ${hexOf(IDENTITY)}`));

const TIMING = { timeoutMs: 100, graceMs: 200 };

/** A line at 11 000 baud unless told otherwise: a byte takes 1 ms. */
function aLine(
  bus: ModbusBus = { kind: "modbus-rtu", serial: { baud: 11_000 }, silenceMs: null, ...TIMING },
) {
  const clock = new SimClock();
  const link = new FakeLink();
  const session = openModbus(link, clock, bus);
  const exchange = (pdu = IDENTIFY, signal = NEVER): Promise<PduOutcome> =>
    inTime(clock, session.exchange?.({ device: "u1", unit: 1, pdu }, signal) ?? Promise.reject());
  /** Lets the device send each of `chunks`, so many milliseconds after the request. */
  const answer = (...chunks: readonly (readonly [number, Uint8Array])[]) => {
    link.onWrite = () => {
      for (const [ms, bytes] of chunks) clock.at(clock.uptime() + ms, () => link.send(bytes));
    };
  };
  return { clock, link, session, exchange, answer };
}

function told(outcome: PduOutcome): string {
  return outcome.kind === "answer" ? hexOf(outcome.pdu) : outcome.reason;
}

test("the answer to a function of unknown length ends with silence and a right check sum", async (t) => {
  const line = aLine();
  line.answer([20, ANSWER.subarray(0, 4)], [30, ANSWER.subarray(4)]);
  const outcome = await line.exchange();
  t.is(told(outcome), hexOf(IDENTITY));
  // 3.5 ms of silence before, and 3.5 characters and the adapter's delay behind the last byte.
  t.is<number, number>(outcome.uptime, 3.5 + 30 + 23.5);
  t.deepEqual(Uint8Array.from(line.link.written[0] ?? []), REQUEST);
  t.is<number, number>(line.session.notBefore(1), 0);
});

test("a pause longer than the silence does not part an answer that goes on", async (t) => {
  const line = aLine();
  line.answer([20, ANSWER.subarray(0, 4)], [70, ANSWER.subarray(4)]);
  t.is(told(await line.exchange()), hexOf(IDENTITY));
});

test("noise in front of it and the request coming back are no part of the answer", async (t) => {
  const line = aLine();
  line.answer([8, hex("00 01 FF")], [9, REQUEST], [40, ANSWER]);
  t.is(told(await line.exchange()), hexOf(IDENTITY));
});

test("the request coming back alone is no answer", async (t) => {
  const line = aLine();
  line.answer([8, REQUEST]);
  t.is(told(await line.exchange()), "timeout");
});

test("what diagnostics return is the request, and the second of two behind an echo", async (t) => {
  const loopback = hex("08 00 00 12 34");
  const frame = withCrc(Uint8Array.of(1, ...loopback));
  const plain = aLine();
  plain.answer([20, frame]);
  t.is(told(await plain.exchange(loopback)), hexOf(loopback));
  const echoing = aLine();
  echoing.answer([8, frame], [20, frame]);
  const outcome = await echoing.exchange(loopback);
  t.is(told(outcome), hexOf(loopback));
  t.true(outcome.uptime < 60);
});

test("an exception is an answer, to a function that is unknown or a request that is wrong", async (t) => {
  for (const pdu of ["41 01", "03 00", "03 00 00 00 00"]) {
    const line = aLine();
    const exception = Uint8Array.of(hex(pdu)[0]! | 0x80, 1);
    line.answer([20, withCrc(Uint8Array.of(1, ...exception))]);
    t.is(told(await line.exchange(hex(pdu))), hexOf(exception));
    t.is(line.session.counters().exceptions, 1);
  }
});

test("the answer to a well-known request ends where the request makes it end, without silence", async (t) => {
  const line = aLine();
  line.answer([20, withCrc(hex("01 03 02 12 34"))]);
  const outcome = await line.exchange(hex("03 00 00 00 01"));
  t.is(told(outcome), "03 02 12 34");
  t.is<number, number>(outcome.uptime, 3.5 + 20);
});

test("zeros behind an answer that tells its length, or an exception, are no part of it", async (t) => {
  for (const pdu of ["91 01", "11 02 41 FF", hexOf(IDENTITY), "2B 0E 01 81 FF 00 00"]) {
    const line = aLine();
    const request = Uint8Array.of(hex(pdu)[0]! & 0x7f, 0);
    line.answer([20, withCrc(hex(`01 ${pdu}`))], [30, hex("00 00")]);
    t.is(told(await line.exchange(request)), hexOf(hex(pdu)));
    t.is(line.session.counters().discardedBytes, 2);
  }
});

test("a heartbeat of zeros behind an answer is not counted as noise", async (t) => {
  const sidePackets = [hex("00")];
  const line = aLine({ kind: "modbus-tcp", framing: "rtu", sidePackets, ...TIMING });
  await line.clock.advance(200);
  line.answer([20, withCrc(hex("01 91 01"))], [30, hex("00")]);
  t.is(told(await line.exchange(hex("11"))), "91 01");
  t.is(line.session.counters().discardedBytes, 0);
});

test("the request coming back with zeros behind it is no answer", async (t) => {
  const line = aLine();
  line.answer([8, REQUEST], [10, hex("00 00")]);
  t.not((await line.exchange()).kind, "answer");
});

test("a damaged answer is none, and the unit is left alone for the grace", async (t) => {
  const line = aLine();
  line.answer([20, damaged(ANSWER, 6)]);
  const outcome = await line.exchange();
  t.like(outcome, { kind: "failure", reason: "crc", wasSent: true });
  t.is<number, number>(line.session.notBefore(1), outcome.uptime + 200);
});

test("a late answer to it is not taken for the answer to the next request", async (t) => {
  const line = aLine();
  line.answer([150, ANSWER]);
  t.is(told(await line.exchange()), "timeout");
  line.answer([20, withCrc(hex("01 03 04 00 01 00 02"))]);
  const next = await inTime(line.clock, line.session.read(aRequest(), NEVER));
  t.is(next.kind, "values");
  t.true(next.uptime >= 300);
});

test("the late answer of another unit is told as such while an open answer is awaited", async (t) => {
  const line = aLine();
  await inTime(line.clock, line.session.read(aRequest({ unit: 7 }), NEVER));
  line.answer([10, withCrc(hex("07 03 04 00 01 00 02"))], [50, ANSWER]);
  t.is(told(await line.exchange()), hexOf(IDENTITY));
  t.is(line.session.counters().lateAnswers, 1);
});

test("over TCP the header tells how long the answer is, and whose it is", async (t) => {
  const line = aLine({ kind: "modbus-tcp", ...TIMING });
  line.answer(
    [5, tcpFrame(9, [1, ...IDENTITY])],
    [20, tcpFrame(1, [1, ...IDENTITY]).subarray(0, 9)],
    [30, tcpFrame(1, [1, ...IDENTITY]).subarray(9)],
  );
  const outcome = await line.exchange();
  t.is(told(outcome), hexOf(IDENTITY));
  t.is<number, number>(outcome.uptime, 30);
  t.is(line.session.counters().unsolicited, 1);
});

test("over TCP an answer with another function is none", async (t) => {
  const line = aLine({ kind: "modbus-tcp", ...TIMING });
  line.answer([5, tcpFrame(1, [1, 0x2c, 0, 0])]);
  t.is(told(await line.exchange()), "malformed");
});

test("behind a connection that carries RTU the time-out is the silence", async (t) => {
  const line = aLine({ kind: "modbus-tcp", framing: "rtu", ...TIMING });
  await line.clock.advance(200);
  line.answer([20, ANSWER.subarray(0, 5)], [90, ANSWER.subarray(5)]);
  const outcome = await line.exchange();
  t.is(told(outcome), hexOf(IDENTITY));
  t.is<number, number>(outcome.uptime, 300);
});

test("in ASCII the frame shows its own end, and the request coming back is skipped", async (t) => {
  const line = aLine({ kind: "modbus-ascii", serial: { baud: 11_000 }, ...TIMING });
  line.answer([15, asciiFrame([1, ...IDENTIFY])], [40, asciiFrame([1, ...IDENTITY])]);
  const outcome = await line.exchange();
  t.is(told(outcome), hexOf(IDENTITY));
  t.is<number, number>(outcome.uptime, 3.5 + 40);
});

test("with several requests under way an open answer finds its own", async (t) => {
  const line = aLine({ kind: "modbus-tcp", inFlight: 3, ...TIMING });
  line.answer([5, tcpFrame(1, [1, ...IDENTITY])]);
  t.is(told(await line.exchange()), hexOf(IDENTITY));
});

test("what was never sent is told as not sent", async (t) => {
  const line = aLine();
  line.session.close();
  t.like(await line.exchange(), { kind: "failure", reason: "link-closed", wasSent: false });
});
