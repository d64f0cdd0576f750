import test from "ava";
import { Site } from "./site.ts";
import { MINUTE, SECOND } from "./site-config.ts";

test("a dead device does not hold up the others on its line, and its silence is told", async (t) => {
  const site = await Site.open(t, { devices: { gas: {}, dead: {}, pressure: {} } });
  await site.pass(MINUTE);
  site.line.units.dead.add(2);
  await site.pass(10 * MINUTE);
  for (const healthy of ["gas", "pressure"]) {
    t.true(site.readings(healthy).every(({ quality }) => quality === "good"));
    t.true(site.longestGapMs(healthy) < 1.5 * SECOND, `${healthy} keeps its period of a second`);
  }
  t.deepEqual(site.turns("dead"), ["silent"]);
  const silent = site.readings("dead").slice(100);
  t.true(silent.length > 500, "every due time gives a reading all the same");
  t.true(silent.every(({ value, quality }) => value === null && quality === "bad:timeout"));

  site.line.units.dead.delete(2);
  await site.pass(MINUTE);
  t.deepEqual(site.turns("dead"), ["silent", "answering"]);
  t.is(site.readings("dead").at(-1)?.quality, "good");
  t.is(await site.brokenPromise(), null);
});

test("when every device but one is dead, that one is still read each second", async (t) => {
  const site = await Site.open(t, { devices: { gas: {}, a: {}, b: {}, c: {}, d: {}, e: {} } });
  for (const unit of [2, 3, 4, 5, 6]) site.line.units.dead.add(unit);
  await site.pass(2 * MINUTE);
  const from = site.readings("gas").length;
  await site.pass(10 * MINUTE);
  const late = site.readings("gas").slice(from);
  t.true(late.length >= 590, `${late.length} readings in ten minutes`);
  t.true(late.every(({ quality }) => quality === "good"));
  t.is(await site.brokenPromise(), null);
});
