import { createHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import process from "node:process";
import { openLedger } from "../../buffer/worker-port.ts";
import type { MqttDestination } from "../../config/mqtt-config.ts";
import type { Ledger } from "../../edge/core/ledger.ts";
import { Forwarder } from "../../edge/forward/forwarder.ts";
import { Recorder } from "../../edge/recorder.ts";
import { realWorld } from "../../edge/world/real.ts";
import { idleKeeper } from "../sim/a-time.ts";
import { DESTINATION } from "../sim/forwarder-rig.ts";
import { optionsOf } from "./bench-buffer.ts";
import { readingsOf, UNIT } from "./drain-load.ts";

/**
 * `drain-gateway.ts URL DIR`: the gateway's ledger in its thread, its recorder and its forwarder,
 * with 1,000 live readings a second in place of the buses. Prints `runs`, of each live batch
 * `live SEQ AT`, when it was stored, and every second what is true since it is warm, in milliseconds:
 * `stalls P99 MAX BUSY-P99 BUSY-MAX`, how late the main thread came to what was due, and how long
 * it computed at a stretch, which does not count what else the machine did meanwhile.
 */
const [url = "", dir = ""] = process.argv.slice(2);
/** So often it is looked how much was computed since, in milliseconds. */
const STRETCH_MS = 2;
/** So long code is compiled as it is met first, in milliseconds: that is the start, not the drain. */
const WARM_MS = 4_000;
const say = (line: string) => process.stdout.write(`${line}\n`);

const destination: MqttDestination = {
  ...DESTINATION,
  urls: [url],
  window: 32,
};

const world = realWorld(
  () => true,
  ({ text }) => text,
);
const stop = new AbortController();
const ledger: Ledger = await openLedger(optionsOf(dir));
const ledgerState = await ledger.state();
const recorder: Recorder = new Recorder(
  {
    world,
    ledger,
    ledgerState,
    commitMs: 1000,
    commitMsOf: new Map(),
    unitOf: () => UNIT,
    time: idleKeeper(world.clock),
    onRecorded: (recorded) => {
      const at = performance.timeOrigin + performance.now();
      for (const { seq } of recorded.batches) say(`live ${seq} ${at}`);
      forwarder.onRecorded(recorded);
    },
    onEvent: () => {},
  },
  stop.signal,
);
const forwarder = new Forwarder(
  {
    world,
    ledger,
    destination,
    gateway: "gw-bench",
    release: "bench",
    fingerprint: "sha256:0",
    ledgerState,
    upTo: () => Infinity,
    onDelivered: (delivered) => recorder.noteDelivered(delivered),
    onLost: (kind, range) => say(`lost ${kind} ${range.from} ${range.to}`),
    onTurn: (to, cause) => say(`turn ${to} ${cause}`),
    onHold: (why) => say(`hold ${why}`),
    onCertificate: () => {},
    tell: (turn) => say(`tell ${JSON.stringify(turn)}`),
    onDrain: (news) => say(`drain ${JSON.stringify(news)}`),
  },
  stop.signal,
);
process.once("SIGINT", () => process.exit(0));
let second = 0;
const delays = monitorEventLoopDelay({ resolution: 1 });
const lateMs = (delayNs: number) => Math.max(0, delayNs / 1e6 - 1).toFixed(1);
const stretches = createHistogram();
const busyMs = (busyUs: number) => (busyUs / 1000).toFixed(1);
const computedUs = () => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};
let computed = 0;
setInterval(() => {
  recorder.add(readingsOf(++second, Date.now()));
  const late = [lateMs(delays.percentile(99)), lateMs(delays.max)];
  const busy = [busyMs(stretches.percentile(99)), busyMs(stretches.max)];
  say(["stalls", ...late, ...busy].join(" "));
}, 1000);
say("runs");
setTimeout(() => {
  delays.enable();
  computed = computedUs();
  setInterval(() => {
    const before = computed;
    computed = computedUs();
    stretches.record(Math.max(1, computed - before));
  }, STRETCH_MS);
}, WARM_MS);
await Promise.all([recorder.run(), forwarder.run()]);
