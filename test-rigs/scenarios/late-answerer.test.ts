import test from "ava";
import { Site } from "./site.ts";
import { GRACE_MS, SECOND, TIMEOUT_MS } from "./site-config.ts";

for (const line of ["serial", "tcp"] as const) {
  test(`a device that always answers too late is never believed (${line})`, async (t) => {
    const devices = { gas: {}, slow: { everyMs: SECOND / 2 } };
    const site = await Site.open(t, { line, devices });
    for (let lateMs = 1; lateMs < GRACE_MS; lateMs += 90) {
      site.line.units.tardy.set(2, TIMEOUT_MS + lateMs);
      await site.pass(20 * SECOND);
      const late = site.readings("slow").slice(-15);
      t.true(late.every(({ value, quality }) => value === null && quality === "bad:timeout"));
      site.line.units.tardy.clear();
      await site.pass(40 * SECOND);
      t.is(site.readings("slow").at(-1)?.quality, "good");
    }
    t.true(site.longestGapMs("gas") < 2 * SECOND + GRACE_MS);
    t.is(await site.brokenPromise(), null);
  });

  test(`a device about as slow as the time-out gives values of their time, or none (${line})`, async (t) => {
    const site = await Site.open(t, { line, devices: { gas: {}, slow: {} } });
    for (let n = 0; n < 80; n++) {
      site.line.units.tardy.set(2, TIMEOUT_MS * (n % 2 === 0 ? 0.95 : 1.05));
      await site.pass(3.7 * SECOND);
    }
    const qualities = new Set(site.readings("slow").map(({ quality }) => quality));
    t.true(qualities.has("good"));
    t.true(qualities.has("bad:timeout"));
    t.is(await site.brokenPromise(), null);
  });
}
