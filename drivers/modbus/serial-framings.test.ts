import test from "ava";
import fc from "fast-check";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { ReadOutcome, ReadRequest } from "../driver.ts";
import { withCrc } from "./crc16.ts";
import {
  aRequest,
  ascii,
  asciiFrame,
  damaged,
  FakeLink,
  inTime,
  rtuAnswer,
  rtuAnswerTo,
  tcpFrame,
} from "./fake-link.ts";
import { type ModbusBus, openModbus } from "./modbus.ts";

const NEVER = new AbortController().signal;
const TIMEOUT_MS = 100;
const GRACE_MS = 200;
const TIMING = { timeoutMs: TIMEOUT_MS, graceMs: GRACE_MS };

/** A bus whose answers do not say what they answer, and how its frames are told from RTU's. */
type Framing = {
  readonly bus: ModbusBus;
  readonly toRtu: (frame: Uint8Array) => Uint8Array;
  readonly fromRtu: (frame: Uint8Array) => Uint8Array;
};

const PLAIN = { toRtu: (frame: Uint8Array) => frame, fromRtu: (frame: Uint8Array) => frame };

const TEXT = {
  // The check sum does not matter to the device of the tests.
  toRtu: (frame: Uint8Array) =>
    Uint8Array.from(Buffer.from(`${Buffer.from(frame.subarray(1, -2))}00`, "hex")),
  fromRtu: (frame: Uint8Array) => asciiFrame([...frame.subarray(0, -2)]),
};

const FRAMINGS: readonly Framing[] = [
  { bus: { kind: "modbus-rtu", serial: { baud: 11_000 }, ...TIMING }, ...PLAIN },
  { bus: { kind: "modbus-ascii", serial: { baud: 11_000 }, ...TIMING }, ...TEXT },
  { bus: { kind: "modbus-tcp", framing: "rtu", ...TIMING }, ...PLAIN },
  { bus: { kind: "modbus-tcp", framing: "ascii", ...TIMING }, ...TEXT },
];

function aLine({ bus, toRtu, fromRtu }: Framing) {
  const clock = new SimClock();
  const link = new FakeLink();
  const session = openModbus(link, clock, bus);
  const read = (some: Partial<ReadRequest> = {}) =>
    inTime(clock, session.read(aRequest(some), NEVER));
  const sendIn = (ms: number, bytes: Uint8Array) =>
    clock.at(clock.uptime() + ms, () => link.send(bytes));
  const answerTo = (frame: Uint8Array) => fromRtu(rtuAnswerTo(toRtu(frame)));
  return { clock, link, session, read, sendIn, answerTo };
}

function valuesOf(outcome: ReadOutcome) {
  return outcome.kind === "values" ? outcome.readings.map(({ value }) => value) : outcome.reason;
}

const mishap = fc.record({
  unit: fc.integer({ min: 1, max: 2 }),
  noise: fc.oneof(fc.uint8Array({ maxLength: 10 }), fc.constantFrom(ascii(":0103"), ascii("\r\n"))),
  echoes: fc.boolean(),
  turned: fc.option(fc.nat(150), { nil: null }),
  lost: fc.nat(3),
  cut: fc.nat(8),
  strayUnit: fc.option(fc.integer({ min: 3, max: 9 }), { nil: null }),
  headMs: fc.integer({ min: 12, max: TIMEOUT_MS + GRACE_MS }),
  /** The last byte comes within the grace that follows a time-out. */
  delayMs: fc.oneof(fc.constant(20), fc.integer({ min: 60, max: TIMEOUT_MS + GRACE_MS - 2 })),
});

for (const framing of FRAMINGS) {
  const { bus } = framing;
  const name = bus.kind === "modbus-tcp" ? `${bus.framing} over tcp` : bus.kind;

  test(`${name}: a read gives its values, and an exception its code`, async (t) => {
    const { link, read, sendIn, answerTo, session } = aLine(framing);
    link.onWrite = (frame) => sendIn(20, answerTo(frame));
    t.deepEqual(valuesOf(await read({ address: 500, count: 3 })), [500, 501, 502]);
    link.onWrite = () => sendIn(20, framing.fromRtu(Uint8Array.of(1, 0x83, 2, 0xc0, 0xf1)));
    t.is(valuesOf(await read()), "exception:2");
    t.like(session.counters(), { requests: 2, exceptions: 1, discardedBytes: 0 });
  });

  test(`${name}: an order is done when the device repeats it, and only then`, async (t) => {
    const { link, sendIn, session, clock, read, answerTo } = aLine(framing);
    link.onWrite = (frame) => sendIn(20, answerTo(frame));
    await read();
    const write = (register: number) =>
      inTime(
        clock,
        session.write?.(
          { device: "u1", unit: 1, write: { kind: "register", address: 7, register } },
          NEVER,
        ) ?? Promise.reject(),
      );
    link.onWrite = (frame) => sendIn(20, frame);
    t.like(await write(42), { kind: "done" });
    link.onWrite = () => sendIn(20, framing.fromRtu(withCrc(Uint8Array.of(1, 6, 0, 7, 0, 43))));
    t.like(await write(44), { kind: "unknown", reason: "malformed" });
  });

  test(`${name}: noise, damage, echoes, splits and delays never give other values`, async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.array(mishap, { minLength: 1, maxLength: 6 }), async (mishaps) => {
        const line = aLine(framing);
        for (const [index, mishap] of mishaps.entries()) {
          const { unit, noise, echoes, turned, lost, cut, strayUnit, headMs, delayMs } = mishap;
          line.link.onWrite = (frame) => {
            let answer = line.answerTo(frame);
            const at = turned === null ? answer.length : turned >> 3;
            if (at < answer.length) answer = damaged(answer, at, (turned ?? 0) & 7);
            answer = answer.subarray(0, answer.length - lost);
            if (echoes) line.sendIn(8, frame);
            if (strayUnit !== null) line.sendIn(9, framing.fromRtu(rtuAnswer(strayUnit, [1, 1])));
            line.sendIn(10, noise);
            line.sendIn(Math.min(headMs, delayMs - 1), answer.subarray(0, cut));
            line.sendIn(delayMs, answer.subarray(cut));
          };
          const values = valuesOf(await line.read({ unit, address: index * 50 }));
          if (Array.isArray(values)) t.deepEqual(values, [index * 50, index * 50 + 1]);
          else t.regex(values, /^(timeout|crc|malformed)$/);
        }
      }),
      { numRuns: 200 },
    );
  });
}

test("rtu over tcp: an answer that comes damaged holds its unit, since more may follow", async (t) => {
  const line = aLine({ bus: { kind: "modbus-tcp", framing: "rtu", ...TIMING }, ...PLAIN });
  line.link.onWrite = () => line.sendIn(20, damaged(rtuAnswer(1, [1, 2]), 4));
  const outcome = await line.read();
  t.is(valuesOf(outcome), "crc");
  t.is<number, number>(outcome.uptime, TIMEOUT_MS);
  t.is<number, number>(line.session.notBefore(1), TIMEOUT_MS + GRACE_MS);
});

test("rtu over tcp: a good answer behind what looks like a damaged one is taken", async (t) => {
  const line = aLine({ bus: { kind: "modbus-tcp", framing: "rtu", ...TIMING }, ...PLAIN });
  const answer = rtuAnswer(1, [0, 1]);
  line.link.onWrite = () => {
    line.sendIn(20, Uint8Array.of(1, 3, 4, ...answer.subarray(0, 6)));
    line.sendIn(90, answer.subarray(6));
  };
  t.deepEqual(valuesOf(await line.read()), [0, 1]);
});

test("ascii over tcp: an answer that comes damaged is told at once, for its frame has ended", async (t) => {
  const line = aLine({ bus: { kind: "modbus-tcp", framing: "ascii", ...TIMING }, ...TEXT });
  line.link.onWrite = () => line.sendIn(20, damaged(asciiFrame([1, 3, 4, 0, 1, 0, 2]), 8));
  const outcome = await line.read();
  t.is(valuesOf(outcome), "crc");
  t.is<number, number>(outcome.uptime, 20);
  t.is<number, number>(line.session.notBefore(1), 0);
});

test("rtu over tcp: a copy of an answer is a stray, and its unit is left alone", async (t) => {
  const line = aLine({ bus: { kind: "modbus-tcp", framing: "rtu", ...TIMING }, ...PLAIN });
  line.link.onWrite = (frame) => {
    line.sendIn(20, line.answerTo(frame));
    line.sendIn(60, line.answerTo(frame));
  };
  t.deepEqual(valuesOf(await line.read({ address: 1 })), [1, 2]);
  const { clock, session } = line;
  // Who waited for it keeps nobody waiting for as long as the unit is left alone.
  t.is(valuesOf(await line.read({ address: 100 })), "malformed");
  t.is<number, number>(clock.uptime(), 60);
  t.is<number, number>(session.notBefore(1), 60 + GRACE_MS);
  t.deepEqual(valuesOf(await line.read({ address: 100 })), [100, 101]);
  t.is(session.counters().unsolicited, 1);
});

test("rtu over tcp: only a request that the last answer would fit waits for a copy of it", async (t) => {
  const line = aLine({ bus: { kind: "modbus-tcp", framing: "rtu", ...TIMING }, ...PLAIN });
  line.link.onWrite = (frame) => line.sendIn(20, line.answerTo(frame));
  const took = async (some: Partial<ReadRequest>) => {
    const from = line.clock.uptime();
    await line.read(some);
    return line.clock.uptime() - from;
  };
  t.is(await took({ count: 2 }), 20);
  t.is(await took({ count: 3 }), 20);
  t.is(await took({ count: 2, unit: 2 }), 20);
  t.is(await took({ count: 3, address: 9 }), 50);
});

test("modbus-tcp: answers carry a number, and no copy is waited for", async (t) => {
  const line = aLine({ bus: { kind: "modbus-tcp", ...TIMING }, ...PLAIN });
  for (let n = 1; n <= 2; n++) {
    line.link.onWrite = () => line.sendIn(20, tcpFrame(n, [1, 3, 4, 0, n, 0, n]));
    t.deepEqual(valuesOf(await line.read()), [n, n]);
  }
  t.is<number, number>(line.clock.uptime(), 40);
});

test("an answer to the connection before is waited out where it could be taken for another", (t) => {
  for (const [framing, readyAt] of [
    ["tcp", 0],
    ["rtu", GRACE_MS],
    ["ascii", GRACE_MS],
  ] as const) {
    const line = aLine({ bus: { kind: "modbus-tcp", framing, ...TIMING }, ...PLAIN });
    t.is<number, number>(line.session.readyAt, readyAt);
  }
});

test("modbus-ascii: an answer whose characters are a second apart is whole, or not", async (t) => {
  for (const [gapMs, expected] of [
    [900, [0, 1]],
    [1100, "crc"],
  ] as const) {
    const timing = { timeoutMs: 5000, graceMs: 1000 };
    const bus = { kind: "modbus-ascii", serial: { baud: 11_000 }, ...timing } as const;
    const line = aLine({ bus, ...TEXT });
    line.link.onWrite = (frame) => {
      const answer = line.answerTo(frame);
      line.sendIn(100, answer.subarray(0, 5));
      line.sendIn(100 + gapMs, answer.subarray(5));
    };
    t.deepEqual(valuesOf(await line.read()), expected);
  }
});
