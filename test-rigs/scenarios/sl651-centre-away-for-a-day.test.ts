import test from "ava";
import type { Sl651Destination } from "../../config/centre-config.ts";
import type { WallMs } from "../../edge/core/time.ts";
import type { Part } from "../../edge/forward/sl651/body.ts";
import { Sl651CentreModel } from "../centres/sl651-centre.ts";
import { Site } from "./site.ts";
import { DAY, HOUR, MINUTE, pointOf, SECOND } from "./site-config.ts";

const LOGIN = { centre: 5, station: "0011223344", password: "03E8", encoding: "hex" } as const;

const DESTINATION: Sl651Destination = {
  kind: "sl651",
  name: "river-office",
  tcp: { host: "river", port: 9700, connectTimeoutMs: 3000 },
  ...LOGIN,
  stationClass: "H",
  wantsConfirmation: true,
  timeoutMs: 10 * SECOND,
  bodyMax: 220,
  keepAliveMs: 40 * SECOND,
  isHourly: true,
  timedH: null,
  uniformMs: 5 * MINUTE,
  extraMs: null,
  remote: { clock: true, times: true },
  elements: [{ code: "Z", point: pointOf("gas"), scale: 1, holdMs: 3 * MINUTE }],
  state: [{ bit: 2, alarms: ["flood"] }],
};

async function river(t: Parameters<typeof Site.open>[0]) {
  let now: () => WallMs = () => 0 as WallMs;
  const centre = new Sl651CentreModel(LOGIN, () => now());
  const site = await Site.open(t, {
    centre: { destination: DESTINATION, answering: centre },
    devices: { gas: { everyMs: MINUTE } },
    alarms: { flood: {} },
  });
  now = () => site.clock.now();
  return { centre, site };
}

test("a centre that was away for a day hears of the flood first, and then of every hour", async (t) => {
  const { centre, site } = await river(t);
  site.setLevel("gas", 12);
  await site.pass(25 * MINUTE);
  site.centre?.unplug();
  await site.pass(DAY / 2);
  site.setLevel("gas", 60);
  await site.pass(HOUR);
  await site.killAndRestart();
  await site.pass(DAY / 2 - HOUR);
  const count = centre.received.length;
  site.centre?.plug();
  await site.pass(5 * MINUTE);

  const later = centre.received.slice(count);
  t.is(later[0]?.functionCode, 0x33);
  t.deepEqual(centre.valueOf(later[0], "ZT"), { kind: "state", word: 4 });
  t.is(centre.byTime(0x34).size, 24);
  t.is(centre.byTime(0x31).size, 24);
  t.is(later.filter(({ functionCode }) => functionCode === 0x34).length, 24);
  const steps = centre.received
    .filter(({ functionCode }) => functionCode === 0x31)
    .flatMap((message) => centre.stepsOf(message));
  t.is(steps.length, 24 * 12);
  t.true(steps.every(({ kind }) => kind === "number"));
  const owed = site.gateway.running?.status().destinations[1]?.owed;
  t.deepEqual(owed, { readings: 0, events: 0 });
  t.is(await site.brokenPromise(), null);
});

test("a query while reports go, with confirmations that are lost, is replied to whole", async (t) => {
  const { centre, site } = await river(t);
  site.setLevel("gas", 12);
  await site.pass(3 * HOUR + 30 * SECOND);
  let answers = 0;
  centre.losesAnswerTo = () => answers++ % 2 === 0;
  const head = { lead: 0x39, tag: "Z", length: 4, decimals: 3 };
  const parts: readonly Part[] = [
    { kind: "span", from: "26010109", to: "26010111" },
    { kind: "step", raw: "000005" },
    { kind: "identifier", head },
  ];
  await site.pass(57 * MINUTE);
  centre.ask(0x38, parts);
  centre.ask(0x4a);
  await site.pass(30 * MINUTE);
  const reply = centre.replies.find(({ functionCode }) => functionCode === 0x38);
  t.is(centre.stepsOf(reply).length, 25);
  t.is(centre.byTime(0x34).size, 4);
});
