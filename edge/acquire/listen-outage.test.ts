import test from "ava";
import { COLUMNS, SENTENCE, talk, talkRig } from "../../test-rigs/sim/talk-rig.ts";

test("a port that hangs while it looks open is opened anew, then its adapter bound anew", async (t) => {
  const gauge = talkRig(COLUMNS);
  await talk(gauge, 1000, 30, () => "7,8\r\n");
  gauge.hang();
  await talk(gauge, 1000, 240, () => "7,8\r\n");
  t.deepEqual(gauge.told, ["bus open", "silent", "reopen", "rebind", "answering"]);
  t.is(gauge.of("s.a").at(-1)?.quality, "good");
  t.false(gauge.readings.some(({ quality }) => quality === "bad:link-closed"));
  t.like(gauge.loop.status().counters, { renewals: 1, rebinds: 1 });
  gauge.stop.abort();
});

test("the port of a device that stays silent is opened anew ever more rarely", async (t) => {
  const gauge = talkRig(COLUMNS);
  await gauge.clock.advance(30 * 60_000);
  const before = gauge.opened();
  t.true(before >= 4);
  await gauge.clock.advance(6 * 3_600_000);
  t.true(gauge.opened() - before <= 10);
  t.deepEqual(gauge.told, ["bus open", "silent", "reopen", "rebind"]);
  gauge.stop.abort();
});

test("a line is left alone while one of its devices tells values", async (t) => {
  const points = SENTENCE.points.map((point, n) => ({ ...point, id: `${n}.speed` }));
  const mast = talkRig({ ...SENTENCE, points });
  await talk(mast, 1000, 240, () => "$WIMWV,5,R*35\r\n");
  t.deepEqual(mast.told, ["bus open", "silent"]);
  t.deepEqual(mast.loop.status().silent, ["1"]);
  await mast.clock.advance(240_000);
  t.deepEqual(mast.told, ["bus open", "silent", "silent", "reopen", "rebind"]);
  await talk(mast, 1000, 2, () => "$WIMWV,5,R*35\r\n");
  t.deepEqual(mast.loop.status().silent, ["1"]);
  mast.stop.abort();
});

test("a line that is opened anew in vain is lost at once, and not when a reading is due", async (t) => {
  const gauge = talkRig(COLUMNS, { everyMs: 10_000, silentAfterMs: 30_000 });
  await talk(gauge, 1000, 30, () => "7,8\r\n");
  gauge.hang();
  await gauge.clock.advance(60_000);
  gauge.refuse(true);
  while (!gauge.told.includes("bus closed")) await gauge.clock.advance(100);
  t.deepEqual(gauge.told, ["bus open", "silent", "reopen", "bus closed"]);
  const [before, last] = gauge.given.filter(({ reading }) => reading.point === "s.a").slice(-2);
  t.is(before?.reading.quality, "bad:timeout");
  t.is(last?.reading.quality, "bad:link-closed");
  t.true((last?.at ?? 0) > gauge.clock.uptime() - 100);
  gauge.stop.abort();
});

test("a port that stays gone gives a bad reading every period, however rarely the device speaks", async (t) => {
  const gauge = talkRig(COLUMNS, { silentAfterMs: 60_000 });
  await talk(gauge, 1000, 2, () => "1,2\r\n");
  gauge.refuse(true);
  gauge.cut();
  await gauge.clock.advance(60_500);
  const away = gauge.of("s.a").slice(2);
  // The loss itself gives one.
  t.is(away.length, 1 + 60);
  t.true(away.every(({ quality }) => quality === "bad:link-closed"));
  gauge.stop.abort();
});

test("a device is listened to for longer than an hour", async (t) => {
  const gauge = talkRig(COLUMNS);
  await gauge.clock.advance(3_600_000);
  await talk(gauge, 1000, 3, () => "7,8\r\n");
  t.is(gauge.of("s.a").at(-1)?.quality, "good");
  gauge.stop.abort();
});
