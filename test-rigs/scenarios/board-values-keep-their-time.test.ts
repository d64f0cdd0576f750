import { rmSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { loadConfig } from "../../config/load.ts";
import type { SimBoard } from "../sim/board.ts";
import { SimClock } from "../sim/clock.ts";
import { Random } from "../sim/random.ts";
import { type Got, readingsOf } from "../sim/received.ts";
import { scratchDirectory } from "../sim/scratch.ts";
import { SimSite } from "../sim/site.ts";
import { Trace } from "../sim/trace.ts";
import { MINUTE, SECOND } from "./site-config.ts";

/** What a board's readings may be older than when they are told, beyond the pipe's lag. */
const EVERY_MS = SECOND;
const SILENT_AFTER_MS = 1.5 * EVERY_MS;

const YAML = `
gateway: { id: gw-story }
buses: { node: { kind: firmata, port: /dev/node } }
devices:
  manhole:
    bus: node
    points:
      gas: { pin: A0, every: 1s }
      lid: { pin: 7, pullUp: true, every: 1s }
  box:
    bus: node
    points: { temp: { chip: { kind: bmp280, address: 0x76 }, quantity: temperature, every: 1s } }
alarms: { gas-high: { point: manhole.gas, high: 4, severity: red, latch: true } }
destinations: { centre: { kind: mqtt, url: "mqtt://sim" } }
`;

const TEMPERATURE = "bmp280@118 temperature";

/** Volts that tell when they were there: a thousandth of a volt for each second. */
const clockVolts = (uptime: number) => uptime / 1e6;

async function aBoard(t: ExecutionContext) {
  const dir = scratchDirectory();
  const options = { profiles: new Map(), readFile: () => "", env: () => undefined };
  const yaml = `${YAML}buffer: { dir: ${dir}, commit: 1s }\n`;
  const { config, problems } = loadConfig(yaml, options);
  if (config === null) throw new Error(JSON.stringify(problems));
  const clock = new SimClock({ state: "synced" });
  const trace = new Trace(clock, 1000);
  const site = new SimSite({
    config,
    clock,
    random: new Random(7),
    trace,
    courseOf: () => () => 0,
  });
  const board = site.boards.get("node") as SimBoard;
  board.courses.set("A0", (uptime) => clockVolts(uptime) / 5);
  board.courses.set("D7", () => 1);
  board.courses.set(TEMPERATURE, (uptime) => uptime / 1e5);
  t.teardown(async () => {
    await site.gateway.kill();
    rmSync(dir, { recursive: true, force: true });
  });
  await site.gateway.start();
  const readings = (point: string) =>
    readingsOf(site.broker.deliveries).filter((reading) => reading.point === point);
  const status = () => site.gateway.running?.status();
  const now = (point: string) => status()?.points.find((each) => each.point === point);
  return { clock, board, site, readings, status, now };
}

/** Wall time is elapsed time plus what it was at the start. */
function truths(t: ExecutionContext, readings: readonly Got[], startMs: number): void {
  let good = 0;
  for (const { at, value, quality } of readings) {
    t.is(value === null, quality !== "good", quality);
    if (value === null) continue;
    good++;
    const off = Math.abs(Number(value) - clockVolts(at - startMs));
    t.true(off < 0.000_012, `${value} V is told of ${at - startMs}`);
  }
  t.true(good > 0);
  t.true(
    readings.every(({ at }, i) => at >= (readings[i - 1]?.at ?? 0)),
    "in their order",
  );
}

test("no value of a board is told under a time that is not its own, whatever becomes of the board", async (t) => {
  const { clock, board, readings, now } = await aBoard(t);
  const startMs = clock.now() - clock.uptime();
  await clock.advance(MINUTE);
  t.is(now("manhole.gas")?.quality, "good");
  // The pipe lags, then the board hangs, is pulled out, comes back, and its reader is killed.
  board.lagMs = 700;
  await clock.advance(20 * SECOND);
  board.lagMs = 0;
  board.courses.delete("A0");
  await clock.advance(SILENT_AFTER_MS + EVERY_MS);
  t.like(now("manhole.gas"), { value: null, quality: "bad:timeout" });
  t.like(now("manhole.lid"), { value: true, quality: "good" });
  await clock.advance(MINUTE);
  board.courses.set("A0", (uptime) => clockVolts(uptime) / 5);
  await clock.advance(2 * EVERY_MS);
  t.is(now("manhole.gas")?.quality, "good");
  for (const lose of [() => board.unplug(), () => board.killReader()]) {
    lose();
    await clock.advance(10);
    for (const point of ["manhole.gas", "manhole.lid", "box.temp"]) {
      t.like(now(point), { value: null, quality: "bad:link-closed" }, point);
    }
    await clock.advance(20 * SECOND);
    board.plug();
    await clock.advance(40 * SECOND);
    t.is(now("manhole.gas")?.quality, "good");
  }
  await clock.advance(10 * SECOND);
  truths(t, readings("manhole.gas"), startMs);
  t.is(board.openings, 3);
});

test("what comes too late is no value any more", async (t) => {
  const { clock, board, readings, status } = await aBoard(t);
  const startMs = clock.now() - clock.uptime();
  await clock.advance(20 * SECOND);
  board.lagMs = 10 * SECOND;
  board.courses.set("A0", () => 1);
  await clock.advance(30 * SECOND);
  t.is(status()?.alarms[0]?.state, "normal", "nor is it judged");
  truths(t, readings("manhole.gas"), startMs);
  const late = readings("manhole.gas").slice(-15);
  t.true(
    late.every(({ quality }) => quality === "bad:timeout"),
    JSON.stringify(late),
  );
});

test("a chip that is gone is bad within two periods, and the rest of the board stays good", async (t) => {
  const { clock, board, status, now } = await aBoard(t);
  await clock.advance(10 * SECOND);
  t.like(status()?.buses[0], { state: "open", board: { firmware: "SimFirmata 2.5", faults: [] } });
  board.courses.set(TEMPERATURE, () => "no-answer");
  await clock.advance(2 * EVERY_MS);
  t.like(now("box.temp"), { value: null, quality: "bad:timeout" });
  t.is(now("manhole.gas")?.quality, "good");
  const faults = [{ source: TEMPERATURE, fault: "no-answer" }];
  t.deepEqual(status()?.buses[0]?.board?.faults, faults);
  await clock.advance(5 * SECOND);
  t.deepEqual(status()?.buses[0]?.silent, ["box"]);
  board.courses.set(TEMPERATURE, () => 21);
  await clock.advance(2 * EVERY_MS);
  t.like(now("box.temp"), { value: 21, quality: "good", unit: "Cel" });
  t.deepEqual(status()?.buses[0]?.silent, []);
  t.deepEqual(status()?.buses[0]?.board?.faults, []);
});

test("a gateway that is killed leaves the board to the next one", async (t) => {
  const { clock, board, site, now } = await aBoard(t);
  await clock.advance(10 * SECOND);
  await site.gateway.kill();
  await site.gateway.start();
  await clock.advance(10 * SECOND);
  t.is(now("manhole.gas")?.quality, "good");
  t.is(board.openings, 2);
});
