import { openLocalLedger } from "../../buffer/local.ts";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Ledger, LedgerState } from "../../edge/core/ledger.ts";
import { streamId } from "../../edge/core/stream-id.ts";
import { type RunningGateway, startGateway } from "../../edge/gateway.ts";
import { NEVER, SimWorld, type SimWorldParts } from "./world.ts";

type Life = {
  readonly world: SimWorld;
  readonly ledger: Ledger;
  readonly gateway: RunningGateway;
  readonly end: AbortController;
};

/**
 * The real gateway with the real SQLite file in a simulated world: it can be killed at any moment
 * and started again on what the file holds.
 */
export class SimGateway {
  readonly #parts: SimWorldParts;
  readonly #config: GatewayConfig;
  #life: Life | null = null;
  #lives = 0;
  /** While true every commit is refused, as on a full disk. */
  isDiskFull = false;
  /** Why a life ended that nobody ended; null while that never happened. */
  died: unknown = null;

  constructor(parts: SimWorldParts, config: GatewayConfig) {
    this.#parts = parts;
    this.#config = config;
  }

  get lives(): number {
    return this.#lives;
  }

  get running(): RunningGateway | null {
    return this.#life?.gateway ?? null;
  }

  async start(): Promise<void> {
    const life = ++this.#lives;
    const world = new SimWorld(this.#parts, life);
    const ledger = await this.#openLedger(world);
    const end = new AbortController();
    const parts = { world, config: this.#config, ledger, release: "sim" };
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
    this.#parts.trace.add("gateway", `life ${this.#lives} is killed`);
    this.#life = null;
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
    const state = await life.ledger.state();
    await life.ledger.close();
    return state;
  }

  #openLedger(world: SimWorld): Promise<Ledger> {
    const { clock, random } = this.#parts;
    const { buffer, destinations } = this.#config;
    const newStream = () => streamId(clock.now(), () => random.next());
    const options = {
      dir: buffer.dir,
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
      if (kind === "commit" && this.isDiskFull) {
        throw new GatewayError("buffer.full", "the simulated disk is full");
      }
    });
  }
}
