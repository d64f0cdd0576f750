import test from "ava";
import { recorderRig as rig } from "../test-rigs/sim/recorder-rig.ts";

test("a point with an interval of its own is committed at that, without the others", async (t) => {
  const { clock, ledger, recorder, reading } = rig({ commitMsOf: { "gas.x": 100 } });
  recorder.add([reading(1), reading(2, "gas.x")]);
  await clock.advance(110);
  t.deepEqual(
    ledger.batches.map(({ batch }) => batch.series.map(({ point }) => point)),
    [["gas.x"]],
  );
  recorder.add([reading(3, "gas.x")]);
  await clock.advance(100);
  t.is(ledger.batches.length, 2);
  await clock.advance(800);
  t.deepEqual(
    ledger.batches.slice(2).map(({ batch }) => batch.series.map(({ v }) => v)),
    [[[1]]],
  );
});

test("no reading waits longer than its interval, and no more is flushed than the fastest needs", async (t) => {
  const intervals = { "a.x": 300, "a.y": 1000, "a.z": 2700 };
  const { clock, ledger, recorder, reading } = rig({ commitMs: 1000, commitMsOf: intervals });
  const [came, storedAt] = [new Map<string, number>(), new Map<string, number>()];
  const commit = ledger.commit.bind(ledger);
  ledger.commit = (what) => {
    for (const { point, v } of (what.batches ?? []).flatMap(({ series }) => series)) {
      for (const value of v) storedAt.set(`${point} ${value}`, clock.uptime());
    }
    return commit(what);
  };
  for (let i = 0; i < 1000; i++) {
    for (const point of Object.keys(intervals)) {
      recorder.add([reading(i, point)]);
      came.set(`${point} ${i}`, clock.uptime());
    }
    await clock.advance(37);
  }
  await clock.advance(3000);
  t.is(storedAt.size, came.size);
  for (const [key, at] of came) {
    const waited = (storedAt.get(key) ?? Infinity) - at;
    t.true(waited <= intervals[key.slice(0, 3) as keyof typeof intervals] + 5, `${key}: ${waited}`);
  }
  t.true(recorder.status().commits <= 134, `${recorder.status().commits}`);
});

test("cursors wait for the usual commit, however often a point has one", async (t) => {
  const { clock, ledger, recorder, reading } = rig({ commitMsOf: { "gas.x": 100 } });
  recorder.noteDelivered({ destination: "centre", kind: "readings", ranges: [] });
  recorder.add([reading(1, "gas.x")]);
  await clock.advance(500);
  t.deepEqual(
    ledger.commits.map(({ delivered }) => delivered?.length),
    [0],
  );
  await clock.advance(600);
  t.deepEqual(
    ledger.commits.map(({ delivered }) => delivered?.length),
    [0, 1],
  );
});

test("what could not be stored of one interval stays in order behind a failing disk", async (t) => {
  const { clock, ledger, recorder, reading } = rig({ commitMsOf: { "gas.x": 100 } });
  ledger.refuseWith = "buffer.full";
  for (let i = 0; i < 40; i++) {
    recorder.add([reading(i), reading(i, "gas.x")]);
    await clock.advance(100);
  }
  ledger.refuseWith = null;
  await clock.advance(60_000);
  for (const point of ["a.b", "gas.x"]) {
    const series = ledger.batches.flatMap(({ batch }) => batch.series);
    const values = series.filter((each) => each.point === point).flatMap(({ v }) => v);
    t.deepEqual(
      values,
      Array.from({ length: 40 }, (_, i) => i),
    );
  }
});

test("finishing stores what waits for any interval", async (t) => {
  const { clock, ledger, recorder, running, reading } = rig({ commitMsOf: { "gas.x": 60_000 } });
  recorder.add([reading(1), reading(2, "gas.x")]);
  recorder.finish(1000);
  await clock.advance(100);
  await running;
  t.is(ledger.batches.flatMap(({ batch }) => batch.series).length, 2);
});

test("the very first reading is stored soon, whatever the intervals, and only that one", async (t) => {
  const { clock, ledger, recorder, reading } = rig({
    ...{ commitMs: 60_000, commitMsOf: { "gas.x": 10_000 }, firstMs: 100 },
  });
  await clock.advance(3000);
  recorder.add([reading(1), reading(2, "gas.x")]);
  await clock.advance(110);
  t.is(ledger.batches.flatMap(({ batch }) => batch.series).length, 2);
  recorder.add([reading(3)]);
  await clock.advance(9_000);
  t.is(ledger.batches.flatMap(({ batch }) => batch.series).length, 2);
});

test("readings that fill the memory are stored before their interval is over, and none is given up", async (t) => {
  const { clock, ledger, recorder, reading } = rig({
    ...{ commitMs: 60_000, commitMsOf: { "gas.x": 600_000 } },
  });
  const round = [reading(1), ...Array.from({ length: 999 }, (_, i) => reading(i, "gas.x"))];
  for (let i = 0; i < 100; i++) recorder.add(round);
  await clock.advance(1000);
  t.is(ledger.batches.length, 0);
  for (let i = 0; i < 300; i++) {
    recorder.add(round);
    await clock.advance(1);
  }
  t.is(recorder.status().refused, 0);
  const stored = ledger.batches.flatMap(({ batch }) => batch.series).flatMap(({ v }) => v).length;
  t.is(stored + recorder.status().waiting, 400_000);
  t.true(stored > 300_000 - 1000);
});

test("a full memory makes a disk that refuses not be tried more often", async (t) => {
  const { clock, ledger, recorder, reading } = rig();
  ledger.refuseWith = "buffer.full";
  let tries = 0;
  const commit = ledger.commit.bind(ledger);
  ledger.commit = (what) => {
    tries++;
    return commit(what);
  };
  const round = Array.from({ length: 1000 }, (_, i) => reading(i));
  for (let i = 0; i < 400; i++) {
    recorder.add(round);
    await clock.advance(25);
  }
  t.true(recorder.status().refused > 0);
  t.true(tries >= 2 && tries < 10, `${tries}`);
});

test("what fills the memory while a commit is under way is stored behind it at once", async (t) => {
  const { clock, ledger, recorder, reading } = rig({ commitMs: 60_000 });
  const round = Array.from({ length: 1000 }, (_, i) => reading(i));
  const add = (rounds: number) => {
    for (let i = 0; i < rounds; i++) recorder.add(round);
  };
  add(151);
  // It takes five milliseconds.
  await clock.advance(2);
  add(160);
  await clock.advance(5);
  add(1);
  await clock.advance(10);
  t.is(recorder.status().refused, 0);
  t.is(recorder.status().waiting, 0);
  t.is(ledger.batches.flatMap(({ batch }) => batch.series).flatMap(({ v }) => v).length, 312_000);
});
