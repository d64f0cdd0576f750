import type { DestinationConfig, GatewayConfig } from "../config/gateway-config.ts";
import { mayCommand } from "./commanding.ts";
import type { WriteOrder } from "./control/field-orders.ts";
import type { ErrorCode } from "./core/errors.ts";
import type { Counter, Delivered, Ledger, LedgerState, StreamKind } from "./core/ledger.ts";
import type { LoopProgress } from "./core/progress.ts";
import type { SeqRange } from "./core/seq-set.ts";
import type { WallMs } from "./core/time.ts";
import { CentreLoop, type CentreParts } from "./forward/centre-loop.ts";
import type { CertificateNews } from "./forward/certificate-watch.ts";
import type { CommandPort } from "./forward/command-line.ts";
import type { Destination, DestinationStatus } from "./forward/destination.ts";
import { Forwarder } from "./forward/forwarder.ts";
import { Hj212Centre } from "./forward/hj212/centre.ts";
import { Sl651Centre } from "./forward/sl651/centre.ts";
import { EdgeNode } from "./forward/sparkplug/edge-node.ts";
import { eventOf, type Turn } from "./gateway-event.ts";
import type { News } from "./news.ts";
import type { Recorded } from "./recorded.ts";
import type { TimeKeeper } from "./time-keeper.ts";
import type { World } from "./world.ts";

export type DeliveryParts = {
  readonly world: World;
  readonly config: GatewayConfig;
  readonly ledger: Ledger;
  readonly news: News;
  readonly release: string;
  /** What is signed of the version; left out where there is nothing to sign it by. */
  readonly proof?: () => string | null;
  /** What the ledger held when the gateway started. */
  readonly ledgerState: LedgerState;
  readonly time: TimeKeeper;
  /** Notes what a destination has acknowledged. */
  readonly onDelivered: (delivered: Delivered) => void;
  /** What was stored under `range` cannot be read and will never be sent. */
  readonly onLost: (kind: StreamKind, range: SeqRange, stream?: string) => void;
  /** A destination was reached or lost: what waits for its time may be settled now. */
  readonly onReached: () => void;
  /** Stores and tells `turn`. */
  readonly tell: (turn: Turn) => void;
  /** The way of the commands of a destination that may give some. */
  readonly commandsOf: (destination: string) => CommandPort;
  /** Stores a counter; resolves whether it is stored. */
  readonly noteCounter: (counter: Counter) => Promise<boolean>;
  /** Writes a point as `lifeline write` does; rejects, saying why, where nothing was sent. */
  readonly write: (order: WriteOrder) => Promise<unknown>;
};

/** What an event says of a certificate in such a state. */
const CERTIFICATE_CAUSES = {
  ending: "uplink.certificate-ending",
  ended: "uplink.certificate-ended",
  "renewal-refused": "uplink.certificate-renewed",
} as const satisfies Record<CertificateNews["state"], ErrorCode>;

/** How long a commit may take until what it stores is expected, in milliseconds. */
const COMMIT_TAKES_MS = 5_000;

/** Serves every destination, each by a loop of its own. */
export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #destinations: readonly Destination[];
  /** Whether the destinations take their leave. */
  #isEnding = false;

  constructor(parts: DeliveryParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#destinations = parts.config.destinations.map((each) =>
      destinationOf(each, this.#partsOf(each), inwardOf(parts), signal),
    );
  }

  /** Takes note of what has become durable. */
  onRecorded(recorded: Recorded): void {
    for (const each of this.#destinations) each.onRecorded(recorded);
  }

  /** What the gateway says of itself has changed: each is told anew. */
  restate(): void {
    for (const each of this.#destinations) each.restate?.();
  }

  /** The gateway's newest certificate is the one with `serial`: see `Destination.renewed`. */
  renewed(serial: string | null): void {
    for (const each of this.#destinations) each.renewed?.(serial);
  }

  /** Ends every `run` within `graceMs`: sends what is owed, and says goodbye. */
  finish(graceMs: number): void {
    this.#isEnding = true;
    for (const each of this.#destinations) each.finish(graceMs);
  }

  /** A loop each, until `finish` was called or the signal aborts. */
  run(): readonly Promise<void>[] {
    return this.#destinations.map((each) => each.run());
  }

  /** The destination called so; null where there is none. */
  of(name: string): Destination | null {
    const index = this.#parts.config.destinations.findIndex((each) => each.name === name);
    return this.#destinations[index] ?? null;
  }

  /** What the loop of each destination is doing. */
  progress(): readonly LoopProgress[] {
    return this.#parts.config.destinations.flatMap(({ name }) => {
      const progress = this.of(name)?.progress;
      return progress === undefined ? [] : [{ kind: "destination" as const, name, progress }];
    });
  }

  status(): readonly DestinationStatus[] {
    return this.#destinations.map((each) => each.status());
  }

  #partsOf(destination: DestinationConfig): CentreParts {
    const { world, config, ledger, news, release, ledgerState, time } = this.#parts;
    const { name } = destination;
    const { commitMs, commitMsOf } = config.buffer;
    return {
      world,
      ledger,
      gateway: config.gateway.id,
      release,
      fingerprint: config.fingerprint,
      ...(this.#parts.proof !== undefined && { proof: this.#parts.proof }),
      ...(mayCommand(destination) && { commands: this.#parts.commandsOf(name) }),
      ledgerState,
      onDelivered: this.#parts.onDelivered,
      upTo: (kind) => time.upTo(kind),
      onLost: this.#parts.onLost,
      onHold: (why) => news.onHold(name, why),
      onCertificate: ({ whose, subject, validTo, state, newerRefused }) =>
        this.#parts.tell({
          kind: "destination",
          subject: name,
          from: "connected",
          to: "connected",
          cause: CERTIFICATE_CAUSES[state],
          detail: {
            ...{ whose, certificate: subject, validTo },
            ...(state === "renewal-refused" && { why: newerRefused ?? "" }),
          },
        }),
      onDrain: (drain) => news.onDrain(name, drain),
      wallNow: () => Math.round(world.clock.uptime() + time.aheadMs) as WallMs,
      learn: (...told) => time.learn(name, ...told),
      tell: this.#parts.tell,
      settleMsOf: (point) => (commitMsOf.get(point) ?? commitMs) + COMMIT_TAKES_MS,
      onTurn: (to, cause) => {
        const from = to === "connected" ? "disconnected" : "connected";
        time.noteReached(name, to === "connected");
        this.#parts.onReached();
        const turn = { kind: "destination", subject: name, from, to, cause } as const;
        // A farewell goes without saying: the gateway's own end is told.
        if (this.#isEnding) news.onEvent(eventOf(world.clock, turn));
        else this.#parts.tell(turn);
      },
    };
  }
}

/** What a destination may do to the gateway. */
type Inward = Pick<DeliveryParts, "config" | "tell" | "noteCounter" | "write">;

function inwardOf({ config, tell, noteCounter, write }: DeliveryParts): Inward {
  return { config, tell, noteCounter, write };
}

/** The loop that speaks as `destination` is spoken to. */
function destinationOf(
  destination: DestinationConfig,
  parts: CentreParts,
  inward: Inward,
  signal: AbortSignal,
): Destination {
  switch (destination.kind) {
    case "mqtt":
      if (destination.sparkplug !== undefined) {
        const { sparkplug } = destination;
        return new EdgeNode({ ...parts, ...inward, destination, sparkplug }, signal);
      }
      return new Forwarder({ ...parts, destination }, signal);
    case "http":
      return new Forwarder({ ...parts, destination }, signal);
    case "hj212":
      return new CentreLoop(
        parts,
        destination,
        (ring) => new Hj212Centre(parts, destination, ring, signal),
        signal,
      );
    case "sl651":
      return new CentreLoop(
        parts,
        destination,
        (ring) => new Sl651Centre(parts, destination, ring, signal),
        signal,
      );
  }
}
