import process from "node:process";
import { openLedger } from "../../buffer/worker-port.ts";
import { readConfig } from "../../config/read.ts";
import { Delivery } from "../../edge/delivery.ts";
import { Recorder } from "../../edge/recorder.ts";
import { realWorld } from "../../edge/world/real.ts";
import { idleKeeper } from "../sim/a-time.ts";
import { optionsOf } from "./bench-buffer.ts";

/**
 * `wire-sender.ts CONFIG`: the gateway's ledger in its thread, its recorder, and the loop of the one
 * destination of CONFIG, which delivers what the buffer holds. Prints `runs` before the first
 * connection, and `done` when nothing is owed.
 */
const [file = ""] = process.argv.slice(2);
const LOOK_EVERY_MS = 20;
const say = (line: string) => process.stdout.write(`${line}\n`);

const { config, problems } = readConfig(file, (name) => process.env[name]);
if (config === null) throw new Error(JSON.stringify(problems));
const world = realWorld(
  (line) => say(`log ${line}`),
  ({ text }) => text,
);
const stop = new AbortController();
const ledger = await openLedger(optionsOf(config.buffer.dir));
const ledgerState = await ledger.state();
const time = idleKeeper(world.clock);
const recorder = new Recorder(
  {
    world,
    ledger,
    ledgerState,
    commitMs: config.buffer.commitMs,
    commitMsOf: config.buffer.commitMsOf,
    unitOf: () => null,
    time,
    onRecorded: () => {},
    onEvent: () => {},
  },
  stop.signal,
);
const delivery = new Delivery(
  {
    world,
    config,
    ledger,
    ledgerState,
    release: "bench",
    news: { onHold: () => {}, onDrain: () => {}, onEvent: () => {} } as never,
    time,
    onDelivered: (delivered) => recorder.noteDelivered(delivered),
    onLost: (kind, range) => say(`lost ${kind} ${range.from} ${range.to}`),
    onReached: () => {},
    tell: (turn) => say(`turn ${turn.to} ${turn.cause}`),
    commandsOf: () => {
      throw new Error("nobody may command");
    },
    noteCounter: async () => true,
    write: async () => {},
  },
  stop.signal,
);
const looking = setInterval(() => {
  const [status] = delivery.status();
  if (status === undefined || status.owed.readings > 0 || status.inFlight > 0) return;
  clearInterval(looking);
  say("done");
}, LOOK_EVERY_MS);
say("runs");
await Promise.all([recorder.run(), ...delivery.run()]);
