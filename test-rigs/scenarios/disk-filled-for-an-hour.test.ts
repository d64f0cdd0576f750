import type { ExecutionContext } from "ava";
import type { AlarmStateName } from "../../edge/core/alarm.ts";
import { testAsRoot } from "../debian/test-with.ts";
import { testOnDisk } from "../power-cut/test-on-disk.ts";
import { alarmsOf } from "../sim/received.ts";
import { Site } from "./site.ts";
import { MINUTE, SECOND } from "./site-config.ts";
import { type SmallDisk, smallDisk } from "./small-disk.ts";

const tests = { tmpfs: testAsRoot, ext4: testOnDisk } as const;

for (const kind of ["tmpfs", "ext4"] as const) {
  tests[kind](
    `an hour in which others fill the disk twice, ${kind}: it alarms on, and nothing is missing behind`,
    async (t: ExecutionContext) => {
      t.timeout(110_000);
      const disk = smallDisk(t, kind);
      const site = await Site.open(t, {
        devices: { gas: {}, level: {} },
        alarms: { "gas-high": { setpoint: 50 } },
        buffer: { dir: disk.dir },
      });
      const buffer = () => site.gateway.running?.status().buffer;
      await site.pass(5 * MINUTE);

      await expectFull(site, disk, t);
      await site.pass(20 * MINUTE);
      const raised = site.clock.now();
      await expectTurn(site, t, 60, "unacknowledged");
      await site.pass(10 * MINUTE);
      disk.free();
      await site.pass(MINUTE);
      t.is(buffer()?.failing, null, "it recovers by itself");
      t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);

      await expectFull(site, disk, t);
      const returned = site.clock.now();
      await expectTurn(site, t, 10, "returned-unacknowledged");
      await site.pass(30 * MINUTE);
      t.true((buffer()?.waiting ?? 0) > 3000, "it measures on");
      disk.free();
      await site.pass(MINUTE);

      t.like(buffer(), { failing: null, refused: 0, refusedEvents: 0 });
      // A full disk may still take a small commit: then it fails, works and fails again.
      const turns = site.turns("buffer");
      t.true(turns.length >= 4 && turns.length % 2 === 0);
      t.true(turns.every((turn, i) => turn === (i % 2 === 0 ? "failing" : "working")));
      t.like(site.audit(), {
        readings: [{ gaps: 0, conflicts: 0 }],
        events: [{ gaps: 0, conflicts: 0 }],
      });
      for (const device of ["gas", "level"]) t.true(site.longestGapMs(device) < 1.5 * SECOND);
      const told = alarmsOf(site.broker.deliveries);
      t.is(told.length, 2);
      for (const [i, since] of [raised, returned].entries()) {
        t.true((told[i]?.at ?? Infinity) - since < 2 * SECOND, "and says when it was");
      }
      t.is(await site.brokenPromise(), null);
    },
  );
}

/**
 * Fills the disk, and expects that this is told: not before what the log of the database has of the
 * disk is written over, which takes minutes.
 */
async function expectFull(site: Site, disk: SmallDisk, t: ExecutionContext): Promise<void> {
  disk.fill();
  const failing = () => site.gateway.running?.status().buffer.failing ?? null;
  for (let minute = 1; failing() === null && minute <= 5; minute++) await site.pass(MINUTE);
  t.is(failing(), "buffer.full");
}

/** Sets the gas to `level`, and expects that the alarm is judged at once. */
async function expectTurn(
  site: Site,
  t: ExecutionContext,
  level: number,
  state: AlarmStateName,
): Promise<void> {
  site.setLevel("gas", level);
  await site.pass(2 * SECOND);
  t.is(site.gateway.running?.status().alarms[0]?.state, state);
}
