import type { Batch } from "../../edge/core/batch.ts";
import type { AlarmEvent } from "../../edge/core/event.ts";
import { type Delivered, NOTHING_DROPPED } from "../../edge/core/ledger.ts";
import type { Quality } from "../../edge/core/reading.ts";
import type { WallMs } from "../../edge/core/time.ts";
import {
  CentreLoop,
  type CentreParts,
  type CentreProtocol,
} from "../../edge/forward/centre-loop.ts";
import type { Turn } from "../../edge/gateway-event.ts";
import type { World } from "../../edge/world.ts";
import { type Answering, SimCentreEndpoint } from "./centre-endpoint.ts";
import type { SimClock } from "./clock.ts";
import { FakeLedger } from "./fake-ledger.ts";
import { Random } from "./random.ts";

/** Makes the protocol of a destination. */
type ProtocolOf = (parts: CentreParts, ring: () => void, signal: AbortSignal) => CentreProtocol;

/** One centre and the loop that serves it, over a ledger in memory, in virtual time. */
export class CentreRig {
  readonly clock: SimClock;
  readonly ledger: FakeLedger;
  readonly endpoint: SimCentreEndpoint;
  readonly delivered = new Map<string, Delivered>();
  readonly told: Turn[] = [];
  readonly turns: string[] = [];
  readonly learnt: { readonly wall: number; readonly errorMs: number }[] = [];
  readonly #protocolOf: ProtocolOf;
  loop: CentreLoop | null = null;
  #stop = new AbortController();

  constructor(clock: SimClock, centre: Answering, protocolOf: ProtocolOf) {
    this.clock = clock;
    this.ledger = new FakeLedger(clock, 0);
    this.endpoint = new SimCentreEndpoint(clock, new Random(7), centre);
    this.#protocolOf = protocolOf;
  }

  /** Starts the loop with what the ledger has. */
  async start(): Promise<void> {
    const asked = this.ledger.state();
    await this.clock.advance(1);
    const ledgerState = { ...(await asked), delivered: [...this.delivered.values()] };
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const parts: CentreParts = {
      world: this.#world(),
      ledger: this.ledger,
      gateway: "gw",
      release: "0",
      fingerprint: "sha256:0",
      ledgerState,
      onDelivered: (entry) => this.delivered.set(entry.kind, entry),
      upTo: () => Infinity,
      onLost: () => {},
      onHold: () => {},
      onDrain: () => {},
      onCertificate: () => {},
      onTurn: (to) => this.turns.push(to),
      wallNow: () => this.clock.now(),
      learn: (wall, _, errorMs) => this.learnt.push({ wall, errorMs }),
      tell: (turn) => this.told.push(turn),
      settleMsOf: () => 2000,
    };
    const place = { host: "centre", port: 1, connectTimeoutMs: 1000 };
    this.loop = new CentreLoop(
      parts,
      { name: "centre", tcp: place },
      (ring) => this.#protocolOf(parts, ring, signal),
      signal,
    );
    void this.loop.run().catch(() => {});
  }

  /** The process dies; what the ledger and the cursors hold stays. */
  async kill(): Promise<void> {
    this.#stop.abort(new Error("killed"));
    this.loop = null;
    this.endpoint.unplug();
    await this.clock.advance(1);
    this.endpoint.plug();
  }

  /** Stores a reading of now of each point. */
  async store(
    values: Readonly<Record<string, number | null>>,
    quality: Quality = "good",
  ): Promise<void> {
    const series = Object.entries(values).map(([point, value]) => {
      return { point, unit: null, t: [0], v: [value], q: quality === "good" ? null : [quality] };
    });
    const batch: Batch = { at: this.clock.now(), clock: "synced", series };
    const done = this.ledger.commit({ batches: [batch] });
    await this.clock.advance(1);
    await done;
    const batches = this.ledger.batches.slice(-1);
    this.loop?.onRecorded({ batches, events: [], dropped: NOTHING_DROPPED, spared: [] });
  }

  /** The alarm `alarm` goes over to state `to`, and that is stored. */
  async raise(alarm: string, to: AlarmEvent["to"]): Promise<void> {
    const event: AlarmEvent = {
      kind: "alarm",
      alarm,
      point: "d.x",
      from: "normal",
      to,
      severity: "red",
      value: 1,
      unit: null,
      setpoint: 1,
      cause: "high",
      at: this.clock.now(),
      clock: "synced",
    };
    const done = this.ledger.commit({ events: [event] });
    await this.clock.advance(1);
    await done;
    const events = this.ledger.events.slice(-1);
    this.loop?.onRecorded({ batches: [], events, dropped: NOTHING_DROPPED, spared: [] });
    await this.clock.advance(1000);
  }

  /** Lets `ms` pass with a reading of each point every `everyMs`, of what `valueAt` says. */
  async pass(
    ms: number,
    everyMs: number,
    valueAt: (at: WallMs) => Readonly<Record<string, number | null>>,
  ): Promise<void> {
    const end = this.clock.uptime() + ms;
    while (this.clock.uptime() < end) {
      await this.store(valueAt(this.clock.now()));
      await this.clock.advance(Math.min(everyMs - 1, Math.max(0, end - this.clock.uptime())));
    }
  }

  #world(): World {
    return {
      clock: this.clock,
      random: () => 0.5,
      log: () => {},
      openTcp: async (settings: { host: string; port: number }) => {
        await this.clock.sleep(5);
        return this.endpoint.open(settings);
      },
    } as unknown as World;
  }
}
