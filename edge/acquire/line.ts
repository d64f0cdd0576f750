import { type Backoff, backoffMs } from "../core/backoff.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import { after, type UptimeMs, type WallMs } from "../core/time.ts";
import type { World } from "../world.ts";
import { Ladder, type Rung } from "./ladder.ts";
import type { Rebinding } from "./rebind.ts";

/** What a line is when it is open, whatever is spoken on it. */
export type OpenLine = {
  /** Resolves once, with why, when the line is gone, whoever closed it. Never rejects. */
  readonly closed: Promise<string>;
  /** Throws away what waits in the port, in and out; left out where there is nothing such. */
  flush?(): void;
  /** Closes the line. May be called more than once. */
  close(): void;
  /** What has happened on it since it was opened. */
  counters(): Readonly<Record<string, number>>;
};

export type LineParts<S extends OpenLine> = {
  readonly world: World;
  /** Opens the line. Rejects with `GatewayError` `link.refused`. */
  readonly open: (signal: AbortSignal) => Promise<S>;
  /** The line was opened, be it anew. */
  readonly onOpened: (session: S) => void;
  /**
   * Binds the line's USB adapter to its driver anew; says what became of it. Null where the line
   * has none of its own.
   */
  readonly rebind: (() => Promise<Rebinding>) | null;
  /** Something was done to a silent line, for the first time in this outage. */
  readonly onHealing: (rung: Rung) => void;
  /** The line was opened or lost, with why. */
  readonly onTurn: (to: BusState, cause: string) => void;
  /** Something happened: the loop is to look again. */
  readonly onChange: () => void;
};

export type BusState = "open" | "closed";

const REOPEN: Backoff = { firstMs: 500, maxMs: 15_000 };
/** An open line is opened anew only when it has been open for so long, in milliseconds. */
const RENEW_NOT_BEFORE_MS = REOPEN.maxMs;

/** The line of one bus: opened in the background, and opened again whenever it is gone. */
export class Line<S extends OpenLine> {
  readonly #parts: LineParts<S>;
  readonly #signal: AbortSignal;
  #session: S | null = null;
  /** Counters of the sessions that are over. */
  #past: Readonly<Record<string, number>> = {};
  readonly #ladder = new Ladder();
  #canRebind: boolean;
  /** Whether the adapter is to be bound anew before the line is opened again. */
  #isRebinding = false;
  /** Resolves when it is; null where it is not being bound. */
  #rebinding: Promise<void> | null = null;
  #opening = false;
  #wasTried = false;
  #failures = 0;
  /** Null before the first try. */
  #state: BusState | null = null;
  #openedAt = 0 as UptimeMs;
  /** Whether the line is closed only to be opened anew. */
  #isRenewing = false;
  /** Whether somebody else uses the port meanwhile. */
  #isLent = false;
  #since: WallMs | null = null;
  #trouble: string | null = null;
  #died: { readonly error: unknown } | null = null;

  constructor(parts: LineParts<S>, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    this.#canRebind = parts.rebind !== null;
  }

  /** The open session, or null. */
  get session(): S | null {
    return this.#session;
  }

  /** Whether it was tried to open the line: before, that it is closed is no outage. */
  get wasTried(): boolean {
    return this.#wasTried;
  }

  get state(): BusState {
    return this.#state ?? "closed";
  }

  get since(): WallMs | null {
    return this.#since;
  }

  /** Why it is closed, or null. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /**
   * The session's counters, summed over all times the line was opened, and what was done to it
   * while nothing answered.
   */
  get counters(): Readonly<Record<string, number>> {
    return { ...sum(this.#past, this.#session?.counters() ?? {}), ...this.#ladder.counters };
  }

  /** Begins to open the line where it is closed. Throws what made opening it break down. */
  keepOpen(): void {
    if (this.#died !== null) throw this.#died.error;
    if (this.#session === null && !this.#opening && !this.#isLent) this.#open();
  }

  /**
   * Nothing answers any more: does the next thing that may help. That the line is opened anew is a
   * turn only where it does not open.
   */
  heal(): void {
    const session = this.#session;
    if (session === null || this.#isRenewing) return;
    const now = this.#parts.world.clock.uptime();
    const canFlush = session.flush !== undefined;
    const rung = this.#ladder.next(now, { flush: canFlush, rebind: this.#canRebind });
    if (rung !== "flush" && now < after(this.#openedAt, RENEW_NOT_BEFORE_MS)) return;
    if (rung === "flush") session.flush?.();
    if (rung !== "rebind") this.#noteDone(rung);
    if (rung === "flush") return;
    this.#isRenewing = true;
    this.#isRebinding = rung === "rebind";
    session.close();
  }

  /**
   * Closes the line, leaves its port to `use`, and opens it again; that is no turn. Rejects with
   * `bus.busy` where it is not open.
   */
  async lend<T>(use: () => Promise<T>): Promise<T> {
    const session = this.#session;
    if (session === null || this.#isRenewing) throw new GatewayError("bus.busy", "it is not open");
    this.#isLent = true;
    this.#isRenewing = true;
    try {
      session.close();
      await session.closed;
      return await use();
    } finally {
      this.#isLent = false;
      this.#failures = 0;
      this.#parts.onChange();
    }
  }

  /** Something answers. */
  noteWell(): void {
    this.#ladder.well();
  }

  #noteDone(rung: Rung): void {
    const isFirst = this.#ladder.done(rung, this.#parts.world.clock.uptime());
    if (isFirst) this.#parts.onHealing(rung);
  }

  async #rebind(): Promise<void> {
    this.#isRebinding = false;
    const became = await this.#parts.rebind?.();
    if (became === "done") this.#noteDone("rebind");
    else if (became === "not-now") this.#ladder.notNow(this.#parts.world.clock.uptime());
    else this.#canRebind = false;
  }

  /** Closes the line; resolves when its adapter, if that is being bound anew, is left alone. */
  async close(): Promise<void> {
    this.#session?.close();
    // Amid it the adapter is without its driver.
    await this.#rebinding;
  }

  /** Opens the line in the background, so that due times go on giving readings meanwhile. */
  #open(): void {
    this.#opening = true;
    void this.#openOnce().then(
      () => {
        this.#opening = false;
        this.#wasTried = true;
        this.#parts.onChange();
      },
      (error) => {
        this.#died = { error };
        this.#parts.onChange();
      },
    );
  }

  async #openOnce(): Promise<void> {
    const { world, open } = this.#parts;
    if (this.#failures > 0) {
      await world.clock.sleep(backoffMs(REOPEN, this.#failures, world.random()), this.#signal);
    }
    this.#failures++;
    if (this.#isRebinding) {
      this.#rebinding = this.#rebind();
      await this.#rebinding;
      this.#rebinding = null;
      if (this.#signal.aborted) return;
    }
    let session: S;
    try {
      session = await open(this.#signal);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.#turn("closed", messageOf(error));
      return;
    }
    if (this.#signal.aborted) return session.close();
    this.#session = session;
    this.#openedAt = world.clock.uptime();
    this.#parts.onOpened(session);
    this.#turn("open", "opened");
    void session.closed.then((why) => this.#closed(session, why));
  }

  #closed(session: S, why: string): void {
    if (this.#signal.aborted) return;
    this.#session = null;
    this.#past = sum(this.#past, session.counters());
    // A line that worked is worth trying at once; one that flaps is not.
    const { clock } = this.#parts.world;
    if (clock.uptime() >= after(this.#openedAt, REOPEN.maxMs)) this.#failures = 0;
    if (!this.#isRenewing) this.#turn("closed", why);
    this.#isRenewing = false;
    this.#parts.onChange();
  }

  #turn(to: BusState, cause: string): void {
    this.#trouble = to === "open" ? null : cause;
    if (to === this.#state) return;
    this.#state = to;
    this.#since = this.#parts.world.clock.now();
    this.#parts.onTurn(to, cause);
  }
}

function sum(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const total: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) total[name] = (total[name] ?? 0) + count;
  return total;
}
