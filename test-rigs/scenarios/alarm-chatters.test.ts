import test from "ava";
import { figuresOf, occurrencesIn } from "../../edge/alarm/figures.ts";
import { proposalsFor } from "../../edge/alarm/proposals.ts";
import type { AlarmRule } from "../../edge/core/alarm.ts";
import { Site } from "./site.ts";
import { SECOND } from "./site-config.ts";

/** A level that waves about its limit, in steps of seconds, for a minute. */
async function waves(site: Site): Promise<void> {
  for (let i = 0; i < 10; i++) {
    for (const level of [51, 51, 51, 49, 49, 49]) {
      site.setLevel("gas", level);
      await site.pass(SECOND);
    }
  }
}

test("a level that waves about its limit calls again and again, and the figures say what would help", async (t) => {
  const site = await Site.open(t, { alarms: { level: { deadband: 0, severity: "yellow" } } });
  await waves(site);
  const events = site.alarmEvents();
  const occurrences = occurrencesIn(events);
  t.true(occurrences.length >= 9);
  const figures = figuresOf(occurrences, events[0]!.at, events.at(-1)!.at);
  t.is(figures.chattering[0]?.alarm, "level");
  const [proposal] = proposalsFor(occurrences);
  t.like(proposal, { alarm: "level", kind: "deadband" });

  const rule: Partial<AlarmRule> = { deadband: proposal!.to, severity: "yellow" };
  const calm = await Site.open(t, { alarms: { level: rule } });
  await waves(calm);
  t.deepEqual(calm.course("level"), ["normal", "unacknowledged"], "the proposal keeps its word");
  t.is(await calm.brokenPromise(), null);
});

test("an off-delay holds the alarm through the waves as well", async (t) => {
  const rule = { deadband: 0, offDelayMs: 5 * SECOND };
  const site = await Site.open(t, { alarms: { level: rule } });
  await waves(site);
  t.deepEqual(site.course("level"), ["normal", "unacknowledged"]);
  await site.pass(10 * SECOND);
  t.is(site.course("level").at(-1), "returned-unacknowledged");
  t.is(await site.brokenPromise(), null);
});
