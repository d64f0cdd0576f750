import { readFileSync } from "node:fs";
import test from "ava";
import { openLocalLedger } from "../../buffer/local.ts";
import type { LedgerState } from "../../edge/core/ledger.ts";
import { optionsFor } from "../sim/buffer-rig.ts";
import { scratchDirectory } from "../sim/scratch.ts";
import { Site } from "./site.ts";
import { MINUTE, SECOND, type Setting } from "./site-config.ts";

/** What the release before this one left of its memory: an alarm acknowledged, a valve shut by it. */
const LEFT = new URL("../golden/buffer/memories-4.json", import.meta.url);

type Memories = Pick<LedgerState, "alarms" | "interlocks" | "commands" | "wear" | "counters">;

const valve = { area: "coil", type: "bool", scale: 1, write: true, unit: null } as const;

const STORY: Setting = {
  devices: { gas: {}, valve },
  alarms: { "gas-high": { setpoint: 50 }, "gas-very-high": { setpoint: 900, latch: true } },
  interlocks: { "shut-off": { release: false } },
};

/** A buffer in which the release before stood when it was stopped for this one. */
async function bufferOfBefore(): Promise<{ readonly dir: string; readonly left: Memories }> {
  const dir = scratchDirectory();
  const left = JSON.parse(readFileSync(LEFT, "utf8")) as Memories;
  const ledger = await openLocalLedger(optionsFor(dir, { gateway: "gw-story" }));
  await ledger.commit(left);
  await ledger.close();
  return { dir, left };
}

/** What the buffer in `dir` remembers. */
async function memoriesIn(dir: string): Promise<Memories> {
  const ledger = await openLocalLedger(optionsFor(dir, { gateway: "gw-story" }));
  const { alarms, interlocks, commands, wear, counters } = await ledger.state();
  await ledger.close();
  return { alarms, interlocks, commands, wear, counters };
}

/** Where what stands in `now` is not what a release reads who wrote `before`: a member is gone or other. */
function unreadable(before: unknown, now: unknown, path = ""): readonly string[] {
  if (before === null || now === null) return [];
  if (typeof before !== "object") return typeof before === typeof now ? [] : [path];
  if (typeof now !== "object" || Array.isArray(before) !== Array.isArray(now)) return [path];
  return Object.entries(before).flatMap(([key, value]) => {
    const own = (now as Readonly<Record<string, unknown>>)[key];
    // Lists grow and shrink; of members what was always there must stay.
    if (own === undefined) return Array.isArray(before) ? [] : [`${path}.${key}`];
    return unreadable(value, own, `${path}.${key}`);
  });
}

test("what the release before remembered of alarms, interlocks and commands goes on in this one", async (t) => {
  const { dir, left } = await bufferOfBefore();
  const site = await Site.open(t, { ...STORY, dir });
  site.setLevel("gas", 60);
  await site.pass(MINUTE);
  const { alarms = [], interlocks = [] } = site.gateway.running?.status() ?? {};
  t.like(alarms, [
    { alarm: "gas-high", state: "acknowledged" },
    { alarm: "gas-very-high", state: "latched-unacknowledged" },
  ]);
  const [origin, trip] = [left.interlocks?.origin, left.interlocks?.memories[0]?.trip];
  t.like(interlocks, [
    { interlock: "shut-off", state: "tripped", trip: `shut-off/${origin}/${trip}` },
  ]);
  t.deepEqual(site.course("gas-high"), [], "nobody is called again");
});

test("what this release remembers can be read by the one before: nothing that was there is gone", async (t) => {
  const { dir, left } = await bufferOfBefore();
  const site = await Site.open(t, { ...STORY, dir });
  site.setLevel("gas", 60);
  await site.pass(MINUTE);
  site.setLevel("gas", 10);
  await site.pass(10 * SECOND);
  site.setLevel("gas", 70);
  await site.pass(10 * SECOND);
  await site.gateway.kill();
  const now = await memoriesIn(dir);
  t.deepEqual(unreadable(left, now), []);
  t.deepEqual(now.commands?.ids, left.commands?.ids);
  t.deepEqual(now.counters, left.counters);
});

test("a member that is gone or other would be seen", (t) => {
  const before = { alarms: [{ alarm: "a", basis: { limit: 1 } }], commands: { ids: ["x"] } };
  t.deepEqual(unreadable(before, { ...before, more: 1 }), []);
  t.deepEqual(unreadable(before, { ...before, commands: { names: [] } }), [".commands.ids"]);
  t.deepEqual(unreadable(before, { ...before, alarms: [{ alarm: 7, basis: { limit: 1 } }] }), [
    ".alarms.0.alarm",
  ]);
});
