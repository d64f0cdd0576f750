import type { HttpDestination } from "../../config/http-config.ts";
import type { MqttDestination } from "../../config/mqtt-config.ts";
import { after, type UptimeMs } from "../core/time.ts";
import type { Outgoing, Receiver, Uplink } from "../core/uplink.ts";
import type { World } from "../world.ts";
import { Brokers } from "./brokers.ts";
import { HttpSessions } from "./http/session.ts";

/** So long the same refusal of a server is not told again, in milliseconds. */
const TELL_EVERY_MS = 600_000;

/** How sessions with a platform are opened. */
export type Way = {
  /** Which of several places has the session; null where there is but one. */
  readonly url: string | null;
  /** Opens a session. Rejects with an `uplink` code. */
  connect(signal: AbortSignal): Promise<Uplink>;
  /** When `look` has something to do; null for never. */
  readonly nextEnd: UptimeMs | null;
  /** Where it is time, looks beside the session that there is for a better one. */
  look(signal: AbortSignal): void;
  /** Whether a better one was found: `connect` hands it out. */
  readonly hasFound: boolean;
  /** Gives up what was found and not taken. */
  abandon(): void;
};

export type WayParts = {
  readonly world: World;
  readonly destination: MqttDestination | HttpDestination;
  readonly gateway: string;
  /** What is published when the session dies. */
  readonly will: () => Outgoing | null;
  /** Takes what comes in its sessions; null where nothing is to. */
  readonly receiver: Receiver | null;
};

/** The way to `destination`; `onFound` is called when a better session was found. */
export function wayTo({ destination, ...parts }: WayParts, onFound: () => void): Way {
  switch (destination.kind) {
    case "mqtt":
      return new Brokers({ ...parts, destination }, onFound);
    case "http":
      return wayToServer(destination, parts.world);
  }
}

function wayToServer({ name, url, headers, tls, timeoutMs }: HttpDestination, world: World): Way {
  let told = { status: 0, until: world.clock.uptime() };
  const sessions = new HttpSessions({
    clock: world.clock,
    open: () => world.openHttp({ url, headers, tls, timeoutMs }),
    onRefused: (status, said) => {
      // It is tried again and again: the same answer is told once in a while.
      const now = world.clock.uptime();
      if (status === told.status && now < told.until) return;
      told = { status, until: after(now, TELL_EVERY_MS) };
      const text = `destination ${name}: the server refuses a message with ${status}`;
      world.log("warn", text, { status, said });
    },
  });
  return {
    url: null,
    connect: (signal) => sessions.connect(signal),
    nextEnd: null,
    look: () => {},
    hasFound: false,
    abandon: () => {},
  };
}
