import test from "ava";
import { COLUMNS, talk, talkRig } from "../../test-rigs/sim/talk-rig.ts";

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

test("a port that stays gone gives a bad reading every period, however rarely the device speaks", async (t) => {
  const gauge = talkRig(COLUMNS, { silentAfterMs: 60_000 });
  await talk(gauge, 1000, 2, () => "1,2\r\n");
  gauge.refuse(true);
  gauge.cut();
  await gauge.clock.advance(60_500);
  const away = gauge.of("s.a").slice(2);
  t.is(away.length, 60);
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
