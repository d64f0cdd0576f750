import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { Write, WriteOutcome } from "../driver.ts";
import { withCrc } from "./crc16.ts";
import { aRequest, damaged, FakeLink, hex, inTime, rtuAnswerTo, tcpFrame } from "./fake-link.ts";
import { adapterOf, openModbus } from "./modbus.ts";

const NEVER = new AbortController().signal;
const ORDER: Write = { kind: "register", address: 7, register: 42 };
const CONFIRMATION = withCrc(hex("0106 0007 002A"));

/** A line at 11 000 baud: a byte takes 1 ms. `echo` is what is said of its adapter. */
function aLine(echo: boolean | null = false) {
  const clock = new SimClock();
  const link = new FakeLink();
  const timing = { timeoutMs: 100, graceMs: 200 };
  const bus = { kind: "modbus-rtu", serial: { baud: 11_000 }, echo, ...timing } as const;
  const session = openModbus(link, clock, bus);
  const write = (order = ORDER): Promise<WriteOutcome> =>
    inTime(
      clock,
      session.write?.({ device: "u1", unit: 1, write: order }, NEVER) ?? Promise.reject(),
    );
  const answer = (bytes: Uint8Array) => {
    link.onWrite = () => clock.at(clock.uptime() + 20, () => link.send(bytes));
  };
  return { clock, link, session, write, answer };
}

const reasonOf = (outcome: WriteOutcome) => (outcome.kind === "done" ? null : outcome.reason);

test("an order that the device repeats is done", async (t) => {
  const line = aLine();
  line.answer(CONFIRMATION);
  t.like(await line.write(), { kind: "done", registers: [] });
  t.deepEqual(
    line.link.written.map((frame) => Uint8Array.from(frame)),
    [CONFIRMATION],
  );
});

test("an order that reads too gives the registers read", async (t) => {
  const line = aLine();
  line.answer(withCrc(hex("0117 02 1234")));
  const order: Write = { kind: "read-write", address: 7, registers: [1], from: 7, count: 1 };
  t.like(await line.write(order), { kind: "done", registers: [0x1234] });
});

test("a refusal leaves the device as it was, but for the refusals that say otherwise", async (t) => {
  const kinds: Record<number, string> = {};
  for (const code of [1, 2, 3, 4, 5, 6, 10, 11]) {
    const line = aLine();
    line.answer(withCrc(Uint8Array.of(1, 0x86, code)));
    const outcome = await line.write();
    kinds[code] = outcome.kind;
    t.is(reasonOf(outcome), `exception:${code}`);
  }
  t.deepEqual(kinds, {
    1: "not-done",
    2: "not-done",
    3: "not-done",
    4: "unknown",
    5: "unknown",
    6: "not-done",
    10: "not-done",
    11: "unknown",
  });
});

test("without an answer nobody knows, and the order is not sent again", async (t) => {
  const line = aLine();
  t.like(await line.write(), { kind: "unknown", reason: "timeout" });
  await line.clock.advance(10_000);
  t.is(line.link.written.length, 1);
});

test("a damaged confirmation confirms nothing", async (t) => {
  const line = aLine();
  line.answer(damaged(CONFIRMATION, 5));
  t.like(await line.write(), { kind: "unknown", reason: "crc" });
});

test("a device that confirms another value has not confirmed", async (t) => {
  for (const other of ["0106 0007 0029", "0106 0107 002A"]) {
    const line = aLine();
    line.answer(withCrc(hex(other)));
    t.like(await line.write(), { kind: "unknown", reason: "malformed" });
  }
});

test("what was never sent is not done", async (t) => {
  const line = aLine();
  line.session.close();
  t.like(await line.write(), { kind: "not-done", reason: "link-closed" });
  t.is(line.link.written.length, 0);
});

test("a line that is lost after the order leaves it unknown", async (t) => {
  const line = aLine();
  line.link.onWrite = () => line.clock.at(line.clock.uptime() + 5, () => line.link.lose("gone"));
  t.like(await line.write(), { kind: "unknown", reason: "link-closed" });
});

test("a unit that owes an answer is left alone before the order too", async (t) => {
  const line = aLine();
  await line.write();
  line.answer(CONFIRMATION);
  const from = line.clock.uptime();
  t.is((await line.write()).kind, "done");
  t.true(line.clock.uptime() - from >= 200);
});

test("orders and reads take turns on the line", async (t) => {
  const line = aLine();
  line.link.onWrite = (frame) => {
    const answer = frame[1] === 6 ? CONFIRMATION : rtuAnswerTo(frame);
    line.clock.at(line.clock.uptime() + 20, () => line.link.send(answer));
  };
  const read = line.session.read(aRequest(), NEVER);
  const written = line.write();
  t.is((await written).kind, "done");
  t.is((await read).kind, "values");
});

test("over TCP an order is confirmed under its transaction", async (t) => {
  const clock = new SimClock();
  const link = new FakeLink();
  const session = openModbus(link, clock, { kind: "modbus-tcp", timeoutMs: 100, graceMs: 200 });
  const order = { device: "u1", unit: 1, write: ORDER };
  link.onWrite = (frame) => clock.at(clock.uptime() + 5, () => link.send(frame));
  t.is((await inTime(clock, session.write?.(order, NEVER) ?? Promise.reject())).kind, "done");
  link.onWrite = () => {
    clock.at(clock.uptime() + 5, () => link.send(tcpFrame(2, [1, 6, 0, 7, 0, 41])));
  };
  t.like(await inTime(clock, session.write?.(order, NEVER) ?? Promise.reject()), {
    kind: "unknown",
    reason: "malformed",
  });
});

test("a session throws away what waits in the port where the link can", (t) => {
  t.is(aLine().session.flush, undefined);
  let flushed = 0;
  const link = Object.assign(new FakeLink(), { flush: () => flushed++ });
  openModbus(link, new SimClock(), { kind: "modbus-tcp", timeoutMs: 100, graceMs: 200 }).flush?.();
  t.is(flushed, 1);
});

test("a device's own time-out and silence hold for its reads and writes", async (t) => {
  const { clock, link, session } = aLine();
  const pace = { timeoutMs: 30, silenceMs: 50, turnaroundMs: null };
  const sentAt: number[] = [];
  link.onWrite = () => sentAt.push(clock.uptime());
  const order = { device: "u1", unit: 1, pace, write: ORDER };
  await inTime(clock, session.write?.(order, NEVER) ?? Promise.reject());
  t.deepEqual([sentAt[0], clock.uptime()], [50, 50 + CONFIRMATION.length + 30] as never);
  const outcome = await inTime(clock, session.read({ ...aRequest({ unit: 2 }), pace }, NEVER));
  t.is(outcome.uptime - (sentAt[1] ?? 0), CONFIRMATION.length + 30);
});

/** Has the adapter give back what is sent, as the last byte leaves, and the device answer or not. */
function echoing(line: ReturnType<typeof aLine>, isAnswered: boolean): void {
  line.link.onWrite = (frame) => {
    const isRead = (frame[1] as number) <= 4;
    const answer = isRead ? rtuAnswerTo(frame) : frame;
    line.clock.at(line.clock.uptime() + 8, () => line.link.send(frame));
    if (isAnswered) line.clock.at(line.clock.uptime() + 30, () => line.link.send(answer));
  };
}

/** The orders whose answer is the order (Modbus Application Protocol V1.1b3, 6.5 and 6.6). */
const REPEATED: readonly Write[] = [ORDER, { kind: "coil", address: 3, on: true }];

test("where an adapter is said to give requests back an echo alone confirms no order", async (t) => {
  for (const order of REPEATED) {
    const line = aLine(true);
    echoing(line, false);
    t.like(await line.write(order), { kind: "unknown", reason: "timeout" });
  }
});

test("where an adapter is said to give requests back the second copy confirms an order", async (t) => {
  for (const order of REPEATED) {
    const line = aLine(true);
    echoing(line, true);
    t.like(await line.write(order), { kind: "done" });
    t.is(line.session.counters().unsolicited, 0);
  }
});

test("a confirmation is not believed where an adapter is wrongly said to give requests back", async (t) => {
  const line = aLine(true);
  line.answer(CONFIRMATION);
  t.like(await line.write(), { kind: "unknown", reason: "timeout" });
});

test("an adapter is known to give requests back from the first answered read on", async (t) => {
  const line = aLine(null);
  echoing(line, true);
  await inTime(line.clock, line.session.read(aRequest(), NEVER));
  for (const order of REPEATED) t.like(await line.write(order), { kind: "done" });
  echoing(line, false);
  for (const order of REPEATED) t.like(await line.write(order), { kind: "unknown" });
});

test("before the first answered read nothing tells an echo from a confirmation: nobody knows", async (t) => {
  const line = aLine(null);
  echoing(line, false);
  for (const order of REPEATED) {
    t.like(await line.write(order), { kind: "unknown", reason: "timeout" });
  }
});

test("an adapter that gives requests back is remembered over openings, one that does not is not", async (t) => {
  const clock = new SimClock();
  const timing = { timeoutMs: 100, graceMs: 200 };
  const bus = { kind: "modbus-rtu", serial: { baud: 11_000 }, ...timing } as const;
  for (const isEchoing of [true, false]) {
    const adapter = adapterOf(bus);
    const open = () => {
      const link = new FakeLink();
      return { clock, link, session: openModbus(link, clock, bus, null, adapter) };
    };
    const first = open();
    first.link.onWrite = (frame) => {
      if (isEchoing) first.link.send(frame);
      first.link.send(rtuAnswerTo(frame));
    };
    await inTime(clock, first.session.read(aRequest(), NEVER));
    t.is(adapter.echo.isAwaited(6), isEchoing);
    open();
    t.true(adapter.echo.isAwaited(6));
  }
});

test("an order that is called off while its line falls silent is never sent", async (t) => {
  const { clock, link, session } = aLine();
  link.onWrite = () => clock.at(clock.uptime() + 20, () => link.send(CONFIRMATION));
  let isOff = false;
  const order = { device: "u1", unit: 1, write: ORDER };
  const write = () => session.write?.(order, NEVER, () => isOff) ?? Promise.reject();
  t.is((await inTime(clock, write())).kind, "done");
  const before = session.counters();
  // Right behind an answer 3.5 characters of silence are owed.
  const late = write();
  isOff = true;
  t.like(await inTime(clock, late), { kind: "not-done", reason: "timeout" });
  t.is(link.written.length, 1);
  t.deepEqual(session.counters(), before, "nobody failed");
});
