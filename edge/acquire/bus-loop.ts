import type { ReadOutcome, ReadRequest, Session } from "../../drivers/driver.ts";
import { type Backoff, backoffMs } from "../core/backoff.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { Reading, Reason } from "../core/reading.ts";
import { after, type UptimeMs, type WallMs } from "../core/time.ts";
import { Doorbell } from "../doorbell.ts";
import type { World } from "../world.ts";
import { type Due, Timetable } from "./timetable.ts";
import { UnitHealth } from "./unit-health.ts";

export type BusParts = {
  readonly world: World;
  readonly name: string;
  readonly requests: readonly ReadRequest[];
  /** Opens the line. Rejects with `GatewayError` `link.refused`. */
  readonly open: (signal: AbortSignal) => Promise<Session>;
  readonly onReadings: (readings: readonly Reading[]) => void;
  /** The bus was opened or lost, with why. */
  readonly onBusTurn: (to: BusState, cause: string) => void;
  /** A device began or ceased to answer. */
  readonly onDeviceTurn: (device: string, to: "answering" | "silent") => void;
};

export type BusState = "open" | "closed";

/** Figures of one bus for `status`. */
export type BusStatus = {
  readonly bus: string;
  readonly state: BusState;
  readonly since: WallMs | null;
  /** Why it is closed, or null. */
  readonly trouble: string | null;
  /** `SessionCounters`, summed over all times the bus was opened; empty before the first. */
  readonly counters: Readonly<Record<string, number>>;
  /** Due times skipped because the line had no time for them. */
  readonly missed: number;
  /** Devices that do not answer. */
  readonly silent: readonly string[];
};

const REOPEN: Backoff = { firstMs: 500, maxMs: 15_000 };
/** So many time-outs in a row, over all units, and the line itself is suspected. */
const SUSPECT_LINE_AFTER = 8;
/** A line is suspected only when it has been open for so long, in milliseconds. */
const SUSPECT_NOT_BEFORE_MS = REOPEN.maxMs;
/** The longest wait for a ring: none is missed, so this only bounds a sleep. */
const LONG_MS = 3_600_000;

/**
 * Reads everything on one bus for as long as the gateway runs: one request at a time, or as many as
 * its session takes, each point on its own grid. Every due time gives a reading, a bad one when the value is not to be had. A
 * line that is gone is opened again; a unit that is silent does not hold up the others.
 */
export class BusLoop {
  readonly #parts: BusParts;
  readonly #signal: AbortSignal;
  readonly #bell: Doorbell;
  readonly #table: Timetable<ReadRequest>;
  readonly #health = new Map<number, UnitHealth>();
  #session: Session | null = null;
  /** Counters of the sessions that are over. */
  #past: Readonly<Record<string, number>> = {};
  #opening = false;
  #tried = false;
  #failures = 0;
  #timeoutsInARow = 0;
  /** Requests that are being served in the background. */
  #serving = 0;
  /** Null before the first try. */
  #state: BusState | null = null;
  #openedAt = 0 as UptimeMs;
  /** Whether the line is closed only to be opened anew. */
  #isRenewing = false;
  #since: WallMs | null = null;
  #trouble: string | null = null;
  #died: { readonly error: unknown } | null = null;

  constructor(parts: BusParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    this.#bell = new Doorbell(parts.world.clock, signal);
    this.#table = new Timetable(parts.requests, parts.world.clock.uptime());
    for (const { unit } of parts.requests) this.#health.set(unit, new UnitHealth());
  }

  status(): BusStatus {
    const silent = this.#parts.requests.filter(({ unit }) => this.#healthOf(unit).isSilent);
    return {
      bus: this.#parts.name,
      state: this.#state ?? "closed",
      since: this.#since,
      trouble: this.#trouble,
      counters: sum(this.#past, this.#session?.counters() ?? {}),
      missed: this.#table.missed,
      silent: [...new Set(silent.map(({ device }) => device))],
    };
  }

  /** Runs until the signal aborts, then throws its reason. */
  async run(): Promise<void> {
    const { clock } = this.#parts.world;
    try {
      for (;;) {
        this.#signal.throwIfAborted();
        if (this.#died !== null) throw this.#died.error;
        if (this.#session === null && !this.#opening) this.#open();
        // Nothing is due before the line was tried: a start is not an outage.
        const width = this.#session?.inFlight ?? 1;
        const isFree = this.#tried && this.#serving < width;
        const due = isFree ? this.#table.next(clock.uptime()) : null;
        if (due === null) await this.#bell.wait(isFree ? this.#idleMs() : LONG_MS);
        else if (width === 1) await this.#serve(due);
        else this.#begin(due);
      }
    } finally {
      this.#session?.close();
    }
  }

  #idleMs(): number {
    const next = this.#table.nextAt;
    return next === null ? LONG_MS : next - this.#parts.world.clock.uptime();
  }

  /** Serves in the background, so that others are asked meanwhile. */
  #begin(due: Due<ReadRequest>): void {
    this.#serving++;
    this.#table.begin(due.task);
    void this.#serve(due).then(
      () => {
        this.#serving--;
        this.#bell.ring();
      },
      (error) => {
        this.#died = { error };
        this.#bell.ring();
      },
    );
  }

  /** Reads `request` for its due time, or says at once why it cannot be read. */
  async #serve({ task: request, due }: Due<ReadRequest>): Promise<void> {
    const { clock } = this.#parts.world;
    const session = this.#session;
    if (session === null) return this.#giveUp(request, "link-closed");
    const notBefore = Math.max(
      session.notBefore(request.unit),
      this.#healthOf(request.unit).probeAt ?? due,
    ) as UptimeMs;
    if (notBefore > clock.uptime()) {
      if (this.#table.putOff(request, notBefore)) return;
      return this.#giveUp(request, "timeout");
    }
    const outcome = await session.read(request, this.#signal);
    this.#signal.throwIfAborted();
    this.#table.done(request, clock.uptime());
    this.#noteHealth(request, outcome);
    this.#parts.onReadings(readingsOf(request, outcome));
  }

  #giveUp(request: ReadRequest, reason: Reason): void {
    const { clock } = this.#parts.world;
    const failure = { kind: "failure", reason, at: clock.now(), uptime: clock.uptime() } as const;
    this.#table.done(request, clock.uptime());
    this.#parts.onReadings(readingsOf(request, failure));
  }

  #noteHealth(request: ReadRequest, outcome: ReadOutcome): void {
    const { clock } = this.#parts.world;
    const health = this.#healthOf(request.unit);
    if (outcome.kind === "failure" && outcome.reason === "timeout") {
      const turn = health.timedOut(request.everyMs, clock.uptime());
      if (turn === "silent") this.#parts.onDeviceTurn(request.device, "silent");
      this.#timeoutsInARow++;
      if (this.#isSuspect()) this.#renew();
      return;
    }
    if (outcome.kind === "failure" && !outcome.reason.startsWith("exception:")) return;
    this.#timeoutsInARow = 0;
    if (health.answered() === "answering") this.#parts.onDeviceTurn(request.device, "answering");
  }

  /**
   * Whether the line itself may be what is silent, as a connection is that the peer has forgotten:
   * nothing answers, also asked once more since it was opened.
   */
  #isSuspect(): boolean {
    const { clock } = this.#parts.world;
    if (clock.uptime() < after(this.#openedAt, SUSPECT_NOT_BEFORE_MS)) return false;
    if (this.#timeoutsInARow >= SUSPECT_LINE_AFTER) return true;
    const units = [...this.#health.values()];
    return this.#timeoutsInARow > units.length && units.every(({ isSilent }) => isSilent);
  }

  /** Opens the line anew: a turn of the bus only where it does not open. */
  #renew(): void {
    this.#isRenewing = true;
    this.#session?.close();
  }

  #healthOf(unit: number): UnitHealth {
    return this.#health.get(unit) as UnitHealth;
  }

  /** Opens the line in the background, so that due times go on giving readings meanwhile. */
  #open(): void {
    this.#opening = true;
    void this.#openOnce().then(
      () => {
        this.#opening = false;
        this.#tried = true;
        this.#bell.ring();
      },
      (error) => {
        this.#died = { error };
        this.#bell.ring();
      },
    );
  }

  async #openOnce(): Promise<void> {
    const { world, open } = this.#parts;
    if (this.#failures > 0) {
      await world.clock.sleep(backoffMs(REOPEN, this.#failures, world.random()), this.#signal);
    }
    this.#failures++;
    let session: Session;
    try {
      session = await open(this.#signal);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.#turn("closed", messageOf(error));
      return;
    }
    const settleMs = session.readyAt - world.clock.uptime();
    if (settleMs > 0) await sleepOrClose(session, world.clock.sleep(settleMs, this.#signal));
    this.#session = session;
    this.#timeoutsInARow = 0;
    for (const health of this.#health.values()) health.lineReopened();
    this.#turn("open", "opened");
    this.#openedAt = world.clock.uptime();
    void session.closed.then((why) => {
      if (this.#signal.aborted) return;
      this.#session = null;
      this.#past = sum(this.#past, session.counters());
      // A line that worked is worth trying at once; one that flaps is not.
      if (world.clock.uptime() >= after(this.#openedAt, REOPEN.maxMs)) this.#failures = 0;
      if (!this.#isRenewing) this.#turn("closed", why);
      this.#isRenewing = false;
      this.#bell.ring();
    });
  }

  #turn(to: BusState, cause: string): void {
    this.#trouble = to === "open" ? null : cause;
    if (to === this.#state) return;
    this.#state = to;
    this.#since = this.#parts.world.clock.now();
    this.#parts.onBusTurn(to, cause);
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

/** A reading for every point of the request, whatever came of it. */
function readingsOf(request: ReadRequest, outcome: ReadOutcome): readonly Reading[] {
  const { at, uptime } = outcome;
  if (outcome.kind === "values") {
    return outcome.readings.map(({ point, value, quality }) => ({
      point,
      value,
      quality,
      at,
      uptime,
    }));
  }
  const quality = `bad:${outcome.reason}` as const;
  return request.points.map(({ point }) => ({
    point: point.id,
    value: null,
    quality,
    at,
    uptime,
  }));
}

/** Waits for `sleep`; where that is cut short `session` is closed. */
async function sleepOrClose(session: Session, sleep: Promise<void>): Promise<void> {
  try {
    await sleep;
  } catch (error) {
    session.close();
    throw error;
  }
}
