import { join } from "node:path";
import { openLocalLedger } from "../../buffer/local.ts";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { RunLog } from "../../edge/cli/run-log.ts";
import type { Batch } from "../../edge/core/batch.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Event } from "../../edge/core/event.ts";
import type {
  Commit,
  Committed,
  Ledger,
  LedgerState,
  StreamKind,
  Thinning,
} from "../../edge/core/ledger.ts";
import type { SeqRange } from "../../edge/core/seq-set.ts";
import { streamId } from "../../edge/core/stream-id.ts";
import { startGateway } from "../../edge/gateway.ts";
import { queueRules } from "../../edge/own-selections.ts";
import type { Recorded } from "../../edge/recorded.ts";
import type { RunningGateway } from "../../edge/running-gateway.ts";
import { Updating } from "../../edge/update/updating.ts";
import { cutPower, watchFlushes } from "./power.ts";
import type { UpdateFolder } from "./update-folder.ts";
import { never, SimWorld, type SimWorldParts } from "./world.ts";

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
  /** What it was told. */
  readonly config: GatewayConfig;
};

/** When a full buffer was dealt with, as uptime, and what had been stored by then. */
type Full = {
  readonly at: number;
  /** The highest seqs. */
  readonly lastReading: number;
  readonly lastEvent: number;
};

/** What a commit gave up because the buffer was full, not delivered to all. */
export type DropTruth = SeqRange & Full & { readonly stream: StreamKind };

/** What it thinned likewise. */
export type ThinTruth = Thinning & Full;

/** A batch that it refused: `seq` only says behind which message it came. */
export type RefusedTruth = Recorded["batches"][number] & Full;

/**
 * Where a process dies that is killed at a commit: `before` it, with nothing of it stored, or
 * `after` it, with all of it stored and nobody told.
 */
export type CrashSide = "before" | "after";

/** How a disk refuses a commit. */
export type DiskFault = "buffer.full" | "buffer.io" | "buffer.read-only";

/** A time in which the disk took nothing; `to` is null while it lasts. */
export type DiskFull = { readonly from: number; to: number | null };

/** What is asked at a start. */
const AT_START: ReadonlySet<string> = new Set(["series", "state", "stored"]);

/**
 * The real gateway with the real SQLite file in a simulated world: it can be killed at any moment,
 * also at the boundary of a commit, and started again on what the file holds.
 */
export class SimGateway {
  readonly #parts: SimWorldParts;
  #config: GatewayConfig;
  #life: Life | null = null;
  #crash: CrashSide | null = null;
  #diskFault: DiskFault = "buffer.full";
  #failsOnce = false;
  /** Settles when the file of the life before is closed. */
  #closed: Promise<void> = Promise.resolve();
  /** The files by which it is updated; null where nobody replaces it. */
  updates: UpdateFolder | null = null;
  /** How often it had itself restarted. */
  restarts = 0;
  /** Every life so far, in order. */
  readonly lives: LifeTruth[] = [];
  /** Every time in which each commit was refused, in order. */
  readonly diskFull: DiskFull[] = [];
  /** Every batch of a commit that is durable, whether or not the gateway lived to hear of it. */
  readonly stored: Recorded["batches"][number][] = [];
  /** Every event likewise. */
  readonly storedEvents: Recorded["events"][number][] = [];
  /** All that was given up because the buffer was full. */
  readonly dropped: DropTruth[] = [];
  /** All that was thinned likewise. */
  readonly thinned: ThinTruth[] = [];
  /** All that was refused likewise. */
  readonly refused: RefusedTruth[] = [];
  /** The highest seqs so far. */
  #last = { lastReading: 0, lastEvent: 0 };
  /** Why a life ended that nobody ended; null while that never happened. */
  died: unknown = null;

  constructor(parts: SimWorldParts, config: GatewayConfig) {
    this.#parts = parts;
    this.#config = config;
  }

  get running(): RunningGateway | null {
    return this.#life?.gateway ?? null;
  }

  /** Starts it, with what it was told last unless it is told something else. */
  async start(config: GatewayConfig = this.#config): Promise<void> {
    await this.#closed;
    watchFlushes();
    this.#config = config;
    const life = this.lives.push({ from: this.#now(), to: null, isKilled: false, config });
    const world = new SimWorld(this.#parts, life);
    const ledger = await this.#openLedger(world);
    const end = new AbortController();
    const news = new RunLog(world, config, "en");
    const restart = () => void this.restarts++;
    const parts = {
      ...{ world, config, ledger, news, release: "sim", restart },
      ...(this.updates !== null && { updating: await updatingBy(world, config, this.updates) }),
    };
    const gateway = await startGateway(parts, end.signal);
    const started: Life = { world, ledger, gateway, end };
    this.#life = started;
    this.#parts.trace.add("gateway", `life ${life} begins`);
    gateway.done.catch((error) => {
      if (this.#life === started) this.died = error;
    });
  }

  /** The machine's power is cut: as `kill`, and what no flush has made durable is gone too. */
  async cutPower(): Promise<void> {
    if (this.#life === null) return;
    const fall = cutPower(join(this.#config.buffer.dir, "lifeline.db"));
    await this.kill();
    fall();
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
    this.#closed = life.ledger.close();
    await this.#closed;
  }

  /** The process is killed at the boundary of its next commit; null takes that back. */
  crashAtNextCommit(side: CrashSide | null): void {
    this.#crash = side;
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

  /** From now on every commit is refused, as full unless it is said how. */
  fillDisk(fault: DiskFault = "buffer.full"): void {
    this.#diskFault = fault;
    if (!this.#isDiskFull()) this.diskFull.push({ from: this.#now(), to: null });
  }

  /** From now on commits are taken again. */
  freeDisk(): void {
    const last = this.diskFull.at(-1);
    if (last !== undefined) last.to ??= this.#now();
  }

  /** The next commit alone is refused: one write went wrong. */
  failOneWrite(): void {
    this.#failsOnce = true;
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

  /** The ledger, with a note of what it stored and gave up, and a crash where one is ordered. */
  async #openLedger(world: SimWorld): Promise<Ledger> {
    const ledger = await this.#openFile(world);
    return {
      died: ledger.died,
      commit: async (commit) => {
        if (this.#isToCrash("before", world)) return await this.#crashNow();
        const committed = await ledger.commit(commit);
        this.#note(commit, committed);
        if (this.#isToCrash("after", world)) return await this.#crashNow();
        return committed;
      },
      flush: () => ledger.flush(),
      readBatches: (from, limit) => ledger.readBatches(from, limit),
      readTexts: (from, limit) => ledger.readTexts(from, limit),
      readEvents: (from, limit) => ledger.readEvents(from, limit),
      readQueuedTexts: (queue, from, limit) => ledger.readQueuedTexts(queue, from, limit),
      readQueuedEvents: (queue, from, limit) => ledger.readQueuedEvents(queue, from, limit),
      readStored: (from, limit) => ledger.readStored(from, limit),
      state: () => ledger.state(),
      close: () => ledger.close(),
    };
  }

  #note({ batches = [], events = [] }: Commit, committed: Committed): void {
    const { dropped } = committed;
    const full = { at: this.#now(), ...this.#last };
    const { lastReading, lastEvent } = this.#last;
    if (dropped.refused !== null) {
      for (const batch of batches) {
        const seq = lastReading + 0.5 + this.refused.length * 1e-9;
        this.refused.push({ seq, batch: this.#onRuler(batch), ...full });
      }
    }
    const into = dropped.thinned.map((thinning) => thinning.into.at(-1)?.to ?? 0);
    this.#last = {
      lastReading: Math.max(lastReading, ...committed.batches, ...into),
      lastEvent: Math.max(lastEvent, ...committed.events),
    };
    committed.batches.forEach((seq, i) => {
      this.stored.push({ seq, batch: this.#onRuler(batches[i] as Batch) });
    });
    events.forEach((event, i) => {
      this.storedEvents.push({ seq: committed.events[i] as number, event: this.#onRuler(event) });
    });
    for (const stream of ["readings", "events"] as const) {
      for (const range of [...dropped[stream], ...dropped.aged[stream]]) {
        this.dropped.push({ ...range, stream, ...full });
      }
    }
    this.thinned.push(...dropped.thinned.map((thinning) => ({ ...thinning, ...full })));
  }

  /** Throws where the disk takes nothing. */
  #refuse(): void {
    if (this.#failsOnce) {
      this.#failsOnce = false;
      if (!this.#isDiskFull()) this.diskFull.push({ from: this.#now(), to: this.#now() });
      throw new GatewayError("buffer.io", "a write to the simulated disk failed");
    }
    if (this.#isDiskFull()) throw new GatewayError(this.#diskFault, "the simulated disk refuses");
  }

  /** `item` with its times by the clock that nobody sets: of the machine, and of the simulation. */
  #onRuler<Item extends Batch | Event>(item: Item): Item {
    const { clock } = this.#parts;
    const uptime = clock.bootAt + (item.uptime ?? clock.uptime() - clock.bootAt);
    const at = clock.onRuler(item.at, uptime);
    const until = "until" in item ? { until: Number(item.until) + at - item.at } : {};
    return { ...item, at, uptime, ...until };
  }

  #isToCrash(side: CrashSide, world: SimWorld): boolean {
    return this.#crash === side && this.#life?.world === world;
  }

  async #crashNow(): Promise<never> {
    this.#crash = null;
    await this.kill();
    return await never();
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
      maxAgeMs: buffer.maxAgeMs,
      aroundMs: buffer.aroundMs,
      reserveBytes: buffer.reserveBytes,
      destinations: destinations.map(({ name }) => name),
      queues: queueRules(this.#config),
      boot: clock.boot,
      newStreams: { readings: newStream(), events: newStream() },
    };
    return openLocalLedger(options, async ({ kind }) => {
      if (kind === "close") return;
      // Opening must not wait: a start is awaited without time passing.
      if (kind === "commit") await clock.sleep(random.between(1, 25));
      else if (!AT_START.has(kind)) await clock.sleep(random.between(0.2, 2));
      if (world.isDead) await never();
      if (kind === "commit") this.#refuse();
    });
  }
}

/** Its part in its being replaced, by `files`; what it proves is not signed but shown. */
function updatingBy(
  world: SimWorld,
  config: GatewayConfig,
  files: UpdateFolder,
): Promise<Updating> {
  const { clock } = world;
  const sign = (claims: object) => JSON.stringify(claims);
  return Updating.open({ clock, config, release: "sim", files, memoryMaxBytes: 3e8, sign });
}
