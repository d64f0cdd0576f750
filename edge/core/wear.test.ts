import test from "ava";
import { judgedWear, UNWORN, type Wear, wearFigures, worn } from "./wear.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;

/** What `hours` of writing `bytes` an hour come to. */
function written(bytes: number, hours: number, from: Wear = UNWORN): Wear {
  return Array.from({ length: hours }).reduce<Wear>(
    (wear) => worn(wear, { bytes, ms: HOUR }),
    from,
  );
}

test("the figure a day and the life follow from what was written", (t) => {
  const figures = wearFigures(written(500e6, 48), 30e12);
  t.is(figures?.bytesPerDay, 12e9);
  t.is(figures?.totalBytes, 24e9);
  t.is(Math.round((figures?.lifeMs ?? 0) / DAY), Math.round((30e12 - 24e9) / 12e9));
});

test("less than an hour tells nothing", (t) => {
  t.is(wearFigures(worn(UNWORN, { bytes: 1e9, ms: HOUR - 1 }), 30e12), null);
});

test("a new pace is the whole figure a week later, and the total keeps everything", (t) => {
  const figures = wearFigures(written(1e6, 8 * 24, written(100e6, 30 * 24)), 30e12);
  t.is(figures?.bytesPerDay, 24e6);
  t.is(figures?.totalBytes, 100e6 * 30 * 24 + 1e6 * 8 * 24);
});

test("what is remembered stays small", (t) => {
  t.true(JSON.stringify(written(123_456_789, 1000)).length < 500);
});

test("a card that is worn out has no life left, one that nothing is written to a hundred years", (t) => {
  t.is(wearFigures(written(1e12, 2), 1e12)?.lifeMs, 0);
  t.is(wearFigures(written(0, 2), 1e12)?.lifeMs, 100 * YEAR);
});

test("a card is short of life below the bound, and lasts again only a quarter above it", (t) => {
  const limits = { enduranceBytes: 1e12, minLifeMs: 100 * DAY };
  const lasting = (days: number): Wear => ({
    ...written(0, 24),
    days: [{ bytes: 1e12 / days, ms: DAY }],
  });
  t.false(judgedWear(lasting(100), limits).isShort);
  t.true(judgedWear(lasting(99), limits).isShort);
  t.true(judgedWear({ ...lasting(124), isShort: true }, limits).isShort);
  t.false(judgedWear({ ...lasting(125), isShort: true }, limits).isShort);
});
