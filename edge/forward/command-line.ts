import type { Incoming, Receiver, Uplink } from "../core/uplink.ts";
import type { World } from "../world.ts";
import { topicOf } from "./mqtt-json.ts";

/** What a destination is to be sent of commands. */
type Owed = { readonly id: string | null; readonly payload: string };

/** The way from one destination to whoever carries out its commands, and back. */
export type CommandPort = {
  /** Takes what came; the answer is owed later. */
  submit(bytes: Uint8Array): void;
  /** What is to be sent next, or null. */
  owed(): Owed | null;
  /** The destination has that. */
  delivered(owed: Owed): void;
};

/** Takes the commands of one session and sends the results, one at a time. */
export class CommandLine {
  readonly #port: CommandPort;
  readonly #gateway: string;
  readonly #log: World["log"];
  #sending: Uplink | null = null;

  constructor(port: CommandPort, gateway: string, log: World["log"]) {
    this.#port = port;
    this.#gateway = gateway;
    this.#log = log;
  }

  /** Takes what comes in a session. */
  readonly receiver: Receiver = {
    onMessage: ({ topic, payload }: Incoming) => {
      if (topic === topicOf(this.#gateway, "commands")) this.#port.submit(payload);
    },
    onDiscarded: (discarded) => this.#log("warn", "a command was thrown away unread", discarded),
  };

  /** Asks for commands in a new session. */
  async subscribe(uplink: Uplink): Promise<void> {
    this.#sending = null;
    const topic = topicOf(this.#gateway, "commands");
    if (await uplink.subscribe([{ topic, qos: 1 }])) return;
    this.#log("warn", `the broker lets the gateway take no commands: allow it to read ${topic}`);
  }

  /** Whether a result is published in this session and not answered. */
  get isSending(): boolean {
    return this.#sending !== null;
  }

  /** Publishes the next result; null where there is none, else whether it was delivered. */
  send(uplink: Uplink): Promise<boolean> | null {
    const owed = this.isSending ? null : this.#port.owed();
    if (owed === null) return null;
    this.#sending = uplink;
    const message = { topic: topicOf(this.#gateway, "results"), payload: owed.payload };
    return uplink.publish({ ...message, retain: false }).then((outcome) => {
      // A result that nobody subscribes to is as good as lost: it is sent again.
      const isTaken = outcome === "accepted";
      if (isTaken) this.#port.delivered(owed);
      if (this.#sending === uplink) this.#sending = null;
      return isTaken;
    });
  }
}
