import test from "ava";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Selection } from "../../edge/core/selection.ts";
import type { Delivery } from "../sim/broker.ts";
import { inOrder, messagesOf, readingsOf } from "../sim/received.ts";
import { Site } from "./site.ts";
import { DAY, HOUR, MINUTE, SECOND } from "./site-config.ts";

const ALL = { readings: null, events: null } as const;

/** The points of `devices`, in full or one reading a window. */
function some(devices: readonly string[], everyMs: number | null = null): Selection {
  const points = new Set(devices.map((name) => `${name}.level`));
  return { ...ALL, readings: { rule: `${devices} ${everyMs}`, points, everyMs } };
}

const REDS: Selection["events"] = {
  rule: "red",
  kinds: new Set(["alarm"]),
  severity: "red",
  alarms: null,
};

/** The devices of which something came. */
function devicesIn(deliveries: readonly Delivery[]): readonly string[] {
  const series = inOrder(deliveries, "readings").flatMap(({ message }) => message.series ?? []);
  return [...new Set(series.map(({ point }) => point.split(".")[0] ?? ""))].toSorted();
}

/** Every window that came of `point`: its end, and how many readings it had. */
function windowsOf(deliveries: readonly Delivery[], point: string) {
  return inOrder(deliveries, "readings").flatMap(({ message }) =>
    (message.series ?? [])
      .filter((series) => series.point === point)
      .flatMap(({ t, window, n }) =>
        t.map((after, i) => ({
          at: (message.at ?? 0) + after,
          begin: Math.floor(((message.at ?? 0) + after) / (window ?? 1)) * (window ?? 1),
          n: n?.[i] ?? 0,
        })),
      ),
  );
}

test("three destinations get each its own, complete and in order, though one is dead for a day", async (t) => {
  const every = { everyMs: 15 * SECOND };
  const site = await Site.open(t, {
    devices: { gas: every, water: every, level: every },
    buffer: { commitMs: 15 * SECOND },
    alarms: { high: { setpoint: 50, severity: "red" }, low: { setpoint: 40, severity: "blue" } },
    others: { gas: { ...some(["gas"]), events: REDS }, bureau: some(["gas", "water"], MINUTE) },
  });
  const [gas, bureau] = [site.brokerOf("gas"), site.brokerOf("bureau")];
  await site.pass(10 * MINUTE);
  bureau.goAway();
  await site.pass(DAY / 2);
  site.setLevel("gas", 60);
  await site.pass(DAY / 2);
  t.deepEqual(site.owed, { readings: 0, events: 0 }, "nobody waits for who is dead");
  const [, , dead] = site.gateway.running?.status().destinations ?? [];
  t.true((dead?.owed.readings ?? 0) >= 1430);
  bureau.comeBack();
  await site.pass(HOUR);

  t.deepEqual(devicesIn(site.broker.deliveries), ["gas", "level", "water"]);
  t.deepEqual(devicesIn(gas.deliveries), ["gas"]);
  t.deepEqual(devicesIn(bureau.deliveries), ["gas", "water"]);
  for (const broker of [site.broker, gas, bureau]) {
    const { readings, events } = site.audit(broker);
    t.like(readings, [{ gaps: 0, conflicts: 0 }]);
    t.like(events, [{ gaps: 0, conflicts: 0 }]);
  }
  const all = site.readingsAt("gas.level").length;
  t.is(readingsOf(gas.deliveries).length, all);
  t.deepEqual(
    [...new Set(messagesOf(gas.deliveries, "events").map(({ message }) => message.alarm))],
    ["high"],
  );
  const windows = windowsOf(bureau.deliveries, "gas.level");
  t.true(windows.length >= 24 * 60);
  t.deepEqual(
    windows.map(({ begin }, i) => begin - (windows[i - 1]?.begin ?? begin - MINUTE)),
    windows.map(() => MINUTE),
  );
  t.true(windows.slice(1).every(({ n }) => n === 4));
  t.is(await site.brokenPromise(), null);
});

test("a gateway that is killed amid a window loses nothing of it", async (t) => {
  const site = await Site.open(t, { others: { bureau: some(["gas"], MINUTE) } });
  const bureau = site.brokerOf("bureau");
  for (let kills = 0; kills < 5; kills++) {
    await site.pass(2 * MINUTE + 20 * SECOND);
    await site.killAndRestart();
  }
  await site.pass(3 * MINUTE);
  t.like(site.audit(bureau).readings, [{ gaps: 0, conflicts: 0 }]);
  const windows = windowsOf(bureau.deliveries, "gas.level");
  const [begin, end] = [windows[0]?.begin ?? 0, (windows.at(-1)?.begin ?? 0) + MINUTE];
  const within = site.readingsAt("gas.level").filter(({ at }) => begin <= at && at < end);
  const told = windows.reduce((sum, { n }) => sum + n, 0);
  t.is(told, within.filter(({ quality }) => quality === "good").length);
  t.is(new Set(windows.map((window) => window.begin)).size, windows.length, "each window once");
  t.is(await site.brokenPromise(), null);
});

test("windows of a time that comes to be known are told with it", async (t) => {
  const site = await Site.open(t, {
    clock: "unsynced",
    others: { bureau: some(["gas"], MINUTE), gas: some(["gas"]) },
  });
  await site.pass(5 * MINUTE + 30 * SECOND);
  const [bureau, gas] = [site.brokerOf("bureau"), site.brokerOf("gas")];
  t.is(readingsOf(bureau.deliveries).length + readingsOf(gas.deliveries).length, 0);
  site.syncClock(DAY);
  await site.pass(5 * MINUTE);
  for (const broker of [bureau, gas]) {
    t.like(site.audit(broker).readings, [{ gaps: 0, conflicts: 0 }]);
    const clocks = inOrder(broker.deliveries, "readings").map(({ message }) => message.clock);
    t.deepEqual([...new Set(clocks)], ["corrected", "synced"]);
  }
  const times = site.readingsAt("gas.level").map(({ at }) => at);
  const isKnown = (time: number) => times.some((at) => Math.abs(at - time) <= 1);
  t.true(readingsOf(gas.deliveries).every(({ at }) => times.includes(at)));
  const windows = windowsOf(bureau.deliveries, "gas.level");
  t.true(windows.length >= 9);
  t.true(windows.every(({ at }) => isKnown(at)));
  t.is(await site.brokenPromise(), null);
});

/** The configuration of `site` at its first start, with this for its destination `name`. */
function changed(site: Site, name: string, selection: Selection): GatewayConfig {
  const config = site.gateway.lives[0]?.config as GatewayConfig;
  const destinations = config.destinations.map((each) =>
    each.name === name ? { ...each, selection } : each,
  );
  return { ...config, destinations, fingerprint: "sha256:1" };
}

test("a selection that is changed loses nothing of what the one before owes, nor of what comes", async (t) => {
  const site = await Site.open(t, {
    devices: { gas: {}, water: {} },
    others: { bureau: some(["gas"]) },
  });
  const bureau = site.brokerOf("bureau");
  await site.pass(MINUTE);
  bureau.goAway();
  await site.pass(5 * MINUTE);
  await site.gateway.kill();
  await site.gateway.start(changed(site, "bureau", some(["water"])));
  await site.pass(5 * MINUTE);
  bureau.comeBack();
  await site.pass(10 * MINUTE);
  const { readings } = site.audit(bureau);
  t.is(readings.length, 2);
  for (const stream of readings) t.like(stream, { gaps: 0, conflicts: 0 });
  const [gas, water] = ["gas", "water"].map((name) =>
    readingsOf(bureau.deliveries).filter(({ point }) => point === `${name}.level`),
  );
  const last = gas?.at(-1)?.at ?? 0;
  t.is(gas?.length, site.readings("gas").filter(({ at }) => at <= last).length);
  const first = water?.[0]?.at ?? 0;
  t.is(water?.length, site.readings("water").filter(({ at }) => at >= first).length);
  t.true(first - last <= site.longestGapMs("water") + SECOND, `${first - last}`);
  t.is(await site.brokenPromise(), null);
});

test("a destination that gets a selection is sent all that it was owed before, and back again", async (t) => {
  const site = await Site.open(t, { devices: { gas: {}, water: {} }, others: { bureau: ALL } });
  const bureau = site.brokerOf("bureau");
  await site.pass(MINUTE);
  bureau.goAway();
  await site.pass(2 * MINUTE);
  for (const selection of [some(["gas"]), ALL]) {
    await site.gateway.kill();
    await site.gateway.start(changed(site, "bureau", selection));
    await site.pass(2 * MINUTE);
  }
  bureau.comeBack();
  await site.pass(10 * MINUTE);
  const all = readingsOf(bureau.deliveries).filter(({ point }) => point === "gas.level");
  t.is(all.length, site.readings("gas").length, "each reading of gas once, whatever the stream");
  const water = readingsOf(bureau.deliveries).filter(({ point }) => point === "water.level");
  t.true(water.length < all.length - 100 && water.length > 200);
  t.is(site.audit(bureau).readings.length, 2);
  t.is(await site.brokenPromise(), null);
});
