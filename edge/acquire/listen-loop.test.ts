import test from "ava";
import fc from "fast-check";
import { bytesIn } from "../../test-rigs/sim/any-split.ts";
import { COLUMNS, SENTENCE, talk, talkRig } from "../../test-rigs/sim/talk-rig.ts";
import type { Reading } from "../core/reading.ts";

test("what a device says becomes one reading of each point in a period", async (t) => {
  const gauge = talkRig(COLUMNS);
  await talk(gauge, 1000, 10, (n) => `${n},${10 * n}\r\n`);
  t.deepEqual(
    gauge.of("s.b").map(({ value }) => value),
    [0, 10, 20, 30, 40, 50, 60, 70, 80, 90],
  );
  t.deepEqual(gauge.told, ["bus open"]);
  gauge.stop.abort();
});

test("a device that is faster than its period gives the latest, and every value to the alarms", async (t) => {
  const gauge = talkRig(COLUMNS, { everyMs: 5000, silentAfterMs: 15_000 });
  await gauge.clock.advance(500);
  await talk(gauge, 1000, 20, (n) => `${n},0\r\n`);
  const got = gauge.of("s.a");
  t.deepEqual(
    got.map(({ value }) => value),
    [0, 3, 8, 13, 18],
  );
  t.deepEqual(
    got.map(({ uptime }) => uptime),
    [1500, 4500, 9500, 14_500, 19_500],
  );
  t.is(gauge.values.filter(({ point }) => point === "s.a").length, 20);
  gauge.stop.abort();
});

test("each value is measured once as it comes, and that becomes the reading", async (t) => {
  let sum = 0;
  const measured = (reading: Reading): Reading => {
    if (reading.point !== "s.a" || reading.value === null) return reading;
    sum += Number(reading.value);
    return { ...reading, value: sum };
  };
  const gauge = talkRig(COLUMNS, { everyMs: 5000, silentAfterMs: 15_000, measured });
  await gauge.clock.advance(500);
  await talk(gauge, 1000, 10, () => "1,0\r\n");
  await gauge.clock.advance(1000);
  t.deepEqual(
    gauge.of("s.a").map(({ value }) => value),
    [1, 4, 9],
  );
  gauge.stop.abort();
});

test("that a value is missing is measured too: what lies between must know it", async (t) => {
  const gauge = talkRig(COLUMNS);
  await talk(gauge, 1000, 2, () => "7,8\r\n");
  await gauge.clock.advance(5000);
  const missing = gauge.values.filter(({ quality }) => quality === "bad:timeout");
  t.is(missing.length, gauge.readings.filter(({ quality }) => quality === "bad:timeout").length);
  t.true(missing.length >= 4);
  gauge.stop.abort();
});

test("a device that falls silent gives bad readings, never its last value, and is told once", async (t) => {
  const gauge = talkRig(COLUMNS);
  await talk(gauge, 1000, 3, () => "7,8\r\n");
  await gauge.clock.advance(10_000);
  const since = gauge.of("s.a").slice(3);
  t.true(since.length >= 7);
  t.true(since.every(({ value, quality }) => value === null && quality === "bad:timeout"));
  t.deepEqual(gauge.told, ["bus open", "silent"]);
  t.deepEqual(gauge.loop.status().silent, ["s"]);
  t.is(gauge.loop.status().counters.timeouts, 2 * since.length);
  await talk(gauge, 1000, 2, () => "7,8\r\n");
  t.is(gauge.told.at(-1), "answering");
  t.is(gauge.of("s.a").at(-1)?.quality, "good");
  gauge.stop.abort();
});

test("noise keeps no device from counting as silent, and is never a value", async (t) => {
  const gauge = talkRig(COLUMNS);
  await talk(gauge, 100, 100, (n) => `\u0007?${n}\r\n`);
  t.true(gauge.readings.length > 0);
  t.true(gauge.readings.every(({ quality }) => quality === "bad:timeout"));
  t.is(gauge.loop.status().counters.misfits, 100);
  gauge.stop.abort();
});

test("a damaged sentence is a bad reading of its own points, and only where one was due", async (t) => {
  const station = talkRig(SENTENCE);
  const good = "$WIMWV,5,R*35\r\n";
  await talk(station, 1000, 3, (n) => (n === 1 ? "$WIMWV,6,R*35\r\n" : good));
  t.deepEqual(
    station.of("s.WIMWV").map(({ value, quality }) => [value, quality]),
    [
      [5, "good"],
      [null, "bad:crc"],
      [5, "good"],
    ],
  );
  t.deepEqual(station.of("s.WIMDA"), []);
  station.say("$WIMWV,6,R*35\r\n");
  await station.clock.advance(900);
  t.is(station.of("s.WIMWV").length, 3);
  t.is(station.loop.status().counters.crcErrors, 2);
  station.stop.abort();
});

test("a port that is gone gives link-closed readings and is opened again", async (t) => {
  const gauge = talkRig(COLUMNS);
  await talk(gauge, 1000, 2, () => "1,2\r\n");
  gauge.refuse(true);
  gauge.cut();
  await gauge.clock.advance(5000);
  const away = gauge.of("s.a").slice(2);
  t.true(away.length >= 4);
  t.true(away.every(({ quality }) => quality === "bad:link-closed"));
  gauge.refuse(false);
  await gauge.clock.advance(20_000);
  await talk(gauge, 1000, 2, () => "1,2\r\n");
  t.is(gauge.of("s.a").at(-1)?.quality, "good");
  t.is(gauge.opened(), 2);
  t.deepEqual(gauge.told.slice(0, 3), ["bus open", "bus closed", "bus open"]);
  gauge.stop.abort();
});

test("a start is not an outage, and a port that never opens is one", async (t) => {
  const gauge = talkRig(COLUMNS);
  await gauge.clock.advance(2000);
  t.deepEqual(gauge.readings, []);
  gauge.stop.abort();
  const none = talkRig(COLUMNS);
  none.refuse(true);
  await none.clock.advance(10_500);
  t.true(none.of("s.a").length >= 10);
  t.true(none.readings.every(({ quality }) => quality === "bad:link-closed"));
  t.is(none.loop.status().trouble, "no such port");
  none.stop.abort();
});

test("a device that answers is asked every period, and a missing answer is a bad reading of it", async (t) => {
  const gauge = talkRig({ ...COLUMNS, ask: [...bytesIn("R\n")] }, { silentAfterMs: 1500 });
  gauge.answer("3,4\r\n");
  await gauge.clock.advance(10_900);
  t.true(gauge.asked() >= 10);
  t.true(gauge.of("s.a").length >= 10);
  t.true(gauge.readings.every(({ quality }) => quality === "good"));
  gauge.answer(null);
  const before = gauge.of("s.a").length;
  await gauge.clock.advance(10_000);
  const unanswered = gauge.of("s.a").slice(before);
  t.true(unanswered.length >= 9);
  t.true(unanswered.every(({ quality }) => quality === "bad:timeout"));
  gauge.stop.abort();
});

test("a device is not asked before an answer to an earlier program must have come", async (t) => {
  const gauge = talkRig({ ...COLUMNS, ask: [...bytesIn("R\n")] });
  await gauge.clock.advance(150);
  t.is(gauge.asked(), 0);
  await gauge.clock.advance(150);
  t.is(gauge.asked(), 1);
  gauge.stop.abort();
});

test("a line that opens only when the gateway has stopped is closed again", async (t) => {
  const gauge = talkRig(COLUMNS);
  gauge.stop.abort();
  await gauge.clock.advance(10);
  t.is(gauge.opened(), 1);
  t.is(await gauge.closed(), "closed");
});

test("counters go on over a reopened line", async (t) => {
  const gauge = talkRig(COLUMNS);
  await talk(gauge, 1000, 3, () => "1,2\r\n");
  gauge.cut();
  await gauge.clock.advance(5000);
  await talk(gauge, 1000, 3, () => "1,2\r\n");
  t.is(gauge.loop.status().counters.messages, 6);
  gauge.stop.abort();
});

test("stopping ends the loop and leaves no timer behind", async (t) => {
  const gauge = talkRig(COLUMNS);
  await talk(gauge, 1000, 3, () => "1,2\r\n");
  gauge.stop.abort();
  await gauge.clock.advance(10);
  await gauge.running;
  t.is(gauge.clock.timers, 0);
});

/** What a device, its line and its port do next. */
const HAPPENING = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant("say"), ms: fc.integer({ max: 900, min: 1 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("wait"), ms: fc.integer({ max: 6000, min: 1 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("noise"), ms: fc.integer({ max: 900, min: 1 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("cut"), ms: fc.integer({ max: 900, min: 1 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("refuse"), ms: fc.integer({ max: 9000, min: 1 }) }),
  },
);

test("whatever happens: one reading a period but for losses, nothing but what was said, and no silence untold", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(HAPPENING, { maxLength: 60 }), async (happenings) => {
      const gauge = talkRig(COLUMNS);
      const said = new Map<number, number>();
      await gauge.clock.advance(250);
      for (const [n, { do: what, ms }] of happenings.entries()) {
        if (what === "say") said.set(n, gauge.clock.uptime());
        if (what === "say") gauge.say(`${n},0\r\n`);
        if (what === "noise") gauge.say("\u0000,,\r7\n");
        if (what === "cut") gauge.cut();
        gauge.refuse(what === "refuse");
        if (what === "refuse") gauge.cut();
        await gauge.clock.advance(ms);
      }
      gauge.refuse(false);
      await gauge.clock.advance(30_000);
      const given = gauge.given.filter(({ reading }) => reading.point === "s.a");
      const periods = given.map(({ at }) => Math.floor(at / 1000));
      // A loss is told at once, behind the value that was held.
      const losses = happenings.filter(({ do: what }) => what === "cut" || what === "refuse");
      const more = periods.length - new Set(periods).size;
      t.true(more <= 2 * losses.length, "one reading a period");
      for (const [i, { at, reading }] of given.entries()) {
        const before = given[i - 1]?.at ?? 250;
        t.true(at - before <= 3000 + 1000 + 1, `nothing was told for ${at - before} ms`);
        if (reading.value === null) continue;
        t.is(said.get(reading.value as number), reading.uptime);
        t.true(at - reading.uptime <= 1000);
      }
      t.is(given.at(-1)?.reading.quality, "bad:timeout");
      gauge.stop.abort();
      await gauge.running;
    }),
    { numRuns: 200 },
  );
});
