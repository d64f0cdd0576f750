import test from "ava";
import { recorderRig as rig } from "../test-rigs/sim/recorder-rig.ts";
import { readingCount } from "./core/batch.ts";
import type { Event, GatewayEvent } from "./core/event.ts";
import { NOTHING_DROPPED } from "./core/ledger.ts";
import type { WallMs } from "./core/time.ts";

test("readings of one commit interval become one batch", async (t) => {
  const { clock, ledger, recorder, reading } = rig();
  for (let i = 0; i < 5; i++) {
    recorder.add([reading(i)]);
    await clock.advance(100);
  }
  await clock.advance(1000);
  t.is(ledger.batches.length, 1);
  t.deepEqual(ledger.batches[0]?.batch.series[0]?.v, [0, 1, 2, 3, 4]);
});

test("an event is committed at once and does not take the readings along", async (t) => {
  const { clock, ledger, recorder, reading, event } = rig();
  recorder.add([reading(1)]);
  recorder.tell(event("opened"));
  await clock.advance(6);
  t.is(ledger.events.length, 1);
  t.is(ledger.batches.length, 0);
});

test("the state of an alarm is committed together with its event", async (t) => {
  const { clock, ledger, recorder, event } = rig();
  const basis = { point: "a.b", limit: "high", setpoint: 50, severity: "red" } as const;
  const memory = { alarm: "gas", state: "unacknowledged", since: 5 as WallMs, basis } as const;
  recorder.tell(event("high"), memory);
  await clock.advance(10);
  t.deepEqual(ledger.commits[0]?.alarms, [memory]);
  t.is(ledger.commits[0]?.events?.length, 1);
});

test("nothing is announced before its commit has returned", async (t) => {
  const { clock, recorder, recorded, event } = rig();
  recorder.tell(event("opened"));
  await clock.advance(4);
  t.is(recorded.length, 0);
  await clock.advance(2);
  t.is(recorded[0]?.events[0]?.seq, 1);
});

test("what a full disk refuses is kept in order and stored once there is space", async (t) => {
  const { clock, ledger, recorder, reading, event } = rig();
  ledger.refuseWith = "buffer.full";
  for (let i = 0; i < 20; i++) {
    recorder.add([reading(i)]);
    if (i === 3) recorder.tell(event("opened"));
    await clock.advance(1000);
  }
  t.is(ledger.batches.length, 0);
  t.is(recorder.status().failing, "buffer.full");
  ledger.refuseWith = null;
  await clock.advance(60_000);
  const values = ledger.batches.flatMap(({ batch }) => batch.series[0]?.v ?? []);
  t.deepEqual(
    values,
    Array.from({ length: 20 }, (_, i) => i),
  );
  const turns = ledger.events.map(({ event }) => event.kind);
  t.is(turns.filter((kind) => kind === "bus").length, 1);
  t.is(turns.filter((kind) => kind === "buffer").length, 2);
  t.is(recorder.status().failing, null);
});

test("a group that the disk refused is tried with the next commit, not an interval later", async (t) => {
  const { clock, ledger, recorder, reading, event } = rig({ commitMs: 60_000 });
  recorder.add([reading(1)]);
  await clock.advance(59_999);
  ledger.refuseWith = "buffer.io";
  await clock.advance(10);
  ledger.refuseWith = null;
  recorder.tell(event("opened"));
  await clock.advance(1000);
  t.deepEqual(
    ledger.batches.flatMap(({ batch }) => batch.series[0]?.v ?? []),
    [1],
  );
});

test("what was stored and could not be flushed is announced once the disk has it, and not stored again", async (t) => {
  const { clock, ledger, recorder, recorded, reading, event } = rig();
  ledger.unflushedBy = "buffer.io";
  recorder.tell(event("opened"));
  for (let i = 0; i < 20; i++) {
    recorder.add([reading(i)]);
    await clock.advance(1000);
  }
  t.is(recorded.length, 0);
  t.is(recorder.status().failing, "buffer.io");
  ledger.unflushedBy = null;
  await clock.advance(60_000);
  const kinds = ledger.events.map(({ event }) => event.kind);
  t.deepEqual(kinds, ["bus", "buffer", "buffer"], "failing and working are told");
  t.deepEqual(
    recorded[0]?.events.map(({ seq }) => seq),
    [1],
  );
  const values = ledger.batches.flatMap(({ batch }) => batch.series[0]?.v ?? []);
  t.deepEqual(
    values,
    Array.from({ length: 20 }, (_, i) => i),
  );
  t.is(recorder.status().failing, null);
});

test("what cannot be flushed until the time to finish is over is not announced", async (t) => {
  const { clock, ledger, recorder, recorded, running, event } = rig();
  ledger.unflushedBy = "buffer.io";
  recorder.tell(event("opened"));
  const isStored = recorder.whenStored();
  await clock.advance(3000);
  recorder.finish(2000);
  await clock.advance(5000);
  await running;
  t.is(recorded.length, 0);
  t.false(await isStored);
});

test("while the disk is full memory stays bounded, and what is lost is counted", async (t) => {
  const { clock, ledger, recorder, reading } = rig();
  ledger.refuseWith = "buffer.full";
  const thousand = Array.from({ length: 1000 }, (_, i) => reading(i));
  for (let i = 0; i < 250; i++) recorder.add(thousand);
  t.is(recorder.status().waiting, 200_000);
  t.is(recorder.status().refused, 50_000);
  await clock.advance(10);
});

test("a cursor is stored with the next group commit, only its latest state", async (t) => {
  const { clock, ledger, recorder } = rig();
  const cursor = (to: number) =>
    ({ destination: "centre", kind: "readings", ranges: [{ from: 1, to }] }) as const;
  recorder.noteDelivered(cursor(1));
  recorder.noteDelivered(cursor(2));
  await clock.advance(2000);
  t.deepEqual(ledger.commits, [{ ...ledger.commits[0], delivered: [cursor(2)] }]);
});

test("where devices refused is stored with the next group commit, also when the disk refuses first", async (t) => {
  const { clock, ledger, recorder } = rig();
  const cuts = { configuration: "A", cuts: [] };
  recorder.noteCuts(cuts);
  ledger.refuseWith = "buffer.io";
  await clock.advance(1500);
  ledger.refuseWith = null;
  await clock.advance(20_000);
  t.is(ledger.commits.filter((commit) => commit.cuts === cuts).length, 1);
});

test("a counter is stored at once, and again where the disk refuses first", async (t) => {
  const { clock, ledger, recorder } = rig({ commitMs: 60_000 });
  ledger.refuseWith = "buffer.io";
  const stored = recorder.noteCounter({ name: "bdSeq.scada", value: 3 });
  await clock.advance(100);
  ledger.refuseWith = null;
  await clock.advance(20_000);
  t.true(await stored);
  const counters = ledger.commits.flatMap((commit) => commit.counters ?? []);
  t.deepEqual(counters, [{ name: "bdSeq.scada", value: 3 }]);
});

test("finishing stores what is left", async (t) => {
  const { clock, ledger, recorder, running, reading } = rig({ commitMs: 60_000 });
  recorder.add([reading(1)]);
  await clock.advance(100);
  recorder.finish(1000);
  await clock.advance(100);
  await running;
  t.is(ledger.batches.length, 1);
});

test("what the disk refuses at the end is tried until the time for it is over", async (t) => {
  const { clock, ledger, recorder, running, reading } = rig({ commitMs: 60_000 });
  recorder.add([reading(1)]);
  ledger.refuseWith = "buffer.io";
  recorder.finish(5000);
  await clock.advance(2000);
  ledger.refuseWith = null;
  await clock.advance(3000);
  await running;
  t.is(ledger.batches.length, 1);
});

test("a disk that refuses to the end does not keep the gateway from ending, and it says what is lost", async (t) => {
  const { clock, ledger, recorder, running, reading } = rig({ commitMs: 60_000 });
  recorder.add([reading(1), reading(2)]);
  ledger.refuseWith = "buffer.io";
  recorder.finish(5000);
  await clock.advance(5100);
  await running;
  t.like(recorder.status(), { waiting: 2, waitingEvents: 1, failing: "buffer.io" });
});

test("a commit that never returns does not keep the gateway from ending, and it says what is lost", async (t) => {
  const { clock, ledger, recorder, running, reading, event } = rig();
  ledger.commit = () => new Promise(() => {});
  recorder.tell(event("opened"));
  const stored = recorder.whenStored();
  recorder.add([reading(1)]);
  await clock.advance(60_000);
  recorder.finish(5000);
  await clock.advance(6000);
  await running;
  await recorder.storeLast();
  t.false(await stored);
  t.like(recorder.status(), { waiting: 1, waitingEvents: 1, failing: "buffer.io" });
});

test("an abort ends the recorder although a commit never returns", async (t) => {
  const { clock, ledger, recorder, running, event, stop } = rig();
  ledger.commit = () => new Promise(() => {});
  recorder.tell(event("opened"));
  await clock.advance(10);
  stop.abort(new Error("a loop died"));
  await t.throwsAsync(running, { message: "a loop died" });
});

test("cursors and events that come after the end are stored together, or not at all", async (t) => {
  for (const refuseWith of [null, "buffer.full"] as const) {
    const { clock, ledger, recorder, running, event } = rig();
    recorder.finish(100);
    await clock.advance(100);
    await running;
    ledger.refuseWith = refuseWith;
    recorder.noteDelivered({ destination: "centre", kind: "readings", ranges: [] });
    recorder.tell(event("lost"));
    const last = recorder.storeLast();
    await clock.advance(10);
    await t.notThrowsAsync(last);
    const stored = ledger.commits.map(({ events, delivered }) => [events, delivered].map(lengthOf));
    t.deepEqual(stored, refuseWith === null ? [[1, 1]] : []);
    t.is(recorder.status().failing, refuseWith);
  }
});

const lengthOf = (some: readonly unknown[] = []) => some.length;

test("what was given up in memory is told once the disk takes anything, to the centre and to the log", async (t) => {
  const { clock, ledger, recorder, reading, told } = rig();
  ledger.refuseWith = "buffer.full";
  const from = clock.now();
  for (let i = 0; i < 220; i++) {
    recorder.add(Array.from({ length: 1000 }, (_, n) => reading(n)));
    await clock.advance(1000);
  }
  ledger.refuseWith = null;
  await clock.advance(60_000);
  const detail = { refusedReadings: 20_000, refusedEvents: 0, fromAt: from, toAt: from + 19_000 };
  const turns = ledger.events.map(({ event }) => event as GatewayEvent);
  t.deepEqual(
    turns.map((turn) => [turn.from, turn.to, turn.detail]),
    [
      ["working", "failing", { message: "no space" }],
      ["failing", "working", detail],
    ],
  );
  t.like(turns, told);
  t.is(recorder.status().refused, 20_000);
});

test("what a slow disk cost is told although no commit was refused", async (t) => {
  const { clock, ledger, recorder, reading } = rig();
  const slow = Promise.withResolvers<void>();
  const commit = ledger.commit.bind(ledger);
  ledger.commit = (what) => slow.promise.then(() => commit(what));
  recorder.add([reading(0)]);
  await clock.advance(1000);
  recorder.add(Array.from({ length: 200_007 }, (_, n) => reading(n)));
  slow.resolve();
  await clock.advance(2000);
  const turns = ledger.events.map(({ event }) => event as GatewayEvent);
  t.like(turns, [{ from: "working", to: "working", detail: { refusedReadings: 7 } }]);
});

test("who asks whether it is stored waits until it is", async (t) => {
  const { clock, ledger, recorder, event } = rig();
  ledger.refuseWith = "buffer.full";
  recorder.tell(event("acknowledged"));
  const answers: boolean[] = [];
  void recorder.whenStored().then((isStored) => answers.push(isStored));
  await clock.advance(20_000);
  t.deepEqual(answers, []);
  ledger.refuseWith = null;
  await clock.advance(20_000);
  t.deepEqual(answers, [true]);
  t.like(ledger.events[0]?.event, { cause: "acknowledged" });
});

test("who asks whether it is stored is told no when the recorder ends without", async (t) => {
  const { clock, ledger, recorder, running, event } = rig();
  ledger.refuseWith = "buffer.full";
  recorder.tell(event("acknowledged"));
  const stored = recorder.whenStored();
  recorder.finish(100);
  await clock.advance(1000);
  await running;
  t.false(await stored);
});

test("who asks whether it is stored is told no when the buffer is given up", async (t) => {
  const { clock, ledger, recorder, running, event } = rig();
  ledger.refuseWith = "buffer.damaged";
  recorder.tell(event("acknowledged"));
  const stored = recorder.whenStored();
  await Promise.all([t.throwsAsync(running, { code: "buffer.damaged" }), clock.advance(10)]);
  t.is(await Promise.race([stored, clock.advance(1000).then(() => "never")]), false);
});

test("readings of different clock states never share a batch", async (t) => {
  const { clock, ledger, recorder, reading } = rig();
  recorder.add([reading(1)]);
  clock.setState("unsynced");
  recorder.add([reading(2), reading(3)]);
  await clock.advance(1100);
  t.deepEqual(
    ledger.batches.map(({ batch }) => [batch.clock, readingCount(batch)]),
    [
      ["synced", 1],
      ["unsynced", 2],
    ],
  );
});

test("very many readings are cut into batches of a bounded size, none lost", async (t) => {
  const { clock, ledger, recorder, reading } = rig();
  recorder.add(Array.from({ length: 25_000 }, (_, i) => reading(i)));
  await clock.advance(1100);
  t.deepEqual(
    ledger.batches.map(({ batch }) => readingCount(batch)),
    [10_000, 10_000, 5_000],
  );
});

test("while the disk takes nothing an alarm's event outlives any number of others", async (t) => {
  const { clock, ledger, recorder, event } = rig();
  ledger.refuseWith = "buffer.io";
  const alarm: Event = {
    kind: "alarm",
    alarm: "gas",
    point: "a.b",
    from: "normal",
    to: "unacknowledged",
    severity: "red",
    value: 60,
    unit: null,
    setpoint: 50,
    cause: "high",
    at: clock.now(),
    clock: "synced",
  };
  recorder.tell(alarm);
  for (let n = 0; n < 12_000; n++) recorder.tell(event("opened"));
  await clock.advance(1000);
  t.true(recorder.status().refusedEvents >= 2000);
  ledger.refuseWith = null;
  await clock.advance(60_000);
  t.like(ledger.events[0]?.event, alarm);
});

test("what told of a loss and had to go itself is told once more", async (t) => {
  const { clock, ledger, recorder, reading } = rig();
  ledger.forgotten = { ...NOTHING_DROPPED, refused: { readings: 4, fromAt: 7, toAt: 9 } };
  recorder.add([reading(1)]);
  await clock.advance(1500);
  ledger.forgotten = NOTHING_DROPPED;
  await clock.advance(120_000);
  const details = ledger.events.flatMap(({ event }) =>
    event.kind === "buffer" && event.to === "refusing" ? [event.detail] : [],
  );
  t.deepEqual(details, [{ refusedReadings: 4, fromAt: 7, toAt: 9 }]);
});
