import { writeSync } from "node:fs";
import process from "node:process";
import { openLedger } from "../../buffer/worker-port.ts";
import type { StreamKind } from "../../edge/core/ledger.ts";
import type { WallMs } from "../../edge/core/time.ts";
import type { Recorded } from "../../edge/recorded.ts";
import { Recorder } from "../../edge/recorder.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import type { World } from "../../edge/world.ts";
import { idleKeeper } from "../sim/a-time.ts";
import { causeOf, deliveredOf, nthValue, optionsOf, POINTS } from "./writings.ts";

/**
 * `writer.ts DIR LIFE`: records into the buffer in DIR as the gateway does, by its recorder and in
 * its worker thread, until it is killed. Prints `open STREAM`, and of everything that is announced
 * `reading SEQ POINT VALUE`, of which the value is the last of that batch, or `event SEQ CAUSE`.
 */
const [dir = "", word = ""] = process.argv.slice(2);
const life = Number(word);

/** From one step to the next, in milliseconds. */
const STEP_MS = 6;
/** One step in so many tells an event; one brings many readings at once. */
const EVENT_EVERY = 7;
const BURST_EVERY = 50;
const BURST = 400;

const clock = new SystemClock();
const ledger = await openLedger(optionsOf(dir, life));
const ledgerState = await ledger.state();
const say = (line: string) => writeSync(1, `${line}\n`);
say(`open ${ledgerState.streams.readings}`);

const recorder = new Recorder(
  {
    world: { clock, random: () => Math.random() } as unknown as World,
    ledger,
    ledgerState,
    commitMs: POINTS["a.usual"],
    commitMsOf: new Map(Object.entries(POINTS)),
    unitOf: () => null,
    time: idleKeeper(clock),
    onRecorded: ({ batches, events }) => {
      for (const { seq, batch } of batches) {
        for (const { point, v } of batch.series) say(`reading ${seq} ${point} ${v.at(-1)}`);
      }
      for (const { seq, event } of events)
        say(`event ${seq} ${"cause" in event ? event.cause : ""}`);
      noteDelivered("readings", batches);
      noteDelivered("events", events);
    },
    onEvent: () => {},
  },
  new AbortController().signal,
);

/** As if the destination had acknowledged what is some time old. */
function noteDelivered(kind: StreamKind, stored: Recorded["batches"] | Recorded["events"]): void {
  const to = deliveredOf(stored.at(-1)?.seq ?? 0);
  if (to > 0) recorder.noteDelivered({ destination: "centre", kind, ranges: [{ from: 1, to }] });
}

async function write(): Promise<never> {
  for (let step = 1, n = 0; ; step++) {
    for (let more = step % BURST_EVERY === 0 ? BURST : 1; more > 0; more--) {
      n++;
      const readings = Object.keys(POINTS).map((point) => ({
        point,
        value: nthValue(life, n),
        quality: "good" as const,
        at: clock.now(),
        uptime: clock.uptime(),
      }));
      recorder.add(readings);
    }
    if (step % EVENT_EVERY === 0) {
      recorder.tell({
        kind: "bus",
        subject: "line",
        from: "closed",
        to: "open",
        cause: causeOf(life, step / EVENT_EVERY),
        at: 1 as WallMs,
        clock: "synced",
      });
    }
    await clock.sleep(STEP_MS);
  }
}

await Promise.all([recorder.run(), write()]);
