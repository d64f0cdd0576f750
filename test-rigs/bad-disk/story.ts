import { readdirSync } from "node:fs";
import process from "node:process";
import type { ExecutionContext } from "ava";
import { Site } from "../scenarios/site.ts";
import { MINUTE, SECOND } from "../scenarios/site-config.ts";
import { Random } from "../sim/random.ts";
import { alarmsOf } from "../sim/received.ts";
import { Orders } from "./orders.ts";

/**
 * `story.ts NAME DIR ORDERS SEED`: tells one story of a gateway in virtual time, whose buffer is in
 * DIR and whose disk refuses writes by the file ORDERS. Prints as JSON what came of it.
 */
const [name, dir = "", file = "", seed] = process.argv.slice(2);
const orders = new Orders(file);
const random = new Random(Number(seed));

/** What is known at the end, or was seen on the way. */
export type Outcome = {
  /** What the status called failing, each once. */
  readonly failing: readonly string[];
  /** How many writes failed. */
  readonly failed: number;
  /** How late the edge judged an alarm, at most, in milliseconds. */
  readonly judgedMs: number;
  /** How often the level crossed the setpoint, and how many events of that came. */
  readonly turns: number;
  readonly told: number;
  /** How much earlier or later than its cause an event says that it was, at most. */
  readonly tellsMs: number;
  readonly longestGapMs: number;
  readonly refused: number;
  readonly streams: readonly { readonly gaps: number; readonly conflicts: number }[];
  readonly broken: string | null;
  /** The names in DIR. */
  readonly files: readonly string[];
};

const ends: (() => unknown)[] = [];
const test = { teardown: (end: () => unknown) => ends.push(end) } as unknown as ExecutionContext;
const site = await Site.open(test, {
  alarms: { "gas-high": { setpoint: 50 } },
  buffer: { dir },
});
const seen = new Set<string>();
const crossings: number[] = [];
let judgedMs = 0;

/** Lets `ms` pass and looks at the status. */
async function pass(ms: number): Promise<void> {
  await site.pass(ms);
  const { failing } = site.gateway.running?.status().buffer ?? { failing: "it died" };
  if (failing !== null) seen.add(failing);
}

/** The level crosses the setpoint; the alarm must be judged within three seconds. */
async function cross(): Promise<void> {
  const isHigh = crossings.length % 2 === 0;
  const was = site.gateway.running?.status().alarms[0]?.state;
  site.setLevel("gas", isHigh ? 60 : 10);
  const from = site.clock.now();
  crossings.push(from);
  while (site.gateway.running?.status().alarms[0]?.state === was) {
    if (site.clock.now() - from > 3 * SECOND) break;
    await pass(SECOND / 10);
  }
  judgedMs = Math.max(judgedMs, site.clock.now() - from);
}

const STORIES: Readonly<Record<string, () => Promise<void>>> = {
  /** Each of the first writes of a commit fails once, then any, up to amid a checkpoint. */
  "each-write": async () => {
    for (let skip = 0; skip < 40; skip++) {
      orders.refuse("EIO", skip, 1);
      if (skip % 10 === 5) await cross();
      await pass(20 * SECOND);
    }
    for (let turn = 0; turn < 60; turn++) {
      orders.refuse("EIO", random.integer(0, 700), random.integer(1, 5));
      if (turn % 10 === 5) await cross();
      await pass(MINUTE);
    }
  },
  "eio-for-an-hour": () => refuseForAnHour("EIO"),
  "read-only-for-an-hour": () => refuseForAnHour("EROFS"),
};

async function refuseForAnHour(error: "EIO" | "EROFS"): Promise<void> {
  await pass(5 * MINUTE);
  for (let half = 0; half < 2; half++) {
    orders.refuse(error);
    await pass(20 * MINUTE);
    await cross();
    await pass(10 * MINUTE);
    orders.allow();
    await pass(2 * MINUTE);
  }
}

await STORIES[name ?? ""]?.();
orders.allow();
await pass(5 * MINUTE);
const told = alarmsOf(site.broker.deliveries);
const tells = told.map(({ at }, i) => Math.abs(at - (crossings[i] ?? 0)));
const refused = site.gateway.running?.status().buffer.refused ?? 0;
const broken = await site.brokenPromise();
const { readings, events } = site.audit();
const outcome: Outcome = {
  failing: [...seen],
  failed: orders.failed,
  judgedMs,
  turns: crossings.length,
  told: told.length,
  tellsMs: Math.max(0, ...tells),
  longestGapMs: site.longestGapMs("gas"),
  refused,
  streams: [...readings, ...events].map(({ gaps, conflicts }) => ({ gaps, conflicts })),
  broken,
  files: readdirSync(dir),
};
for (const end of ends) await end();
process.stdout.write(`outcome ${JSON.stringify(outcome)}\n`);
