import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { openLocalLedger } from "../../buffer/local.ts";
import type { EngineOptions } from "../../buffer/requests.ts";
import type { Reading } from "../../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../../edge/core/time.ts";
import { Forwarder } from "../../edge/forward/forwarder.ts";
import { Recorder } from "../../edge/recorder.ts";
import { realWorld } from "../../edge/world/real.ts";
import { idleKeeper } from "../sim/a-time.ts";
import { DESTINATION } from "../sim/forwarder-rig.ts";

/**
 * `gateways.ts URLS KIND FIRST COUNT DIR EVERY_MS POINTS`: so many gateways, each with the real ledger on
 * a file of its own, the real recorder and the real forwarder; a simulated plant in place of buses.
 * Brokers are separated by commas. At `finish` on its standard input it measures no more; prints
 * `sent` with how many messages each gateway numbered, once nothing is owed.
 */
const [
  urls = "",
  kind = "mqtt",
  first = "0",
  count = "1",
  dir = "",
  everyMs = "1000",
  points = "10",
] = process.argv.slice(2);
/** How long what is owed may take to be delivered at the end, in milliseconds. */
const DRAIN_MS = 300_000;
const LOOK_MS = 200;
/** So many looks in a row find nothing owed at the end. */
const QUIET_LOOKS = 20;

const stop = new AbortController();
const world = realWorld(
  () => true,
  ({ text }) => text,
);

type Station = {
  readonly id: string;
  readonly recorder: Recorder;
  readonly forwarder: Forwarder;
  /** The highest number that a message of readings has. */
  highest: number;
};

async function station(index: number): Promise<Station> {
  const id = `gw-${String(index).padStart(5, "0")}`;
  const folder = join(dir, id);
  mkdirSync(folder, { recursive: true });
  const ledger = await openLocalLedger(optionsOf(folder, id));
  const ledgerState = await ledger.state();
  const recorder: Recorder = new Recorder(
    {
      ...{ world, ledger, ledgerState, commitMs: 1000, commitMsOf: new Map() },
      unitOf: () => "kPa",
      time: idleKeeper(world.clock),
      onRecorded: (recorded) => {
        for (const { seq } of recorded.batches) own.highest = Math.max(own.highest, seq);
        forwarder.onRecorded(recorded);
      },
      onEvent: () => {},
    },
    stop.signal,
  );
  const all = urls.split(",");
  // Each begins with another broker, so that they share the load.
  const turned = [...all.slice(index % all.length), ...all.slice(0, index % all.length)];
  const forwarder = new Forwarder(
    {
      ...{ world, ledger, ledgerState, gateway: id, release: "load", fingerprint: "sha256:0" },
      destination: {
        ...DESTINATION,
        urls: turned as [string, ...string[]],
        needsSubscriber: kind === "mqtt",
      },
      upTo: () => Infinity,
      onDelivered: (delivered) => recorder.noteDelivered(delivered),
      onLost: (kind, range) => process.stdout.write(`lost ${id} ${kind} ${range.from}\n`),
      ...{ onTurn: () => {}, onHold: () => {}, onCertificate: () => {}, onDrain: () => {} },
      tell: () => {},
    },
    stop.signal,
  );
  const own: Station = { id, recorder, forwarder, highest: 0 };
  return own;
}

function optionsOf(folder: string, gateway: string): EngineOptions {
  return {
    ...{ dir: folder, gateway, maxBytes: 1e9, keepMs: 0, maxAgeMs: null, aroundMs: 600_000 },
    ...{ reserveBytes: 0, destinations: ["centre"], boot: "load" },
    newStreams: { readings: `${gateway}-R`, events: `${gateway}-E` },
  };
}

/** What a plant shows: something else each time, of as many digits as sensors have. */
function readingsAt(at: number): readonly Reading[] {
  return Array.from({ length: Number(points) }, (_, n) => {
    const value = Math.round(1000 * Math.sin(at / 30_000 + n)) / 10;
    return { point: `p${n}`, value, quality: "good", at: at as WallMs, uptime: 0 as UptimeMs };
  });
}

const stations: Station[] = [];
for (let n = 0; n < Number(count); n++) stations.push(await station(Number(first) + n));
const running = stations.flatMap(({ recorder, forwarder }) => [recorder.run(), forwarder.run()]);
const timers = stations.map(({ recorder }, n) => {
  const begin = (n * Number(everyMs)) / stations.length;
  return setTimeout(() => {
    timers[n] = setInterval(() => recorder.add(readingsAt(Date.now())), Number(everyMs));
  }, begin);
});
process.stdout.write("runs\n");
createInterface({ input: process.stdin }).on("line", () => void finish());

async function finish(): Promise<void> {
  for (const timer of timers) clearInterval(timer);
  // The last commit comes up to a second after the last reading: looks are counted, not time, for
  // a process that is held up for seconds has not looked.
  const until = performance.now() + DRAIN_MS;
  for (let quiet = 0; performance.now() < until && quiet < QUIET_LOOKS; quiet++) {
    if (stations.some((each) => owedOf(each) > 0)) quiet = 0;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const sent = Object.fromEntries(stations.map(({ id, highest }) => [id, highest]));
  const owed = stations.reduce((sum, each) => sum + owedOf(each), 0);
  process.stdout.write(`sent ${JSON.stringify({ owed, sent })}\n`, () => process.exit(0));
}

function owedOf({ forwarder }: Station): number {
  const { owed, inFlight } = forwarder.status();
  return owed.readings + owed.events + inFlight;
}

await Promise.all(running);
