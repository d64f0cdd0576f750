import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { ReadOutcome, ReadRequest } from "../driver.ts";
import { aRequest, asciiFrame, FakeLink, inTime, rtuAnswer, rtuAnswerTo } from "./fake-link.ts";
import { type LineBus, openModbus } from "./modbus.ts";

const NEVER = new AbortController().signal;
const TIMES = { serial: { baud: 11_000 }, timeoutMs: 100, graceMs: 200 } as const;

/** A line at 11 000 baud: a byte takes 1 ms, or 0.87 ms with the least bits at the most speed. */
function aLine({
  kind = "modbus-rtu",
  isPaced,
}: {
  kind?: LineBus["kind"];
  isPaced?: boolean;
} = {}) {
  const clock = new SimClock();
  const link = Object.assign(new FakeLink(), isPaced === undefined ? {} : { isPaced });
  const session = openModbus(link, clock, { kind, ...TIMES });
  const read = (some: Partial<ReadRequest> = {}) =>
    inTime(clock, session.read(aRequest(some), NEVER));
  const sendIn = (ms: number, bytes: Uint8Array) =>
    clock.at(clock.uptime() + ms, () => link.send(bytes));
  /** Answers every request after `ms` milliseconds; registers hold their own address. */
  const answering = (ms: number) => {
    link.onWrite = (frame) => sendIn(ms, rtuAnswerTo(frame));
  };
  return { clock, link, session, read, sendIn, answering };
}

function valuesOf(outcome: ReadOutcome) {
  return outcome.kind === "values" ? outcome.readings.map(({ value }) => value) : outcome.reason;
}

test("an answer that is whole before its request has left the line is a stray", async (t) => {
  const line = aLine();
  line.answering(20);
  await line.read();
  line.link.onWrite = (frame) => {
    line.sendIn(5, rtuAnswer(1, [9, 9]));
    line.sendIn(25, rtuAnswerTo(frame));
  };
  t.deepEqual(valuesOf(await line.read({ address: 7 })), [7, 8]);
  t.is(line.session.counters().unsolicited, 1);
});

test("so is one that the line cannot have carried since the request left", async (t) => {
  const line = aLine();
  line.answering(20);
  await line.read();
  // Request and answer are 17 characters, of 10 bits each and 5 % too fast at the least: 14.7 ms.
  line.answering(14);
  t.is(valuesOf(await line.read()), "timeout");
  line.answering(15);
  t.deepEqual(valuesOf(await line.read({ unit: 2 })), [0, 1]);
});

test("where only a hasty answer came, it is a time-out and the unit is left alone", async (t) => {
  const line = aLine();
  line.answering(20);
  await line.read();
  line.answering(1);
  const outcome = await line.read();
  t.is(valuesOf(outcome), "timeout");
  t.is<number, number>(line.session.notBefore(1), outcome.uptime + 200);
});

test("a hasty answer in ASCII is a stray as well", async (t) => {
  const line = aLine({ kind: "modbus-ascii" });
  line.link.onWrite = () => line.sendIn(50, asciiFrame([1, 3, 4, 0, 1, 0, 2]));
  t.deepEqual(valuesOf(await line.read()), [1, 2]);
  line.link.onWrite = () => {
    line.sendIn(10, asciiFrame([1, 3, 4, 0, 9, 0, 9]));
    line.sendIn(50, asciiFrame([1, 3, 4, 0, 3, 0, 4]));
  };
  t.deepEqual(valuesOf(await line.read()), [3, 4]);
  t.is(line.session.counters().unsolicited, 1);
});

test("on a pty every answer is believed, however soon it comes after slower ones", async (t) => {
  const line = aLine({ isPaced: false });
  for (const ms of [20, 0, 20, 1]) {
    line.answering(ms);
    t.deepEqual(valuesOf(await line.read()), [0, 1]);
  }
});

test("a device on a port without a line behind it is read from its first answer on", async (t) => {
  const line = aLine();
  for (const ms of [0, 20, 1]) {
    line.answering(ms);
    t.deepEqual(valuesOf(await line.read()), [0, 1]);
  }
});

test("one whose first answer was slow costs three requests", async (t) => {
  const line = aLine();
  line.answering(20);
  await line.read();
  line.answering(1);
  const told: unknown[] = [];
  for (let n = 0; n < 5; n++) told.push(valuesOf(await line.read()));
  t.deepEqual(told, ["timeout", "timeout", "timeout", [0, 1], [0, 1]]);
});

test("so does one that is slow enough for short answers and not for long ones", async (t) => {
  const line = aLine();
  line.answering(20);
  const told: unknown[] = [];
  for (let n = 0; n < 4; n++) {
    t.deepEqual(valuesOf(await line.read()), [0, 1]);
    const long = await line.read({ count: 60 });
    told.push(long.kind === "values" ? long.readings.length : long.reason);
  }
  t.deepEqual(told, ["timeout", "timeout", "timeout", 60]);
});
