import { type Backoff, backoffMs } from "../core/backoff.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { Link, TcpSettings } from "../core/link.ts";
import type { Progress } from "../core/progress.ts";
import { after, type UptimeMs, type WallMs } from "../core/time.ts";
import { Doorbell } from "../doorbell.ts";
import type { Turn } from "../gateway-event.ts";
import type { Recorded } from "../recorded.ts";
import type {
  Destination,
  DestinationParts,
  DestinationState,
  DestinationStatus,
} from "./destination.ts";
import { type FrameRules, FrameSearch } from "./frame-search.ts";

/** What a loop is given that serves a centre by a standard of telemetry. */
export type CentreParts = DestinationParts & {
  /** Wall time as it is known best. */
  readonly wallNow: () => WallMs;
  /** The centre says that it was `wall` at `uptime`, within `errorMs`. */
  readonly learn: (wall: WallMs, uptime: UptimeMs, errorMs: number) => void;
  /** Stores and tells what the centre did. */
  readonly tell: (turn: Turn) => void;
  /** A reading of `point` is stored within so long of its time, in milliseconds. */
  readonly settleMsOf: (point: string) => number;
};

/** What is to be done next: wait until then, or give the connection up. */
export type Step = { readonly waitMs: number } | { readonly lost: string };

/** How a standard is spoken over connections, one after the other. Never waits. */
export type CentreProtocol = {
  /** How its frames are found. */
  readonly rules: FrameRules;
  onRecorded(recorded: Recorded): void;
  /** A connection is there; `write` sends on it. */
  begin(write: (bytes: Uint8Array) => void): void;
  /** The connection is gone. */
  end(): void;
  /** One sound frame came. */
  heard(frame: Uint8Array): void;
  /** Sends what may go now. */
  step(): Step;
  figures(): Pick<DestinationStatus, "owed" | "inFlight" | "acknowledged">;
};

const RECONNECT: Backoff = { firstMs: 1_000, maxMs: 60_000 };
/** A connection that lasted this long clears the count of failures, in milliseconds. */
const STABLE_MS = 30_000;

/**
 * Serves one centre over TCP for as long as the gateway runs: connects, lets the standard speak, and
 * connects again. What is waited for is the protocol's; its memory is bounded by what it holds.
 */
export class CentreLoop implements Destination {
  readonly #parts: CentreParts;
  readonly #destination: { readonly name: string; readonly tcp: TcpSettings };
  readonly #protocol: CentreProtocol;
  readonly #signal: AbortSignal;
  readonly #bell: Doorbell;
  /** Null before the first try. */
  #state: DestinationState | null = null;
  #since: WallMs | null = null;
  #why: string | null = null;
  #finishBy: UptimeMs | null = null;
  /** Breaks off a connect: whoever is to finish has no use for a connection. */
  readonly #connecting = new AbortController();

  /** `protocolOf` makes the protocol; `ring` makes it step again. */
  constructor(
    parts: CentreParts,
    destination: { readonly name: string; readonly tcp: TcpSettings },
    protocolOf: (ring: () => void) => CentreProtocol,
    signal: AbortSignal,
  ) {
    this.#parts = parts;
    this.#destination = destination;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#connecting.abort(signal.reason), { once: true });
    this.#bell = new Doorbell(parts.world.clock, signal);
    this.#protocol = protocolOf(() => this.#bell.ring());
  }

  onRecorded(recorded: Recorded): void {
    this.#protocol.onRecorded(recorded);
    this.#bell.ring();
  }

  finish(graceMs: number): void {
    this.#finishBy = after(this.#parts.world.clock.uptime(), graceMs);
    this.#connecting.abort(new Error("the gateway stops"));
    this.#bell.ring();
  }

  /** What its loop is doing. */
  get progress(): Progress {
    return this.#bell.progress;
  }

  status(): DestinationStatus {
    return {
      destination: this.#destination.name,
      state: this.#state ?? "disconnected",
      since: this.#since,
      trouble: this.#why,
      ...this.#protocol.figures(),
      drain: null,
    };
  }

  async run(): Promise<void> {
    const { world } = this.#parts;
    const { clock } = world;
    let failures = 0;
    while (this.#finishBy === null) {
      const started = clock.uptime();
      const why = await this.#connectAndServe();
      this.#turn("disconnected", why);
      failures = clock.uptime() - started > STABLE_MS ? 1 : failures + 1;
      const until = after(clock.uptime(), backoffMs(RECONNECT, failures, world.random()));
      while (this.#finishBy === null && clock.uptime() < until) {
        await this.#bell.wait(until - clock.uptime());
      }
    }
  }

  /** One connection from its beginning to its end; returns why it ended. */
  async #connectAndServe(): Promise<string> {
    const { world } = this.#parts;
    let link: Link;
    try {
      link = await world.openTcp(this.#destination.tcp, this.#connecting.signal);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (this.#finishBy !== null) return "the gateway stopped";
      if (!(error instanceof GatewayError)) throw error;
      return messageOf(error);
    }
    try {
      this.#signal.throwIfAborted();
      this.#turn("connected", "connected");
      return await this.#serve(link);
    } finally {
      link.onData = null;
      link.close();
      this.#protocol.end();
    }
  }

  async #serve(link: Link): Promise<string> {
    let ended: string | null = null;
    void link.closed.then((why) => {
      ended = why;
      this.#bell.ring();
    });
    const search = new FrameSearch(this.#protocol.rules);
    link.onData = (bytes) => {
      for (const { kind, bytes: frame } of search.take(bytes)) {
        if (kind === "frame") this.#protocol.heard(frame);
      }
      this.#bell.ring();
    };
    this.#protocol.begin((bytes) => link.write(bytes));
    while (ended === null) {
      this.#bell.turn();
      const step = this.#protocol.step();
      if ("lost" in step) return step.lost;
      if (this.#isFinished()) return "the gateway stopped";
      const left = (this.#finishBy ?? Infinity) - this.#parts.world.clock.uptime();
      await this.#bell.wait(Math.max(0, Math.min(step.waitMs, left)));
    }
    return ended;
  }

  /** What is under way is waited for; what is owed beside it is told after the next start. */
  #isFinished(): boolean {
    if (this.#finishBy === null) return false;
    const isAllSaid = this.#protocol.figures().inFlight === 0;
    return isAllSaid || this.#parts.world.clock.uptime() >= this.#finishBy;
  }

  #turn(to: DestinationState, cause: string): void {
    this.#why = to === "connected" ? null : cause;
    if (to === this.#state) return;
    this.#state = to;
    this.#since = this.#parts.world.clock.now();
    this.#parts.onTurn(to, cause);
  }
}
