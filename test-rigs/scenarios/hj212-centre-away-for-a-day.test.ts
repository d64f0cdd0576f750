import test from "ava";
import type { WallMs } from "../../edge/core/time.ts";
import { timeOf } from "../../edge/forward/hj212/times.ts";
import { Hj212CentreModel, told } from "../centres/hj212-centre.ts";
import { LOGIN, office } from "./hj212-office.ts";
import { Site } from "./site.ts";
import { DAY, HOUR, MINUTE, SECOND } from "./site-config.ts";

function bureau() {
  let now: () => WallMs = () => 0 as WallMs;
  const centre = new Hj212CentreModel(LOGIN, () => now());
  const setting = { centre: { destination: office("gas"), answering: centre } };
  const open = async (t: Parameters<typeof Site.open>[0]) => {
    const site = await Site.open(t, { ...setting, devices: { gas: { everyMs: MINUTE } } });
    now = () => site.clock.now();
    return site;
  };
  return { centre, open };
}

test("a centre that was away for a day gets every period of it, and the broker misses nothing", async (t) => {
  const { centre, open } = bureau();
  const site = await open(t);
  site.setLevel("gas", 12);
  await site.pass(25 * MINUTE);
  t.is(centre.byTime("2051").size, 2);
  site.centre?.unplug();
  await site.pass(DAY / 2);
  await site.killAndRestart();
  await site.pass(DAY / 2);
  t.is(centre.byTime("2051").size, 2);
  const owed = site.gateway.running
    ?.status()
    .destinations.find((each) => each.state !== "connected");
  t.true((owed?.owed.readings ?? 0) > 1400);
  site.centre?.plug();
  await site.pass(10 * MINUTE);

  const begin = Date.UTC(2026, 0, 1);
  const minutes = centre.byTime("2051");
  const times = Array.from({ length: 147 }, (_, i) => timeOf((begin + i * 10 * MINUTE) as WallMs));
  t.deepEqual(
    times.filter((time) => !minutes.has(time)),
    [],
  );
  t.is(centre.byTime("2061").size, 24);
  t.is(centre.byTime("2031").size, 1);
  t.true(minutes.values().every((message) => told(message, "w01018", "Flag") === "N"));
  const means = new Set(Array.from(minutes.values(), (each) => told(each, "w01018", "Avg")));
  t.deepEqual(means, new Set(["12.0"]));
  const seen = centre.received.filter(({ cn }) => cn === "2051");
  t.is(seen.length, minutes.size);
  t.is(await site.brokenPromise(), null);
});

test("while a day's history is asked for, what is of now is told on time", async (t) => {
  const { centre, open } = bureau();
  const site = await open(t);
  await site.pass(DAY);
  const count = centre.received.length;
  centre.ask("2011");
  const span = [site.clock.now() - DAY, site.clock.now()].map((at) => timeOf(at as WallMs));
  const qn = centre.ask("2051", { BeginTime: span[0] as string, EndTime: span[1] as string });
  await site.pass(10 * MINUTE);
  t.deepEqual(centre.resultsOf(qn), ["1", "1"]);
  const later = centre.received.slice(count);
  t.is(later.filter(({ cn }) => cn === "2051").length, 143 + 1);
  const moments = later.filter(({ cn }) => cn === "2011").map(({ dataTime }) => dataTime);
  t.true(moments.length >= 19, `${moments.length} moments`);
  t.true(moments.every((time) => /[03]0$/.test(time)));
});

test("a centre that sets the clock gives the time to a gateway that has none", async (t) => {
  const { centre, open } = bureau();
  const site = await open(t);
  site.clock.setState("unsynced");
  await site.pass(MINUTE);
  centre.ask("1012", { SystemTime: timeOf(site.clock.now()) });
  await site.pass(SECOND);
  const status = site.gateway.running?.status();
  t.is(status?.clock, "corrected");
  t.is(status?.time.source, "office");
});

test("a centre that answers nothing holds up nobody else", async (t) => {
  const { centre, open } = bureau();
  const site = await open(t);
  centre.losesAnswerTo = () => true;
  await site.pass(2 * HOUR);
  const [broker, dead] = site.gateway.running?.status().destinations ?? [];
  t.true((broker?.owed.readings ?? 99) <= 2);
  t.true((dead?.owed.readings ?? 0) > 100);
  t.true((dead?.inFlight ?? 9) <= 1);
  t.is(await site.brokenPromise(), null);
});
