import test from "ava";
import type { Selection } from "../../edge/core/selection.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { timeOf } from "../../edge/forward/hj212/times.ts";
import { Hj212CentreModel } from "../centres/hj212-centre.ts";
import { NO_BROKER_FAULTS } from "../sim/broker.ts";
import { readingsOf } from "../sim/received.ts";
import { LOGIN, office } from "./hj212-office.ts";
import { Site } from "./site.ts";
import { MINUTE, pointOf, SECOND } from "./site-config.ts";

/** How long each thing fails, and how long all is calm behind it. */
const FAILING_MS = 4 * MINUTE;
const CALM_MS = 3 * MINUTE;

function selection(device: string, everyMs: number | null): Selection {
  const points = new Set([pointOf(device)]);
  return { readings: { rule: `${device} ${everyMs}`, points, everyMs }, events: null };
}

test("while everything fails in turn, each of four platforms gets all that is its own, without a gap", async (t) => {
  let now: () => WallMs = () => 0 as WallMs;
  const centre = new Hj212CentreModel(LOGIN, () => now());
  const every = { everyMs: 5 * SECOND };
  const site = await Site.open(t, {
    devices: { gas: every, water: every },
    alarms: { high: { setpoint: 50, severity: "red" } },
    others: { gas: selection("gas", null), bureau: selection("water", MINUTE) },
    centre: { destination: office("water"), answering: centre },
  });
  now = () => site.clock.now();
  const [gas, bureau] = [site.brokerOf("gas"), site.brokerOf("bureau")];
  const begun = site.clock.now();
  const troubles: readonly (readonly [begin: () => unknown, end: () => unknown])[] = [
    [() => site.broker.goAway(), () => site.broker.comeBack()],
    [() => gas.goAway(), () => gas.comeBack()],
    [() => bureau.goAway(), () => bureau.comeBack()],
    [() => site.centre?.unplug(), () => site.centre?.plug()],
    [
      () => {
        for (const each of [site.broker, gas, bureau]) {
          each.faults = { ackLost: 0.2, carryMs: 2000, slowMs: 3000 };
        }
      },
      () => {
        for (const each of [site.broker, gas, bureau]) each.faults = NO_BROKER_FAULTS;
      },
    ],
    [() => site.gateway.fillDisk(), () => site.gateway.freeDisk()],
    [() => site.gateway.fillDisk("buffer.io"), () => site.gateway.freeDisk()],
    [() => site.killAndRestart(), () => site.killAndRestart()],
    [
      () => {
        for (const each of [site.broker, gas, bureau]) each.goAway();
        site.centre?.unplug();
        return site.killAndRestart();
      },
      () => {
        for (const each of [site.broker, gas, bureau]) each.comeBack();
        site.centre?.plug();
      },
    ],
  ];
  for (const [i, [begin, end]] of troubles.entries()) {
    await begin();
    await site.pass(FAILING_MS / 2);
    site.setLevel("gas", i % 2 === 0 ? 60 : 10);
    await site.pass(FAILING_MS / 2);
    await end();
    await site.pass(CALM_MS);
  }
  await site.pass(25 * MINUTE);

  for (const broker of [site.broker, gas, bureau]) {
    const { readings, events } = site.audit(broker);
    t.like(readings, [{ gaps: 0, conflicts: 0 }]);
    t.like(events, [{ gaps: 0, conflicts: 0 }]);
  }
  const timesOf = (deliveries: typeof gas.deliveries) =>
    new Set(
      readingsOf(deliveries)
        .filter(({ point }) => point === pointOf("gas"))
        .map(({ at }) => at),
    );
  t.deepEqual(timesOf(gas.deliveries), timesOf(site.broker.deliveries), "the same readings");
  t.true(site.course("high").includes("unacknowledged"));
  const first = Math.ceil(begun / (10 * MINUTE));
  const last = Math.floor((site.clock.now() - 2 * MINUTE) / (10 * MINUTE)) - 1;
  t.true(last - first > 6);
  const told = centre.byTime("2051");
  for (let period = first; period <= last; period++) {
    t.true(told.has(timeOf((period * 10 * MINUTE) as WallMs)), `ten minutes ${period - first}`);
  }
  t.is(await site.brokenPromise(), null);
});
