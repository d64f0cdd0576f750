import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { Query, QueryOutcome } from "../query.ts";
import { withCrc } from "./crc16.ts";
import { aRequest, damaged, FakeLink, hex, inTime, rtuAnswer, tcpFrame } from "./fake-link.ts";
import { openModbus } from "./modbus.ts";
import { Overhearing } from "./overhearing.ts";

const NEVER = new AbortController().signal;
const PLACE: Query = { kind: "place", area: "holding", address: 0, count: 1 };
const SERVER_ID: Query = { kind: "server-id" };
const IDENTIFICATION: Query = { kind: "identification", from: 0 };

/** A line at 11 000 baud: a byte takes 1 ms. */
function aLine() {
  const clock = new SimClock();
  const link = new FakeLink();
  const timing = { timeoutMs: 100, graceMs: 200 };
  const bus = { kind: "modbus-rtu", serial: { baud: 11_000 }, ...timing } as const;
  const session = openModbus(link, clock, bus);
  const query = (query: Query, unit = 1): Promise<QueryOutcome> => {
    const asked = session.query?.({ device: "u", unit, query }, NEVER);
    return inTime(clock, asked ?? Promise.reject());
  };
  /** Sends `answers`, of which a function makes one from the request, one each millisecond. */
  const answer = (...answers: readonly (Uint8Array | ((asked: Uint8Array) => Uint8Array))[]) => {
    link.onWrite = (asked) => {
      for (const [n, each] of answers.entries()) {
        const bytes = typeof each === "function" ? each(asked) : each;
        clock.at(clock.uptime() + 20 + n, () => link.send(bytes));
      }
    };
  };
  return { clock, link, session, query, answer };
}

const bytewise = (frame: Uint8Array) => Array.from(frame, (byte) => Uint8Array.of(byte));

test("every query is answered, however the answer is split", async (t) => {
  const answers = [
    [PLACE, rtuAnswer(1, [42]), { kind: "registers", registers: [42] }],
    [SERVER_ID, withCrc(hex("01 11 03 41 42 FF")), { kind: "server-id", id: [0x41, 0x42, 255] }],
    [{ kind: "exception-status" }, withCrc(hex("01 07 6D")), { status: 0x6d }],
    [{ kind: "return-data", data: 7 }, withCrc(hex("01 08 0000 0007")), { kind: "returned" }],
    [
      IDENTIFICATION,
      withCrc(hex("01 2B 0E 01 01 00 00 02 00 02 41 42 01 01 43")),
      { kind: "identification", next: null },
    ],
  ] as const;
  for (const [query, frame, expected] of answers) {
    for (const pieces of [[frame], bytewise(frame)]) {
      const line = aLine();
      line.answer(...pieces);
      const outcome = await line.query(query);
      t.like(outcome, { kind: "answer", answer: expected, heard: { bytes: frame.length } });
      t.is(line.session.counters().discardedBytes, 0);
    }
  }
});

test("a refusal, silence and a damaged answer are failures with what was heard", async (t) => {
  const line = aLine();
  line.answer(withCrc(hex("01 AB 01")));
  t.like(await line.query(IDENTIFICATION), { reason: "exception:1", heard: { bytes: 5 } });
  line.link.onWrite = () => {};
  t.like(await line.query(PLACE, 2), { reason: "timeout", heard: { bytes: 0, others: [] } });
  line.answer(damaged(rtuAnswer(3, [42]), 4));
  t.like(await line.query(PLACE, 3), { reason: "crc", heard: { bytes: 7 } });
});

test("a query that comes back is told, and does not hide the answer", async (t) => {
  const line = aLine();
  line.answer((asked) => asked, withCrc(hex("01 11 01 41")));
  t.like(await line.query(SERVER_ID), {
    kind: "answer",
    heard: { isEchoed: true, bytes: 6 },
  });
  line.answer((asked) => asked);
  t.like(await line.query(PLACE, 2), {
    reason: "timeout",
    heard: { isEchoed: true, bytes: 0 },
  });
});

test("an answer too late is told by its unit, and the next query keeps its own answer", async (t) => {
  const line = aLine();
  line.link.onWrite = () => {};
  t.like(await line.query(PLACE, 2), { kind: "failure", reason: "timeout" });
  line.answer(rtuAnswer(2, [1]), rtuAnswer(3, [2]));
  t.like(await line.query(PLACE, 3), {
    kind: "answer",
    answer: { registers: [2] },
    heard: { others: [2] },
  });
  t.like(line.session.counters(), { lateAnswers: 1, unsolicited: 0 });
});

test("a unit that was asked in vain is left alone as after a read, and reads go on", async (t) => {
  const { clock, link, session, query, answer } = aLine();
  link.onWrite = () => {};
  await query(SERVER_ID, 9);
  t.true(session.notBefore(9) > clock.uptime());
  t.true(session.notBefore(1) <= clock.uptime());
  answer(rtuAnswer(1, [5, 6]));
  t.like(await inTime(clock, session.read(aRequest(), NEVER)), { kind: "values" });
});

test("over TCP the same queries are answered", async (t) => {
  const clock = new SimClock();
  const link = new FakeLink();
  const bus = { kind: "modbus-tcp", timeoutMs: 100, graceMs: 200 } as const;
  const session = openModbus(link, clock, bus);
  const asked = session.query?.({ device: "u", unit: 1, query: SERVER_ID }, NEVER);
  link.onWrite = () => link.send(tcpFrame(1, [...hex("01 11 03 41 42 FF")]));
  const outcome = await inTime(clock, asked ?? Promise.reject());
  t.like(outcome, { kind: "answer", answer: { id: [0x41, 0x42, 255] } });
  link.onWrite = () => link.send(tcpFrame(2, [...hex("01 11 03 41 42")]));
  const cut = session.query?.({ device: "u", unit: 1, query: SERVER_ID }, NEVER);
  t.like(await inTime(clock, cut ?? Promise.reject()), { reason: "malformed" });
});

test("what begins like the query and goes on otherwise is no echo", (t) => {
  const hearing = new Overhearing(hex("01 03 00 00 00 01"), new SimClock().uptime());
  hearing.take(hex("01 03 00 07 00 01"));
  const heard = hearing.heardBy(new SimClock().uptime());
  t.like(heard, { isEchoed: false, bytes: 6 });
});
