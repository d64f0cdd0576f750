import test from "ava";
import { Site } from "./site.ts";
import { MINUTE, SECOND, TIMEOUT_MS } from "./site-config.ts";

test("a port that is pulled is told once, and read again soon after it is back", async (t) => {
  const site = await Site.open(t);
  await site.pass(MINUTE);
  site.line.unplug();
  await site.pass(2 * MINUTE);
  const without = site.readings("gas").slice(70);
  t.true(without.length >= 105, "every due time gives a reading all the same");
  t.true(without.every(({ value, quality }) => value === null && quality === "bad:link-closed"));

  site.line.plug();
  await site.pass(20 * SECOND);
  t.is(site.readings("gas").at(-1)?.quality, "good");
  t.deepEqual(site.turns("line"), ["open", "closed", "open"]);
  t.true(site.longestGapMs("gas") < 2.5 * SECOND);
  t.is(await site.brokenPromise(), null);
});

test("an answer from before a short downtime is not taken for one to what is asked after it", async (t) => {
  const site = await Site.open(t, { devices: { gas: {}, slow: { everyMs: SECOND / 2 } } });
  for (let n = 0; n < 40; n++) {
    await site.pass(20 * SECOND);
    site.line.units.tardy.set(2, TIMEOUT_MS + 50 + 20 * n);
    await site.pass(200 + 10 * n);
    site.line.unplug();
    await site.pass(n % 2 === 0 ? 0 : 5 + n);
    site.line.plug();
    await site.pass(2 * SECOND);
    site.line.units.tardy.clear();
  }
  await site.pass(MINUTE);
  t.is(site.readings("slow").at(-1)?.quality, "good");
  t.is(await site.brokenPromise(), null);
});
