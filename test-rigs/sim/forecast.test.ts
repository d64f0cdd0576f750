import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { loadConfig } from "../../config/load.ts";
import { type BusPlan, planBuses } from "../../edge/acquire/poll-plan.ts";
import type { AnswerTruth } from "./bus-truth.ts";
import { SimClock } from "./clock.ts";
import { Random } from "./random.ts";
import type { SimSerialLine } from "./serial-line.ts";
import { SimSite } from "./site.ts";
import { Trace } from "./trace.ts";

/**
 * Simulated devices begin their answers 0.5 to 15.5 ms after the silence. What happens on average
 * is foreseen with the mean, what happens at worst with the most.
 */
const MEAN_MS = 8;
const MOST_MS = 15.5;

/** How far what happens may be off what was foreseen. */
const SHARE_OFF = 0.05;
/** How long the gateway runs: a whole number of every period. */
const LASTING_MS = 180_000;

/** What was foreseen, and the line on which it happened. */
type Run = { readonly plan: BusPlan; readonly line: SimSerialLine };

/** What a test says of its line; the rest does not matter to it. */
type Some = {
  readonly devices: string;
  readonly baud?: number;
  readonly turnaroundMs?: number;
  /** Units that never answer. */
  readonly dead?: readonly number[];
};

/** Runs the whole gateway on a line with these devices. */
async function run(t: ExecutionContext, some: Some): Promise<Run> {
  const { devices, baud = 9600, turnaroundMs = MEAN_MS, dead = [] } = some;
  const dir = mkdtempSync(join(tmpdir(), "lifeline-forecast-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const { config } = loadConfig(
    `gateway: { id: gw }
buses: { line: { kind: modbus-rtu, port: /dev/line, baud: ${baud}, format: 8E1, turnaround: ${turnaroundMs}ms } }
devices: { ${devices} }
buffer: { dir: ${dir} }
destinations: { centre: { kind: mqtt, url: mqtt://sim } }`,
    { profiles: new Map(), readFile: () => "", env: () => undefined },
  );
  if (config === null) throw new Error("the configuration cannot be used");
  const clock = new SimClock();
  const site = new SimSite({
    config,
    clock,
    random: new Random(1),
    trace: new Trace(clock, 100),
    courseOf: () => () => 0,
  });
  const line = site.lines.get("line") as SimSerialLine;
  for (const unit of dead) line.units.dead.add(unit);
  await site.gateway.start();
  await clock.advance(LASTING_MS);
  const stopped = site.gateway.stop();
  await clock.advance(5000);
  await stopped;
  t.deepEqual(line.units.truth.violations, []);
  return { plan: planBuses(config)[0] as BusPlan, line };
}

/** A device with `registers` registers in one request. */
function device(unit: number, registers: number, every: string): string {
  const points = Array.from(
    { length: registers },
    (_, address) => `r${address}: { area: holding, address: ${address}, type: uint16 }`,
  );
  return `d${unit}: { bus: line, unit: ${unit}, every: ${every}, points: { ${points.join(", ")} } }`;
}

function answersOf({ line }: Run): readonly AnswerTruth[] {
  return line.units.truth.answers.filter(({ deliveredAt }) => deliveredAt !== null);
}

/** The longest between two answers that brought `point`, from the first request of it on. */
function longestGapMs(run: Run, point: string): number {
  const times = answersOf(run)
    .filter(({ request }) => request.points.includes(point))
    .map(({ deliveredAt }) => deliveredAt as number);
  return Math.max(...times.map((at, index) => at - (times[index - 1] ?? at)));
}

function isNear(t: ExecutionContext, foreseen: number, happened: number, what: string): void {
  const share = foreseen / happened;
  t.true(Math.abs(share - 1) <= SHARE_OFF, `${what}: foreseen ${foreseen}, happened ${happened}`);
}

for (const baud of [1200, 9600, 115_200]) {
  test(`at ${baud} baud the line is as busy as it was foreseen`, async (t) => {
    const every = baud === 1200 ? "5s" : "500ms";
    const devices = [device(1, 1, every), device(2, 10, every), device(3, 60, "5s")].join(", ");
    const seen = await run(t, { devices, baud });
    const answers = answersOf(seen);
    const busyMs = answers.reduce((sum, { request, deliveredAt }) => {
      return sum + (deliveredAt as number) - request.at + seen.line.timing.silenceMs;
    }, 0);
    isNear(t, seen.plan.forecast.load, busyMs / LASTING_MS, "load");
  });
}

test("a line that has no time left serves as many rounds as it was foreseen", async (t) => {
  const devices = [1, 2, 3, 4].map((unit) => device(unit, 5 * unit, "50ms")).join(", ");
  const seen = await run(t, { devices });
  const answers = answersOf(seen);
  const lastedMs = (answers.at(-1)?.deliveredAt as number) - (answers[0]?.request.at as number);
  const rounds = answers.length / 4;
  t.is(seen.plan.verdict, "overloaded");
  isNear(t, seen.plan.forecast.roundMs, lastedMs / rounds, "round");
});

test("no value gets older than it was foreseen, and one gets nearly as old", async (t) => {
  // What is read seldom comes first in the file, and once in ten seconds all of it is in the way.
  const slow = [1, 2, 3, 4, 5].map((unit) => device(unit, 100, "10s"));
  const devices = [...slow, device(6, 1, "1s")].join(", ");
  const seen = await run(t, { devices, turnaroundMs: MOST_MS });
  for (const { request, ageMs } of seen.plan.forecast.requests) {
    const id = request.points[0]?.point.id as string;
    // A value is as old as what the device held when it was asked.
    t.true(longestGapMs(seen, id) <= ageMs, id);
  }
  const fast = seen.plan.forecast.requests.at(-1);
  const gapMs = longestGapMs(seen, "d6.r0") + (fast?.lineMs ?? 0);
  isNear(t, fast?.ageMs as number, gapMs, "age");
});

test("while one device is silent no value gets older than it was foreseen", async (t) => {
  const devices = [1, 2, 3].map((unit) => device(unit, 20, "1s")).join(", ");
  const seen = await run(t, { devices, turnaroundMs: MOST_MS, dead: [1] });
  for (const { request, ageOneDeadMs } of seen.plan.forecast.requests.slice(1)) {
    const gapMs = longestGapMs(seen, request.points[0]?.point.id as string);
    t.true(gapMs <= (ageOneDeadMs as number), `${gapMs} ${ageOneDeadMs}`);
  }
});
