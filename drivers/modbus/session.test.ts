import test from "ava";
import fc from "fast-check";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { type ReadOutcome, type ReadRequest, SESSION_QUEUE_MAX } from "../driver.ts";
import { withCrc } from "./crc16.ts";
import { aRequest, damaged, FakeLink, hex, inTime, rtuAnswer, rtuAnswerTo } from "./fake-link.ts";
import { openModbus } from "./modbus.ts";

const NEVER = new AbortController().signal;

/** A line at 11 000 baud: a byte takes 1 ms, a request of 8 bytes 8 ms, the silence 3.5 ms. */
function aLine({ timeoutMs = 100, graceMs = 200 } = {}) {
  const clock = new SimClock();
  const link = new FakeLink();
  const bus = { kind: "modbus-rtu", serial: { baud: 11_000 }, timeoutMs, graceMs } as const;
  const session = openModbus(link, clock, bus);
  const read = (some: Partial<ReadRequest> = {}, signal = NEVER) =>
    inTime(clock, session.read(aRequest(some), signal));
  /** Lets the other end send `bytes`, `ms` milliseconds from now. */
  const sendIn = (ms: number, bytes: Uint8Array) =>
    clock.at(clock.uptime() + ms, () => link.send(bytes));
  return { clock, link, session, read, sendIn };
}

/** Answers every request after `ms` milliseconds; registers hold their own address. */
function answering(line: ReturnType<typeof aLine>, ms = 20): void {
  line.link.onWrite = (frame) => line.sendIn(ms, rtuAnswerTo(frame));
}

function valuesOf(outcome: ReadOutcome) {
  return outcome.kind === "values" ? outcome.readings.map(({ value }) => value) : outcome.reason;
}

test("a read gives the value of every point", async (t) => {
  const line = aLine();
  answering(line);
  const outcome = await line.read({ address: 100, count: 2 });
  t.deepEqual(outcome.kind === "values" && outcome.readings, [
    { point: "u1.p100", value: 100, quality: "good" },
    { point: "u1.p101", value: 101, quality: "good" },
  ]);
});

test("the time of acquisition is when the last byte of the answer was there", async (t) => {
  const line = aLine();
  const answer = rtuAnswer(1, [1, 2]);
  line.link.onWrite = () => {
    line.sendIn(30, answer.subarray(0, 5));
    line.sendIn(37.5, answer.subarray(5));
  };
  const outcome = await line.read();
  t.is<number, number>(outcome.uptime, 3.5 + 37.5);
  t.is<number, number>(outcome.at, new SimClock().now() + 41);
});

test("bits are read and cut to what was asked", async (t) => {
  const line = aLine();
  line.link.onWrite = () => line.sendIn(20, withCrc(hex("010101FD")));
  t.deepEqual(valuesOf(await line.read({ area: "coil", count: 3 })), [true, false, true]);
});

test("an exception is told with its code, and the unit is not held back", async (t) => {
  const line = aLine();
  line.link.onWrite = () => line.sendIn(20, hex("018302C0F1"));
  t.is(valuesOf(await line.read()), "exception:2");
  t.is<number, number>(line.session.notBefore(1), 0);
  t.is(line.session.counters().exceptions, 1);
});

test("silence is a time-out, counted from the end of the request", async (t) => {
  const line = aLine({ timeoutMs: 100 });
  const outcome = await line.read();
  t.is(valuesOf(outcome), "timeout");
  t.is<number, number>(outcome.uptime, 3.5 + 8 + 100);
  t.is(line.session.counters().timeouts, 1);
});

test("an answer that begins in time and ends too late is a time-out", async (t) => {
  const line = aLine({ timeoutMs: 100 });
  const answer = rtuAnswer(1, [1, 2]);
  line.link.onWrite = () => {
    line.sendIn(100, answer.subarray(0, 5));
    line.sendIn(120, answer.subarray(5));
  };
  t.is(valuesOf(await line.read()), "timeout");
});

test("after a time-out the unit is held back for the grace time", async (t) => {
  const line = aLine({ graceMs: 200 });
  const { uptime } = await line.read();
  t.is<number, number>(line.session.notBefore(1), uptime + 200);
  t.is<number, number>(line.session.notBefore(2), 0);
});

test("a read of a unit that is held back waits until it may be asked", async (t) => {
  const line = aLine({ graceMs: 200 });
  const { uptime } = await line.read();
  answering(line);
  const outcome = await line.read();
  t.is<number, number>(outcome.uptime, uptime + 200 + 20);
});

test("another unit is read while one is held back", async (t) => {
  const line = aLine({ graceMs: 200 });
  await line.read({ unit: 1 });
  answering(line);
  const before = line.clock.uptime();
  await line.read({ unit: 2 });
  t.true(line.clock.uptime() < before + 100);
});

test("a late answer is thrown away and ends the hold", async (t) => {
  const line = aLine({ timeoutMs: 100, graceMs: 200 });
  line.link.onWrite = () => line.sendIn(150, rtuAnswer(1, [7, 7]));
  t.is(valuesOf(await line.read({ address: 0 })), "timeout");
  answering(line);
  const outcome = await line.read({ address: 500 });
  t.deepEqual(valuesOf(outcome), [500, 501]);
  t.true(outcome.uptime < 3.5 + 150 + 3.5 + 20 + 2);
  t.is(line.session.counters().lateAnswers, 1);
});

test("a late answer during the read of another unit is not taken for its answer", async (t) => {
  const line = aLine({ timeoutMs: 100, graceMs: 200 });
  line.link.onWrite = () => line.sendIn(130, rtuAnswer(1, [7, 7]));
  t.is(valuesOf(await line.read({ unit: 1 })), "timeout");
  answering(line, 40);
  t.deepEqual(valuesOf(await line.read({ unit: 2, address: 9 })), [9, 10]);
  t.is<number, number>(line.session.notBefore(1), 0);
});

test("an answer that nobody asked for holds its unit back, since answers have slipped", async (t) => {
  const line = aLine({ graceMs: 200 });
  answering(line);
  await line.read();
  line.link.send(rtuAnswer(1, [8, 8]));
  t.is<number, number>(line.session.notBefore(1), line.clock.uptime() + 200);
  t.is(line.session.counters().unsolicited, 1);
});

test("answers that slipped while the unit was too slow are drained before it is believed", async (t) => {
  const line = aLine({ timeoutMs: 100, graceMs: 200 });
  line.link.onWrite = (frame) => line.sendIn(500, rtuAnswerTo(frame));
  t.is(valuesOf(await line.read({ address: 0 })), "timeout");
  t.is(valuesOf(await line.read({ address: 100 })), "timeout");
  // The first of two owed answers comes now and ends nothing, the second ends the hold.
  answering(line);
  t.deepEqual(valuesOf(await line.read({ address: 200 })), [200, 201]);
  t.is(line.session.counters().lateAnswers, 2);
});

test("an answer of another unit is not taken", async (t) => {
  const line = aLine();
  line.link.onWrite = () => {
    line.sendIn(20, rtuAnswer(2, [9, 9]));
    line.sendIn(40, rtuAnswer(1, [1, 2]));
  };
  t.deepEqual(valuesOf(await line.read()), [1, 2]);
  t.is(line.session.counters().unsolicited, 1);
});

test("only an answer of another unit is a time-out", async (t) => {
  const line = aLine();
  line.link.onWrite = () => line.sendIn(20, rtuAnswer(2, [9, 9]));
  t.is(valuesOf(await line.read()), "timeout");
});

test("three reads at once are sent one after the other and each gets its own answer", async (t) => {
  const line = aLine();
  let onTheLine = 0;
  line.link.onWrite = (frame) => {
    t.is(++onTheLine, 1);
    line.clock.at(line.clock.uptime() + 20, () => {
      onTheLine--;
      line.link.send(rtuAnswerTo(frame));
    });
  };
  const reads = [0, 100, 200].map((address) => line.session.read(aRequest({ address }), NEVER));
  const outcomes = await inTime(line.clock, Promise.all(reads));
  t.deepEqual(outcomes.map(valuesOf), [
    [0, 1],
    [100, 101],
    [200, 201],
  ]);
});

test("a link that vanishes fails the read at once, and every later one", async (t) => {
  const line = aLine();
  line.link.onWrite = () => line.clock.at(line.clock.uptime() + 20, () => line.link.lose("gone"));
  const outcome = await line.read();
  t.is(valuesOf(outcome), "link-closed");
  t.is<number, number>(outcome.uptime, 3.5 + 20);
  t.is(await line.session.closed, "gone");
  t.is(valuesOf(await line.read()), "link-closed");
});

test("a link that vanishes ends the wait for a unit that is held back", async (t) => {
  const line = aLine({ graceMs: 10_000 });
  await line.read();
  const lost = line.clock.uptime() + 50;
  line.clock.at(lost, () => line.link.lose("gone"));
  const outcome = await line.read();
  t.is(valuesOf(outcome), "link-closed");
  t.is<number, number>(outcome.uptime, lost);
});

test("closing twice is closing once", async (t) => {
  const line = aLine();
  const reading = line.session.read(aRequest(), NEVER);
  line.session.close();
  line.session.close();
  t.is(valuesOf(await inTime(line.clock, reading)), "link-closed");
  t.is(await line.session.closed, "closed by the gateway");
});

test("a truncated answer is a time-out and does not spoil the next read", async (t) => {
  const line = aLine();
  line.link.onWrite = () => line.sendIn(20, rtuAnswer(1, [7, 7]).subarray(0, 6));
  t.is(valuesOf(await line.read()), "timeout");
  answering(line);
  t.deepEqual(valuesOf(await line.read({ address: 3 })), [3, 4]);
});

test("glitches before the answer do not matter and are counted", async (t) => {
  const line = aLine();
  line.link.onWrite = () => {
    line.sendIn(10, hex("00FF01"));
    line.sendIn(20, rtuAnswer(1, [1, 2]));
  };
  t.deepEqual(valuesOf(await line.read()), [1, 2]);
  t.is(line.session.counters().discardedBytes, 3);
});

test("a damaged answer is told as such, long before the time-out, and nothing is held", async (t) => {
  const line = aLine({ timeoutMs: 1000 });
  line.link.onWrite = () => line.sendIn(20, damaged(rtuAnswer(1, [1, 2]), 4));
  const outcome = await line.read();
  t.is(valuesOf(outcome), "crc");
  t.true(outcome.uptime < 100);
  t.is<number, number>(line.session.notBefore(1), 0);
  t.is(line.session.counters().crcErrors, 1);
});

test("a good answer right behind a damaged one is taken", async (t) => {
  const line = aLine();
  line.link.onWrite = () => {
    line.sendIn(20, damaged(rtuAnswer(1, [9, 9]), 4));
    line.sendIn(40, rtuAnswer(1, [1, 2]));
  };
  t.deepEqual(valuesOf(await line.read()), [1, 2]);
});

test("a damaged exception is told when the time is over", async (t) => {
  const line = aLine({ timeoutMs: 100 });
  line.link.onWrite = () => line.sendIn(20, damaged(hex("018302C0F1"), 2));
  const outcome = await line.read();
  t.is(valuesOf(outcome), "crc");
  t.is<number, number>(outcome.uptime, 3.5 + 8 + 100);
});

test("an answer whose unit or function was hit is told as damaged", async (t) => {
  for (const at of [0, 1, 2]) {
    const line = aLine();
    line.link.onWrite = () => line.sendIn(20, damaged(rtuAnswer(1, [1, 2]), at, 4));
    t.is(valuesOf(await line.read()), "crc");
  }
});

test("an answer of the wrong length is malformed, and its unit is held back", async (t) => {
  const line = aLine();
  line.link.onWrite = () => line.sendIn(20, rtuAnswer(1, [1]));
  t.is(valuesOf(await line.read({ count: 2 })), "malformed");
  t.true(line.session.notBefore(1) > line.clock.uptime());
  t.is(line.session.counters().malformed, 1);
});

test("the request that comes back before the answer is skipped", async (t) => {
  const line = aLine();
  line.link.onWrite = (frame) => {
    line.sendIn(8, frame);
    line.sendIn(30, rtuAnswerTo(frame));
  };
  t.deepEqual(valuesOf(await line.read({ address: 0x0400 })), [0x0400, 0x0401]);
  t.is(line.session.counters().discardedBytes, 0);
});

test("the line is silent for 3.5 characters between an answer and the next request", async (t) => {
  const line = aLine();
  const sentAt: number[] = [];
  line.link.onWrite = (frame) => {
    sentAt.push(line.clock.uptime());
    line.sendIn(20, rtuAnswerTo(frame));
  };
  const reads = [0, 1].map((address) => line.session.read(aRequest({ address }), NEVER));
  await inTime(line.clock, Promise.all(reads));
  t.deepEqual(sentAt, [3.5, 3.5 + 20 + 3.5]);
});

test("bytes that arrive while nothing is asked put the next request off", async (t) => {
  const line = aLine();
  await line.clock.advance(100);
  line.link.send(hex("00"));
  line.sendIn(3, hex("00"));
  let sentAt = 0;
  line.link.onWrite = (frame) => {
    sentAt = line.clock.uptime();
    line.sendIn(20, rtuAnswerTo(frame));
  };
  await line.read();
  t.is(sentAt, 103 + 3.5);
  t.is(line.session.counters().discardedBytes, 2);
});

test("a line that never falls silent is a time-out, and nothing is sent", async (t) => {
  const line = aLine({ timeoutMs: 100 });
  const babble = (): void => {
    line.link.send(hex("00"));
    line.clock.at(line.clock.uptime() + 2, babble);
  };
  babble();
  t.is(valuesOf(await line.read()), "timeout");
  t.is(line.link.written.length, 0);
  t.is<number, number>(line.session.notBefore(1), 0);
});

test("an aborted read rejects with the reason, and its unit is held back", async (t) => {
  const line = aLine();
  const stop = new AbortController();
  const reason = new Error("stopped");
  line.clock.at(30, () => stop.abort(reason));
  t.is(await t.throwsAsync(line.read({}, stop.signal)), reason);
  t.is<number, number>(line.clock.uptime(), 30);
  t.is<number, number>(line.session.notBefore(1), 230);
});

test("a read that is aborted before its turn sends nothing", async (t) => {
  const line = aLine();
  const signal = AbortSignal.abort(new Error("stopped"));
  await t.throwsAsync(line.read({}, signal), { message: "stopped" });
  t.is(line.link.written.length, 0);
});

test("no timer is left behind by a read, whatever became of it", async (t) => {
  const line = aLine();
  answering(line);
  await line.read();
  line.link.onWrite = () => {};
  await line.read({ unit: 2 });
  t.is(line.clock.timers, 0);
});

test("one read more than can wait is refused", async (t) => {
  const line = aLine();
  answering(line);
  const all = Array.from({ length: SESSION_QUEUE_MAX + 2 }, () =>
    line.session.read(aRequest(), NEVER).then(valuesOf, (error: Error) => error.message),
  );
  const outcomes = await inTime(line.clock, Promise.all(all));
  t.is(outcomes.filter((outcome) => Array.isArray(outcome)).length, SESSION_QUEUE_MAX + 1);
  t.regex(String(outcomes.at(-1)), /more than 16 requests/);
});

test("noise, damage and splits give the right values or a reason, never other values", async (t) => {
  const mishap = fc.record({
    noise: fc.uint8Array({ maxLength: 10 }),
    echoes: fc.boolean(),
    turned: fc.option(fc.nat(71), { nil: null }),
    lost: fc.nat(3),
    cut: fc.nat(8),
    strayUnit: fc.option(fc.integer({ min: 2, max: 9 }), { nil: null }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(mishap, { minLength: 1, maxLength: 6 }), async (mishaps) => {
      const line = aLine({ timeoutMs: 50, graceMs: 20 });
      for (const [index, { noise, echoes, turned, lost, cut, strayUnit }] of mishaps.entries()) {
        line.link.onWrite = (frame) => {
          let answer = rtuAnswerTo(frame);
          if (turned !== null) answer = damaged(answer, turned >> 3, turned & 7);
          answer = answer.subarray(0, answer.length - lost);
          if (echoes) line.sendIn(8, frame);
          if (strayUnit !== null) line.sendIn(9, rtuAnswer(strayUnit, [1, 1]));
          line.sendIn(10, noise);
          line.sendIn(12, answer.subarray(0, cut));
          line.sendIn(13, answer.subarray(cut));
        };
        const values = valuesOf(await line.read({ address: index * 50 }));
        if (Array.isArray(values)) t.deepEqual(values, [index * 50, index * 50 + 1]);
        else t.regex(values, /^(timeout|crc|malformed)$/);
      }
    }),
    { numRuns: 150 },
  );
});
