import test from "ava";
import fc from "fast-check";
import type { UptimeMs } from "../edge/core/time.ts";
import { SimClock } from "../test-rigs/sim/clock.ts";
import { FlightRecorder, recordedLink } from "./flight-recorder.ts";
import { FakeLink } from "./modbus/fake-link.ts";
import type { WireRecord } from "./wire-text.ts";

const at = (ms: number) => ms as UptimeMs;
const LATER = at(1e9);

/** Records as text: the kind's letter, the bytes, and the times in microseconds. */
function shown(records: readonly WireRecord[]): readonly string[] {
  return records.map((record) => {
    const what = record.kind === "failure" ? record.reason : record.bytes.join(",");
    return `${record.kind[0]} ${what} ${record.fromUs}-${record.untilUs}`;
  });
}

test("what went over the bus is told in order, with its times to the microsecond", (t) => {
  const recorder = new FlightRecorder();
  recorder.sent(Uint8Array.of(1, 2), at(1000.25));
  recorder.received(Uint8Array.of(3), at(1020));
  recorder.failed("crc", at(1044.5));
  const { records, next, missed } = recorder.since(0, 10, LATER);
  t.deepEqual(shown(records), [
    "s 1,2 1000250-1000250",
    "r 3 1020000-1020000",
    "f crc 1044500-1044500",
  ]);
  t.is(next, 3);
  t.is(missed, 0);
});

test("bytes that come one soon after the other are one record, until something is sent", (t) => {
  const recorder = new FlightRecorder();
  recorder.received(Uint8Array.of(1), at(0));
  recorder.received(Uint8Array.of(2), at(16));
  recorder.received(Uint8Array.of(3), at(32.5));
  recorder.received(Uint8Array.of(4), at(90));
  recorder.sent(Uint8Array.of(5), at(91));
  recorder.received(Uint8Array.of(6), at(92));
  t.deepEqual(shown(recorder.since(0, 10, LATER).records), [
    "r 1,2,3 0-32500",
    "r 4 90000-90000",
    "s 5 91000-91000",
    "r 6 92000-92000",
  ]);
});

test("a record is not told while bytes may yet join it", (t) => {
  const recorder = new FlightRecorder();
  recorder.received(Uint8Array.of(1), at(100));
  t.deepEqual(recorder.since(0, 10, at(120)), { records: [], next: 0, missed: 0 });
  t.is(recorder.since(0, 10, at(160)).records.length, 1);
  recorder.failed("timeout", at(161));
  t.is(recorder.since(0, 10, at(161)).records.length, 2);
});

test("a reader gets what is new, at most as much as it asks for", (t) => {
  const recorder = new FlightRecorder();
  for (let i = 0; i < 5; i++) recorder.sent(Uint8Array.of(i), at(i));
  const first = recorder.since(0, 3, LATER);
  t.is(first.records.length, 3);
  const second = recorder.since(first.next, 3, LATER);
  t.deepEqual(shown(second.records), ["s 3 3000-3000", "s 4 4000-4000"]);
  t.deepEqual(recorder.since(second.next, 3, LATER), { records: [], next: 5, missed: 0 });
});

test("who was away too long is told how much it missed", (t) => {
  const recorder = new FlightRecorder(8192);
  for (let i = 0; i < 1000; i++) recorder.sent(new Uint8Array(16), at(i));
  const { records, next, missed } = recorder.since(10, 10_000, LATER);
  t.is(next, 1000);
  t.is(records.length + missed, 990);
  t.true(records.length >= 250, "the ring is used to the end");
});

test("a number of a recorder before this one gets all there is", (t) => {
  const recorder = new FlightRecorder();
  recorder.sent(Uint8Array.of(1), at(0));
  t.like(recorder.since(500, 10, LATER), { next: 1, missed: 0 });
});

test("more bytes than a record holds make several, and none is lost", (t) => {
  const recorder = new FlightRecorder();
  recorder.received(new Uint8Array(10_000).fill(7), at(0));
  const { records } = recorder.since(0, 10, LATER);
  const lengths = records.map((record) => (record.kind === "failure" ? 0 : record.bytes.length));
  t.deepEqual(lengths, [4096, 4096, 1808]);
});

test("whatever is recorded, the newest that fit are told unharmed", (t) => {
  const step = fc.record({
    kind: fc.constantFrom("sent", "received", "failed"),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 700 }),
    afterMs: fc.constantFrom(1, 60),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const small = new FlightRecorder(8192);
      const large = new FlightRecorder(1_000_000);
      let now = 0;
      for (const { kind, bytes, afterMs } of steps) {
        now += afterMs;
        for (const recorder of [small, large]) {
          if (kind === "failed") recorder.failed("timeout", at(now));
          else recorder[kind as "sent" | "received"](bytes, at(now));
        }
      }
      const all = bytesOf(large.since(0, 1000, LATER).records);
      const kept = bytesOf(small.since(0, 1000, LATER).records);
      t.is(kept, all.slice(all.length - kept.length));
      t.true(kept.length > 0 || all.length === 0);
    }),
    { numRuns: 200 },
  );
});

/** The bytes of all records, without where one ends and the next begins. */
function bytesOf(records: readonly WireRecord[]): string {
  return records
    .map((record) => (record.kind === "failure" ? "!" : Buffer.from(record.bytes).toString("hex")))
    .join("");
}

test("a link that is recorded carries everything as before", async (t) => {
  const clock = new SimClock();
  const inner = new FakeLink();
  const recorder = new FlightRecorder();
  const link = recordedLink(inner, clock, recorder);
  const seen: Uint8Array[] = [];
  link.onData = (bytes) => seen.push(bytes);
  link.write(Uint8Array.of(1));
  inner.send(Uint8Array.of(2, 3));
  t.deepEqual(inner.written, [Uint8Array.of(1)]);
  t.deepEqual(seen, [Uint8Array.of(2, 3)]);
  const { records } = recorder.since(0, 10, LATER);
  t.deepEqual(
    records.map(({ kind }) => kind),
    ["sent", "received"],
  );
  link.close();
  t.is(await link.closed, "closed");
});

test("a port that can be flushed still can while it is recorded, and no other seems to", (t) => {
  let flushed = 0;
  const flushable = Object.assign(new FakeLink(), { flush: () => flushed++ });
  recordedLink(flushable, new SimClock(), new FlightRecorder()).flush?.();
  t.is(flushed, 1);
  t.is(recordedLink(new FakeLink(), new SimClock(), new FlightRecorder()).flush, undefined);
});
