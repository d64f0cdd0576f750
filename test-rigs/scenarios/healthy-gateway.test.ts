import test from "ava";
import type { BusConfig } from "../../config/gateway-config.ts";
import { isRead } from "../../edge/acquire/open-session.ts";
import { rememberedIn } from "../../edge/cli/doctor-memory.ts";
import { exchangesOf } from "../../edge/cli/doctor-wire.ts";
import type { BusFacts } from "../../edge/doctor/bus-facts.ts";
import type { Facts } from "../../edge/doctor/facts.ts";
import { diagnose } from "../../edge/doctor/rules.ts";
import { placeTrials, unitTrials } from "../../edge/doctor/trials.ts";
import { Site } from "./site.ts";
import { MINUTE, type Setting } from "./site-config.ts";

const DEVICES = { gas: {}, level: {}, pressure: {}, flow: {} };

/** What befalls a line in an ordinary cabinet, as shares of all answers. */
const ORDINARY = { noisy: 0.02, flipped: 0.005, split: 0.1, dead: 0.004, late: 0.002, slow: 0.05 };

for (const [name, setting, faults] of [
  ["a calm line", {}, {}],
  ["a line with ordinary noise", {}, ORDINARY],
  ["a connection", { line: "tcp" }, {}],
] as const satisfies readonly (readonly [string, Setting, object])[]) {
  test(`nothing is found where a gateway reads ${name} for ten minutes`, async (t) => {
    const site = await Site.open(t, { devices: DEVICES, ...setting });
    (site.line as { units: { faults: object } }).units.faults = faults;
    // Levels that move as levels do: slowly, with times of rest.
    for (let minute = 0; minute < 10; minute++) {
      site.setLevel("level", minute % 5);
      await site.pass(MINUTE);
      const facts = await factsOf(site);
      t.true((facts.buses[0]?.exchanges.length ?? 0) > 100, "there is something to judge by");
      t.deepEqual(diagnose(facts), [], `minute ${minute}`);
      t.deepEqual([placeTrials(facts), unitTrials(facts, false)], [[], []], "nothing is asked");
    }
  });
}

test("a line on which a device answers is never lent to be asked at other settings", async (t) => {
  const site = await Site.open(t, { devices: DEVICES });
  await site.pass(MINUTE);
  for (const unit of [2, 3, 4]) site.line.units.dead.add(unit);
  await site.pass(MINUTE);
  const query = { kind: "place", area: "holding", address: 0, count: 1 } as const;
  const order = {
    bus: "line",
    settings: [{ baud: 19_200, format: "8N1" }],
    asked: [{ unit: 2, query }],
    timeoutMs: 100,
    isForced: true,
  } as const;
  const error = await t.throwsAsync(async () => await site.gateway.running?.field.attune(order));
  t.regex(error?.message ?? "", /devices on the bus line answer/);
  await site.pass(MINUTE);
  t.true(site.readings("gas").every(({ quality }) => quality === "good"));
});

/** What the doctor would gather of the gateway of `site`. */
async function factsOf({ gateway, clock }: Site): Promise<Facts> {
  const { running, lives } = gateway;
  const config = lives.at(-1)?.config;
  if (running === null || config === undefined) throw new Error("no gateway runs");
  const exchanges = (bus: BusConfig) =>
    isRead(bus)
      ? exchangesOf((from) => Promise.resolve(running.trace(bus.name, from)), bus)
      : Promise.resolve([]);
  const buses: BusFacts[] = [];
  for (const bus of config.buses) {
    const known = { port: null, attuned: null, strangers: [] };
    buses.push({ bus: bus.name, ...known, exchanges: await exchanges(bus) });
  }
  return {
    at: clock.now(),
    config,
    configuredAt: null,
    status: { ...running.status(), pid: 1 },
    unasked: null,
    buses,
    places: [],
    uplinks: [],
    machine: null,
    buffer: null,
    ...rememberedIn(config, clock.now()),
  };
}
