import type { Event, GatewayEvent } from "../../edge/core/event.ts";
import { NOTHING_DROPPED } from "../../edge/core/ledger.ts";
import type { Reading } from "../../edge/core/reading.ts";
import type { Recorded } from "../../edge/recorded.ts";
import { Recorder } from "../../edge/recorder.ts";
import type { World } from "../../edge/world.ts";
import { idleKeeper } from "./a-time.ts";
import { SimClock } from "./clock.ts";
import { FakeLedger } from "./fake-ledger.ts";

/** A recorder that runs in virtual time over a ledger in memory. */
export function recorderRig({
  commitMs = 1000,
  commitMsOf = {} as Record<string, number>,
  firstMs = Infinity,
} = {}) {
  const clock = new SimClock();
  const ledger = new FakeLedger(clock);
  const stop = new AbortController();
  const recorded: Recorded[] = [];
  const told: GatewayEvent[] = [];
  const world = { clock, random: () => 0.5 } as unknown as World;
  const ledgerState = { untold: NOTHING_DROPPED, bytes: 0 };
  const recorder = new Recorder(
    {
      world,
      ledger,
      ledgerState,
      commitMs,
      commitMsOf: new Map(Object.entries(commitMsOf)),
      firstMs,
      unitOf: () => null,
      time: idleKeeper(clock),
      onRecorded: (what) => recorded.push(what),
      onEvent: (event) => told.push(event),
    },
    stop.signal,
  );
  const running = recorder.run();
  const reading = (value: number, point = "a.b"): Reading => ({
    point,
    value,
    quality: "good",
    at: clock.now(),
    uptime: clock.uptime(),
  });
  const event = (cause: string): Event => ({
    kind: "bus",
    subject: "line-a",
    from: "closed",
    to: "open",
    cause,
    at: clock.now(),
    clock: "synced",
  });
  return { clock, ledger, stop, recorder, recorded, running, reading, event, told };
}
