import { openLocalLedger } from "../../buffer/local.ts";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { RunLog } from "../../edge/cli/run-log.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Ledger, LedgerState } from "../../edge/core/ledger.ts";
import { streamId } from "../../edge/core/stream-id.ts";
import { type RunningGateway, startGateway } from "../../edge/gateway.ts";
import type { Recorded } from "../../edge/recorder.ts";
import { NEVER, SimWorld, type SimWorldParts } from "./world.ts";

type Life = {
  readonly world: SimWorld;
  readonly ledger: Ledger;
  readonly gateway: RunningGateway;
  readonly end: AbortController;
};

/** One life of the process, from its start to its end; `to` is null while it lives. */
export type LifeTruth = {
  readonly from: number;
  to: number | null;
  /** Whether it was killed, with all that was in its memory. */
  isKilled: boolean;
};

/** A time in which the disk took nothing; `to` is null while it lasts. */
export type DiskFull = { readonly from: number; to: number | null };

/**
 * The real gateway with the real SQLite file in a simulated world: it can be killed at any moment
 * and started again on what the file holds.
 */
export class SimGateway {
  readonly #parts: SimWorldParts;
  readonly #config: GatewayConfig;
  #life: Life | null = null;
  /** Every life so far, in order. */
  readonly lives: LifeTruth[] = [];
  /** Every time in which each commit was refused, in order. */
  readonly diskFull: DiskFull[] = [];
  /** Every batch of a commit of which the gateway heard that it is durable. */
  readonly stored: Recorded["batches"][number][] = [];
  /** Why a life ended that nobody ended; null while that never happened. */
  died: unknown = null;

  constructor(parts: SimWorldParts, config: GatewayConfig) {
    this.#parts = parts;
    this.#config = config;
  }

  get running(): RunningGateway | null {
    return this.#life?.gateway ?? null;
  }

  async start(): Promise<void> {
    const life = this.lives.push({ from: this.#now(), to: null, isKilled: false });
    const world = new SimWorld(this.#parts, life);
    const ledger = await this.#openLedger(world);
    const end = new AbortController();
    const news = new RunLog(world, this.#config, "en");
    const parts = { world, config: this.#config, ledger, news, release: "sim" };
    const gateway = await startGateway(parts, end.signal);
    const started: Life = { world, ledger, gateway, end };
    this.#life = started;
    this.#parts.trace.add("gateway", `life ${life} begins`);
    gateway.done.catch((error) => {
      if (this.#life === started) this.died = error;
    });
  }

  /** SIGKILL: no farewell, all memory gone, the file as it is. */
  async kill(): Promise<void> {
    const life = this.#life;
    if (life === null) return;
    this.#parts.trace.add("gateway", `life ${this.lives.length} is killed`);
    this.#life = null;
    this.#noteEnd(true);
    life.world.die();
    life.end.abort(new Error("killed"));
    await life.ledger.close();
  }

  /** SIGTERM, and waits; time must be advanced by the caller meanwhile. */
  async stop(): Promise<LedgerState | null> {
    const life = this.#life;
    if (life === null) return null;
    life.gateway.stop(2000);
    await life.gateway.done;
    this.#life = null;
    this.#noteEnd(false);
    const state = await life.ledger.state();
    await life.ledger.close();
    return state;
  }

  /** From now on every commit is refused. */
  fillDisk(): void {
    if (!this.#isDiskFull()) this.diskFull.push({ from: this.#now(), to: null });
  }

  /** From now on commits are taken again. */
  freeDisk(): void {
    const last = this.diskFull.at(-1);
    if (last !== undefined) last.to ??= this.#now();
  }

  #isDiskFull(): boolean {
    return this.diskFull.at(-1)?.to === null;
  }

  #now(): number {
    return this.#parts.clock.uptime();
  }

  #noteEnd(isKilled: boolean): void {
    const life = this.lives.at(-1);
    if (life !== undefined) Object.assign(life, { to: this.#now(), isKilled });
  }

  /** The ledger, with a note of every batch that it says it has stored. */
  async #openLedger(world: SimWorld): Promise<Ledger> {
    const ledger = await this.#openFile(world);
    return {
      commit: async (commit) => {
        const committed = await ledger.commit(commit);
        const { batches = [] } = commit;
        batches.forEach((batch, i) => {
          this.stored.push({ seq: committed.batches[i] as number, batch });
        });
        return committed;
      },
      readBatches: (from, limit) => ledger.readBatches(from, limit),
      readEvents: (from, limit) => ledger.readEvents(from, limit),
      state: () => ledger.state(),
      close: () => ledger.close(),
    };
  }

  #openFile(world: SimWorld): Promise<Ledger> {
    const { clock, random } = this.#parts;
    const { gateway, buffer, destinations } = this.#config;
    const newStream = () => streamId(clock.now(), () => random.next());
    const options = {
      dir: buffer.dir,
      gateway: gateway.id,
      maxBytes: buffer.maxBytes,
      keepMs: buffer.keepMs,
      destinations: destinations.map(({ name }) => name),
      newStreams: { readings: newStream(), events: newStream() },
    };
    return openLocalLedger(options, async ({ kind }) => {
      if (kind === "close") return;
      // Opening must not wait: a start is awaited without time passing.
      if (kind === "commit") await clock.sleep(random.between(1, 25));
      else if (kind !== "series" && kind !== "state") await clock.sleep(random.between(0.2, 2));
      if (world.isDead) await NEVER;
      if (kind === "commit" && this.#isDiskFull()) {
        throw new GatewayError("buffer.full", "the simulated disk is full");
      }
    });
  }
}
