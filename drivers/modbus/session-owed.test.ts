import test from "ava";
import fc from "fast-check";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { ReadOutcome } from "../driver.ts";
import { hexOf } from "../wire-text.ts";
import { withCrc } from "./crc16.ts";
import { aRequest, asciiFrame, damaged, FakeLink, hex, inTime, rtuAnswerTo } from "./fake-link.ts";
import { openModbus } from "./modbus.ts";

const NEVER = new AbortController().signal;
const TIMING = { timeoutMs: 2000, graceMs: 4000 };

/** RTU or ASCII over a connection, open for long enough; its devices answer in 100 ms. */
async function aConnection(framing: "rtu" | "ascii" = "rtu") {
  const clock = new SimClock();
  const link = new FakeLink();
  const session = openModbus(link, clock, { kind: "modbus-tcp", framing, ...TIMING });
  await clock.advance(5000);
  let stillUntil = 0;
  let order: Promise<unknown> = Promise.resolve();
  /** What a device answers; null for nothing. */
  let device: (request: Uint8Array) => Uint8Array | null = rtuAnswerTo;
  // Nothing is lost on a connection, and all keeps its order.
  link.onWrite = (written) => {
    const comesAt = clock.uptime() + 100;
    order = order.then(async () => {
      const answer = device(toRtu(framing, written));
      for (let now = clock.uptime(); now < Math.max(comesAt, stillUntil); now = clock.uptime()) {
        await clock.sleep(Math.max(comesAt, stillUntil) - now);
      }
      const plain = answer !== null && framing === "ascii";
      if (answer !== null) link.send(plain ? asciiFrame([...answer.subarray(0, -2)]) : answer);
    });
  };
  const read = async (address: number, unit = 1) =>
    await inTime(clock, session.read(aRequest({ unit, address }), NEVER));
  return {
    ...{ clock, link, session, read },
    stand: (ms: number) => {
      stillUntil = Math.max(stillUntil, clock.uptime() + ms);
    },
    answering: (next: typeof device) => {
      device = next;
    },
  };
}

function toRtu(framing: "rtu" | "ascii", frame: Uint8Array): Uint8Array {
  if (framing === "rtu") return frame.slice();
  return withCrc(hex(Buffer.from(frame.subarray(1, -4)).toString("latin1")));
}

function told(outcome: ReadOutcome) {
  return outcome.kind === "values" ? outcome.readings.map(({ value }) => value) : outcome.reason;
}

for (const framing of ["rtu", "ascii"] as const) {
  test(`${framing}: what a connection brings after it stood still for long is given to no other request`, async (t) => {
    const { read, stand, session } = await aConnection(framing);
    stand(7000);
    t.is(told(await read(100)), "timeout");
    t.deepEqual(told(await read(200)), [200, 201]);
    t.deepEqual(told(await read(300)), [300, 301]);
    t.like(session.counters(), { requests: 3, timeouts: 1 });
  });

  test(`${framing}: nor is any of several that are owed`, async (t) => {
    const { read, stand } = await aConnection(framing);
    stand(20_000);
    for (const address of [100, 200, 300]) t.is(told(await read(address)), "timeout");
    t.deepEqual(told(await read(400)), [400, 401]);
  });
}

test("where the answer was lost the next one is not believed, and is asked for again", async (t) => {
  const { read, answering, clock, session } = await aConnection();
  answering(() => null);
  t.is(told(await read(100)), "timeout");
  answering(rtuAnswerTo);
  const began = clock.uptime() + TIMING.graceMs;
  const outcome = await read(200);
  t.deepEqual(told(outcome), [200, 201]);
  t.is<number, number>(outcome.uptime, began + 100 + TIMING.timeoutMs + 100);
  t.is(session.counters().requests, 3);
  const asked = clock.uptime();
  const next = await read(300);
  t.deepEqual(told(next), [300, 301]);
  t.true(next.uptime < asked + 200);
});

test("what changes something is not sent again: nobody knows", async (t) => {
  const { clock, session, answering } = await aConnection();
  const write = async () => {
    const order = { kind: "registers", address: 5, registers: [1, 2] } as const;
    const request = { device: "u1", unit: 1, write: order };
    return await inTime(clock, session.write?.(request, NEVER) ?? Promise.reject());
  };
  answering(() => null);
  t.is((await write()).kind, "unknown");
  answering((request) => withCrc(request.subarray(0, 6)));
  t.is((await write()).kind, "unknown");
  t.is((await write()).kind, "done");
  t.is(session.counters().requests, 3);
});

test("a read that clears what it reads is not sent again", async (t) => {
  const { clock, session, answering } = await aConnection();
  const plain = aRequest({ count: 1 });
  const points = plain.points.map(({ point, offset }) => {
    return { point: { ...point, readClears: true }, offset };
  });
  const read = () => inTime(clock, session.read({ ...plain, points }, NEVER));
  answering(() => null);
  t.is(told(await read()), "timeout");
  answering(rtuAnswerTo);
  t.is(told(await read()), "timeout");
  t.deepEqual(told(await read()), [0]);
  t.is(session.counters().requests, 3);
});

test("an answer that is believed shows that what was asked before comes no more", async (t) => {
  const { read, answering, clock } = await aConnection();
  answering((request) => (request[0] === 1 ? null : rtuAnswerTo(request)));
  t.is(told(await read(100)), "timeout");
  t.deepEqual(told(await read(0, 2)), [0, 1]);
  answering(rtuAnswerTo);
  const outcome = await read(200);
  t.deepEqual(told(outcome), [200, 201]);
  t.true(clock.uptime() < outcome.uptime + 10);
});

test("an owed answer that comes while its unit is left alone makes nobody doubt the next", async (t) => {
  const { read, stand, clock } = await aConnection();
  stand(3000);
  t.is(told(await read(100)), "timeout");
  await clock.advance(1500);
  const outcome = await read(200);
  t.deepEqual(told(outcome), [200, 201]);
  t.true(clock.uptime() < outcome.uptime + 10);
});

test("an owed answer is not believed where the one behind it is damaged, or cut off", async (t) => {
  for (const spoil of [
    (frame: Uint8Array) => damaged(frame, 4),
    (frame: Uint8Array) => frame.subarray(1),
  ]) {
    const { read, stand, answering } = await aConnection();
    stand(7000);
    answering((request) =>
      request[3] === 200 ? spoil(rtuAnswerTo(request)) : rtuAnswerTo(request),
    );
    t.is(told(await read(100)), "timeout");
    t.false(Array.isArray(told(await read(200))));
  }
});

test("two answers that come in one piece, and a half, are told apart", async (t) => {
  const { clock, link, session } = await aConnection();
  link.onWrite = () => {};
  const read = (address: number) => inTime(clock, session.read(aRequest({ address }), NEVER));
  t.is(told(await read(100)), "timeout");
  const owed = rtuAnswerTo(withCrc(hex("01 03 0064 0002")));
  const own = rtuAnswerTo(withCrc(hex("01 03 00C8 0002")));
  link.onWrite = () => {
    const both = Uint8Array.of(...owed, ...own);
    clock.at(clock.uptime() + 50, () => link.send(both.subarray(0, 13)));
    clock.at(clock.uptime() + 60, () => link.send(both.subarray(13)));
  };
  t.deepEqual(told(await read(200)), [200, 201]);
});

test("a copy of an owed answer is not taken for the answer behind it", async (t) => {
  const { clock, link, session } = await aConnection();
  link.onWrite = () => {};
  const read = (address: number) => inTime(clock, session.read(aRequest({ address }), NEVER));
  t.is(told(await read(100)), "timeout");
  const owed = rtuAnswerTo(withCrc(hex("01 03 0064 0002")));
  const own = rtuAnswerTo(withCrc(hex("01 03 00C8 0002")));
  link.onWrite = () => {
    for (const [ms, frame] of [
      [50, owed],
      [60, owed],
      [70, own],
      [80, own],
    ] as const) {
      clock.at(clock.uptime() + ms, () => link.send(frame));
    }
  };
  t.deepEqual(told(await read(200)), [200, 201]);
});

test("a refusal that is owed is not told of an order that was carried out", async (t) => {
  const { clock, session, stand, answering } = await aConnection();
  // Shows that no echo comes.
  await inTime(clock, session.read(aRequest(), NEVER));
  answering((request) => (request[3] === 1 ? withCrc(hex("01 86 02")) : request));
  const write = (address: number) =>
    inTime(
      clock,
      session.write?.(
        { device: "u1", unit: 1, write: { kind: "register", address, register: 7 } },
        NEVER,
      ) ?? Promise.reject(),
    );
  stand(7000);
  t.is((await write(1)).kind, "unknown");
  t.is((await write(2)).kind, "done");
});

test("an answer of unknown length is none where one is owed", async (t) => {
  const { clock, session, stand, answering } = await aConnection();
  answering((request) => withCrc(Uint8Array.of(1, 0x41, (request[2] as number) + 1)));
  const exchange = async (pdu: string) => {
    const request = { device: "u1", unit: 1, pdu: hex(pdu) };
    const outcome = await inTime(clock, session.exchange?.(request, NEVER) ?? Promise.reject());
    return outcome.kind === "answer" ? hexOf(outcome.pdu) : outcome.reason;
  };
  stand(7000);
  t.is(await exchange("41 01"), "timeout");
  t.is(await exchange("41 05"), "timeout");
});

const mishap = fc.record({
  unit: fc.integer({ min: 1, max: 2 }),
  stillMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30_000 })),
  isLost: fc.boolean(),
  pauseMs: fc.constantFrom(0, 1000, 7000),
});

test("stalls of any length and lost answers never give another request's values", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(mishap, { minLength: 2, maxLength: 8 }), async (mishaps) => {
      const { read, stand, answering, clock } = await aConnection();
      const lost = mishaps.map(({ isLost }) => isLost);
      answering((request) =>
        lost[((request[3] as number) / 20) | 0] ? null : rtuAnswerTo(request),
      );
      for (const [index, { unit, stillMs, pauseMs }] of mishaps.entries()) {
        stand(stillMs);
        const values = told(await read(index * 20, unit));
        if (Array.isArray(values)) t.deepEqual(values, [index * 20, index * 20 + 1]);
        await clock.advance(pauseMs);
      }
    }),
    { numRuns: 30 },
  );
});
