import type { Clock } from "../../../edge/core/time.ts";
import type { Incoming, MqttSettings, Receiver, Uplink } from "../../../edge/core/uplink.ts";
import type { World } from "../../../edge/world.ts";
import type { FleetDesk, Order } from "./desk.ts";

export type ControllerParts = {
  readonly world: Pick<World, "clock" | "connectMqtt" | "log">;
  readonly desk: FleetDesk;
  readonly settings: Omit<MqttSettings, "receiver" | "will">;
  /** So often it looks at the fleet, in milliseconds. */
  readonly tickMs: number;
};

/** After a session was lost, or none came about. */
const RETRY_MS = 2_000;
/** So many messages are taken at once, in one transaction. */
const CAME_MAX = 1_000;
/** A turn that comes later than this many ticks was held up: the time between was not watched. */
const TICKS_WATCHED_MAX = 3;

const TOPICS = ["status", "results"].map((each) => ({
  topic: `lifeline/v1/+/${each}`,
  qos: 1 as const,
}));

/** Keeps a session with the broker and takes one turn after the other, until `signal` aborts. */
export async function runController(parts: ControllerParts, signal: AbortSignal): Promise<void> {
  const { world } = parts;
  while (!signal.aborted) {
    try {
      await session(parts, signal);
    } catch (error) {
      if (signal.aborted) return;
      world.log("warn", "no session with the broker", { why: String(error) });
    }
    await world.clock.sleep(RETRY_MS, signal).catch(() => {});
  }
}

async function session(parts: ControllerParts, signal: AbortSignal): Promise<void> {
  const { world, desk, settings, tickMs } = parts;
  const { clock } = world;
  let came: Incoming[] = [];
  const taken = () => {
    const all = came;
    came = [];
    return all;
  };
  const receiver: Receiver = {
    onMessage: (message) => {
      came.push(message);
      if (came.length >= CAME_MAX) desk.turn(clock.now(), 0, taken());
    },
    onDiscarded: (discarded) => world.log("warn", "a message was thrown away", discarded),
  };
  // What people ask for is seen to without a broker too: an abort need not wait for one.
  desk.turn(clock.now(), 0, []);
  const uplink = await world.connectMqtt({ ...settings, receiver }, signal);
  let isOpen = true;
  const end = new AbortController();
  const stop = () => end.abort();
  signal.addEventListener("abort", stop, { once: true });
  void uplink.closed.then(() => {
    isOpen = false;
    stop();
  });
  try {
    if (!(await uplink.subscribe(TOPICS))) throw new Error("the broker lets nothing be read");
    // What the broker keeps comes before its answer to this.
    await uplink.ping();
    let last = clock.uptime();
    while (isOpen && !signal.aborted) {
      await clock.sleep(tickMs, end.signal).catch(() => {});
      const now = clock.uptime();
      const watchedMs = isOpen ? Math.min(now - last, TICKS_WATCHED_MAX * tickMs) : 0;
      last = now;
      for (const order of desk.turn(clock.now(), watchedMs, taken())) {
        void publish(uplink, order, desk, clock);
      }
    }
  } finally {
    signal.removeEventListener("abort", stop);
    if (came.length > 0) desk.turn(clock.now(), 0, taken());
    if (isOpen) await uplink.close();
  }
}

async function publish(uplink: Uplink, order: Order, desk: FleetDesk, clock: Clock): Promise<void> {
  const { topic, payload } = order;
  // Never retained: who comes later is told anew, by an order that is good then.
  const outcome = await uplink.publish({ topic, payload, retain: false });
  if (outcome === "unclaimed") desk.unclaimed(order, clock.now());
}
