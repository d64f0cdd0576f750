import { setTimeout as sleep } from "node:timers/promises";
import { modbusDevice } from "../../plant/modbus-device.ts";
import { openModbusTcp } from "../../plant/modbus-server.ts";
import type { Child } from "../../processes/child.ts";
import { quantile } from "../usage.ts";
import { BARE, type Load, OURS, PEER_NAMES, type Peer, runs } from "./peers.ts";
import { Receiver } from "./receiver.ts";
import { Results } from "./runs.ts";
import type { Bar, Effort, Section } from "./section.ts";

const LOAD: Load = { devices: 10, registers: 1, everyMs: 100 };
const SETTLE_MS = 3000;
/** Until every alarm of a round has come, and until all have gone again. */
const [HELD_MS, GONE_MS] = [400, 300];
/** A whole number of periods, so that each round begins at the same place of every peer's period. */
const ROUND_MS = LOAD.everyMs + HELD_MS + GONE_MS;
/** Steps of this part of a whole fall evenly on it, however many there are: the golden section. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** How long each alarm of a run took, in milliseconds. */
type Times = number[];
/** When the register of each device changed, by its number; those that did not are not there. */
type Changes = Map<number, number>;

/**
 * From the change of a register to its alarm at a subscriber, polled every 100 ms. All peers read
 * the same devices at the same time, so that each change is timed on all of them.
 */
export async function latencySection({ isQuick, runs: count, tell }: Effort): Promise<Section> {
  const results = new Results<Times>();
  for (let run = 1; run <= count; run++) {
    tell(`alarm latency, run ${run} of ${count}`);
    await oneRun(isQuick ? 15 : 60, results);
  }
  return {
    title: "Alarm latency",
    text: `From the change of a register to the alarm at a subscriber of the broker, in ms, with 10 devices polled every 100 ms, all columns on the same devices at the same time. The changes lie evenly over the period: on average half of one goes by before a change can be seen.${results.failures()}`,
    columns: PEER_NAMES,
    rows: [
      results.row("50 %, ms", 1, (times) => quantile(times, 0.5), true),
      results.row("99 %, ms", 1, (times) => quantile(times, 0.99), true),
      results.row(
        "missing or later than 0.4 s",
        0,
        (times) => times.filter((ms) => !Number.isFinite(ms)).length,
      ),
    ],
    bars: [barOf(results, 0.5, 1.1), barOf(results, 0.99, 1.25)],
  };
}

/** The gateway's quantile as a multiple of the bare libraries', run by run. */
function barOf(results: Results<Times>, part: number, limit: number): Bar {
  const [ours, bare] = [OURS, BARE].map((at) => results.of(at, (times) => quantile(times, part)));
  const promise = "register change to alarm, beside modbus-serial + mqtt.js";
  return {
    ...{
      promise: `${promise}, ${part * 100} %`,
      sense: "at most",
      limit,
      unit: "times",
      digits: 2,
    },
    values: (ours ?? []).map((ms, run) => ms / (bare?.[run] ?? Number.NaN)),
  };
}

async function oneRun(rounds: number, results: Results<Times>): Promise<void> {
  const changes: Changes = new Map();
  const plants = await Promise.all(
    Array.from({ length: LOAD.devices }, (_, n) => {
      const valueAt = () => (changes.has(n) ? 1000 : 0);
      const signal = { area: "holding", address: 0, type: "int16", valueAt } as const;
      return openModbusTcp({ devices: [modbusDevice(1, [signal])] });
    }),
  );
  const ports = plants.map(({ port }) => port);
  const timed: (() => Promise<void>)[] = [];
  const all: Times[] = [];
  try {
    for (const [at, peer] of results.remaining()) {
      const times: Times = [];
      const end = await results.attempt(at, timePeer(peer, ports, changes, times));
      if (end === null) continue;
      results.add(at, times);
      all.push(times);
      timed.push(end);
    }
    await sleep(SETTLE_MS);
    await change(changes, rounds);
    for (const times of all) fillUp(times, rounds * LOAD.devices);
  } finally {
    for (const end of timed) await end();
    for (const plant of plants) await plant.close();
  }
}

/** An alarm that did not come until its register had fallen again took longer than any other. */
export function fillUp(times: Times, due: number): void {
  while (times.length < due) times.push(Number.POSITIVE_INFINITY);
}

/** Starts `peer` on `ports` and notes how long each change took; returns what ends it. */
async function timePeer(
  peer: Peer,
  ports: readonly number[],
  changes: Changes,
  times: Times,
): Promise<() => Promise<void>> {
  const receiver = await Receiver.open();
  let child: Child | null = null;
  const end = async () => {
    await child?.end("SIGTERM");
    await receiver.close();
  };
  try {
    const job = { load: LOAD, ports, brokers: [receiver.broker], tells: "alarms" } as const;
    const start = await peer.prepare(job);
    child = await start();
    await runs(child);
  } catch (error) {
    await end();
    throw error;
  }
  receiver.onAlarm = (device) => {
    const since = changes.get(device);
    if (since !== undefined) times.push(performance.now() - since);
  };
  return end;
}

/**
 * Raises every register once a round and lets all of them fall. How long a change waits to be read
 * is a matter of luck, of which a median of some hundred has too much: the moments of a device are
 * laid evenly over the period of polling, wherever in it a peer happens to read.
 */
async function change(changes: Changes, rounds: number): Promise<void> {
  const start = performance.now();
  const until = (ms: number) => sleep(Math.max(0, ms - performance.now()));
  for (let round = 0; round < rounds; round++) {
    const from = start + round * ROUND_MS;
    for (const { device, at } of momentsOf(round)) {
      await until(from + at);
      changes.set(device, performance.now());
    }
    await until(from + LOAD.everyMs + HELD_MS);
    changes.clear();
    await until(from + ROUND_MS);
  }
}

/** When in `round` each device changes, in milliseconds and in order. */
function momentsOf(round: number): readonly { readonly device: number; readonly at: number }[] {
  return Array.from({ length: LOAD.devices }, (_, device) => ({
    device,
    at: LOAD.everyMs * ((round * GOLDEN + device / LOAD.devices) % 1),
  })).toSorted((a, b) => a.at - b.at);
}
