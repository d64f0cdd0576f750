import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { configOf, DAY, HOUR, MINUTE, SECOND } from "../scenarios/site-config.ts";
import { SimClock } from "../sim/clock.ts";
import { Random } from "../sim/random.ts";
import { scratchDirectory } from "../sim/scratch.ts";
import { SimSite } from "../sim/site.ts";
import { Trace } from "../sim/trace.ts";
import type { Course } from "./slope.ts";

/**
 * Days of a gateway with three devices, two alarms, a small buffer and a mobile link, in virtual
 * time, looked at `looks` times, eight at least: in each part between two looks the line is pulled
 * and the centre is away for a while. Heap counts what is left after a collection, without what the
 * simulation itself notes down.
 */
export async function virtualWeek(days: number, looks: number): Promise<readonly Course[]> {
  const dir = scratchDirectory();
  try {
    return await lookedAt(dir, (days * DAY) / looks, looks);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function lookedAt(dir: string, everyMs: number, looks: number): Promise<readonly Course[]> {
  const clock = new SimClock();
  const trace = new Trace(clock, 10);
  const site = siteIn(dir, clock, trace);
  const { gateway, broker } = site;
  const [heap, timers, buffer, log]: readonly [number[], number[], number[], number[]] = [
    [],
    [],
    [],
    [],
  ];
  await gateway.start();
  let told = trace.count;
  for (let look = 0; look < looks; look++) {
    site.place("line").unplug();
    await clock.advance(everyMs * 0.02);
    site.place("line").plug();
    await clock.advance(everyMs * 0.4);
    broker.goAway();
    await clock.advance(everyMs * 0.2);
    broker.comeBack();
    await clock.advance(everyMs * 0.38);
    log.push(trace.count - told);
    told = trace.count;
    forget(site);
    heap.push(heapMb());
    timers.push(clock.timers);
    buffer.push(bytesIn(dir) / 1e6);
  }
  if (gateway.died !== null) throw gateway.died;
  await gateway.kill();
  return [
    { name: "heap", unit: "MB", values: heap, tolerance: 0.5 },
    { name: "timers", unit: "set at once", values: timers, tolerance: 2 },
    { name: "buffer", unit: "MB", values: buffer, tolerance: 0.1 },
    { name: "happenings told", unit: "a part", values: log, tolerance: 20 },
  ];
}

function siteIn(dir: string, clock: SimClock, trace: Trace): SimSite {
  const everyMs = 10 * SECOND;
  const config = configOf(
    {
      devices: { gas: { everyMs }, level: { everyMs }, leak: { everyMs: MINUTE } },
      alarms: { "gas-high": {}, "level-high": { point: "level.level", setpoint: 80 } },
      buffer: { maxBytes: 120_000, commitMs: 10 * SECOND, aroundMs: MINUTE },
    },
    dir,
  );
  return new SimSite({
    ...{ config, clock, trace, random: new Random(1) },
    courseOf: () => (ms) => 100 * Math.sin((2 * Math.PI * ms) / HOUR),
  });
}

/** What the simulation notes down to be judged by grows for ever; here nobody judges by it. */
function forget({ truths, broker, gateway }: SimSite): void {
  for (const { requests, answers, openings } of truths) {
    // The last may still be under way.
    for (const list of [requests, answers, openings]) list.splice(0, list.length - 1);
  }
  const { stored, storedEvents, dropped, thinned, refused } = gateway;
  for (const list of [broker.deliveries, stored, storedEvents, dropped, thinned, refused]) {
    list.length = 0;
  }
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heapMb(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed / 1e6;
}

function bytesIn(dir: string): number {
  return readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
}
