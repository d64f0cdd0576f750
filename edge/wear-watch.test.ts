import test from "ava";
import { SimClock } from "../test-rigs/sim/clock.ts";
import type { Wear } from "./core/wear.ts";
import { WearWatch } from "./wear-watch.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** What a card for 30 TB takes within two years, a day. */
const TWO_YEARS = 30e12 / 730;

/** A watch on a card for 30 TB that must last two years; `write` has so much written a day. */
function rig(remembered: Wear | null = null) {
  const clock = new SimClock();
  const told: string[] = [];
  const kept: Wear[] = [];
  const watch = new WearWatch({
    clock,
    remembered,
    limits: { enduranceBytes: 30e12, minLifeMs: 730 * DAY },
    onChange: (wear) => kept.push(wear),
    tell: ({ from, to, cause, detail }) => told.push(`${from} ${to} ${cause} ${detail?.lifeDays}`),
  });
  let written = 0;
  const write = async (perDay: number, ms: number) => {
    for (let gone = 0; gone < ms; gone += MINUTE) {
      await clock.advance(MINUTE);
      written += (perDay * MINUTE) / DAY;
      watch.note(written);
    }
  };
  return { watch, told, kept, write };
}

test("the figure a day and the life of the card are told after an hour", async (t) => {
  const { watch, write } = rig();
  await write(12e9, HOUR - MINUTE);
  t.is(watch.status(), null);
  await write(12e9, 2 * MINUTE);
  t.is(Math.round((watch.status()?.bytesPerDay ?? 0) / 1e6), 12_000);
  t.is(Math.floor((watch.status()?.lifeMs ?? 0) / DAY), 2499);
  t.false(watch.status()?.isShort);
});

test("a card that will not last is told once, and once when it lasts again by a margin", async (t) => {
  const { told, watch, write } = rig();
  await write(1.1 * TWO_YEARS, 2 * HOUR);
  t.deepEqual(told, ["lasting wearing wear 663"]);
  t.true(watch.status()?.isShort);
  await write(TWO_YEARS, DAY);
  t.is(told.length, 1);
  await write(0.5 * TWO_YEARS, 2 * DAY);
  t.is(told.length, 2);
  t.regex(told[1] ?? "", /^wearing lasting wear 9\d\d$/);
});

test("what is kept goes on in the next run, which does not tell again what was told", async (t) => {
  const first = rig();
  await first.write(2 * TWO_YEARS, 2 * HOUR);
  t.is(first.told.length, 1);
  const kept = first.kept.at(-1) ?? null;
  const second = rig(kept);
  t.is(Math.round((second.watch.status()?.bytesPerDay ?? 0) / TWO_YEARS), 2);
  await second.write(2 * TWO_YEARS, HOUR);
  t.deepEqual(second.told, []);
  t.true((second.kept.at(-1)?.total.bytes ?? 0) > (kept?.total.bytes ?? 0));
});

test("it is kept every ten minutes, and not at all where nobody counts", async (t) => {
  const { kept, write } = rig();
  await write(1e9, HOUR);
  t.is(kept.length, 6);
  const idle = rig();
  idle.watch.note(null);
  t.is(idle.watch.status(), null);
  t.deepEqual(idle.kept, []);
});
