import test from "ava";
import { inOrder } from "../sim/received.ts";
import { Site } from "./site.ts";
import { MINUTE, SECOND, type Setting } from "./site-config.ts";

const valve = { area: "coil", type: "bool", scale: 1, write: true, unit: null } as const;

/** One line with the sensor and the valve, two more with a sensor each. */
const STORY: Setting = {
  devices: { gas: {}, valve, north: {}, south: {} },
  elsewhere: { north: "north-line", south: "south-line" },
  alarms: { "gas-high": { setpoint: 50 } },
  interlocks: { "shut-off": { release: false } },
};

/** From the condition to the write: one polling period, and the exchanges under way on the line. */
const WRITE_WITHIN_MS = 1300;
/** And to the centre: one commit more. */
const TOLD_WITHIN_MS = 1500;

/** How long it takes from now, when the level rises, to the write and to each event's coming. */
async function trip(site: Site) {
  const from = site.clock.uptime();
  const before = site.writes("valve").length;
  site.setLevel("gas", 60);
  await site.pass(5 * SECOND);
  const since = inOrder(site.broker.deliveries, "events").filter(
    ({ delivery }) => delivery.uptime >= from,
  );
  const cameOf = (kind: string, to: string) =>
    since.find(({ message }) => message.kind === kind && message.to === to)?.delivery.uptime ??
    Infinity;
  return {
    writeMs: (site.writes("valve")[before]?.at ?? Infinity) - from,
    alarmMs: cameOf("alarm", "unacknowledged") - from,
    turnMs: cameOf("interlock", "tripping") - from,
  };
}

test("two buses that are gone hold back neither the trip, the write nor the event of a third", async (t) => {
  for (const death of ["unplugged", "mute"] as const) {
    const site = await Site.open(t, STORY);
    await site.pass(10 * SECOND);
    for (const bus of [site.bus("north-line"), site.bus("south-line")]) {
      if (death === "unplugged") bus.unplug();
      else for (const unit of [3, 4]) bus.units.dead.add(unit);
    }
    await site.pass(MINUTE);
    for (const lost of ["north", "south"]) t.not(site.shown(lost)?.quality, "good", lost);

    // At several moments between two polls of the sensor.
    for (const phaseMs of [0, 330, 660, 990]) {
      const { writeMs, alarmMs, turnMs } = await trip(site);
      const told = `${death}, ${phaseMs}: ${JSON.stringify({ writeMs, alarmMs, turnMs })}`;
      t.true(writeMs <= WRITE_WITHIN_MS, told);
      t.true(alarmMs <= TOLD_WITHIN_MS && turnMs <= TOLD_WITHIN_MS, told);
      t.true(site.device("valve").isOn(0));
      site.setLevel("gas", 0);
      await site.pass(MINUTE + phaseMs);
      t.false(site.device("valve").isOn(0));
    }
    t.true(site.longestGapMs("gas") < 1500, "the line that lives is read on");
    t.is(await site.brokenPromise(), null);
  }
});
