import test from "ava";
import { Site } from "./site.ts";
import { SECOND } from "./site-config.ts";

test("killed at any moment, a point loses no more than its own commit interval, and the others theirs", async (t) => {
  const usual = 10 * SECOND;
  const own = 0.2 * SECOND;
  const site = await Site.open(t, {
    devices: { gas: { everyMs: 100 }, level: { everyMs: 100 } },
    line: "tcp",
    alarms: { "gas-high": { setpoint: 50 } },
    buffer: { commitMs: usual, commitMsOf: new Map([["gas.level", own]]) },
  });
  const lost = { gas: 0, level: 0 };
  for (let life = 0; life < 12; life++) {
    await site.pass(2 * SECOND + life * 731);
    const killedAt = site.clock.now();
    const before = { gas: site.readings("gas").length, level: site.readings("level").length };
    await site.gateway.kill();
    await site.pass(SECOND);
    await site.gateway.start();
    await site.pass(SECOND);
    for (const device of ["gas", "level"] as const) {
      const kept = site.readings(device).filter(({ at }) => at < killedAt);
      t.true(kept.length >= before[device], "what was sent is stored");
      lost[device] = Math.max(lost[device], killedAt - (kept.at(-1)?.at ?? killedAt - usual));
    }
  }
  // Beside the interval: a poll, and the disk, which takes up to 25 ms here.
  t.true(lost.gas <= own + 100 + 50, `${lost.gas} ms of gas`);
  t.true(lost.level > SECOND && lost.level <= usual + 150, `${lost.level} ms of level`);
  t.like(site.audit(), { readings: [{ gaps: 0, conflicts: 0 }], events: [{ gaps: 0 }] });
  t.is(await site.brokenPromise(), null);
});
