import type { PointReading } from "../../drivers/driver.ts";
import type { TalkSession } from "../../drivers/serial/listen.ts";
import type { Heard } from "../../drivers/serial/parser.ts";
import { type Backoff, backoffMs } from "../core/backoff.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { Quality, Reading, Value } from "../core/reading.ts";
import { nextDue } from "../core/schedule.ts";
import { after, type UptimeMs, type WallMs } from "../core/time.ts";
import { Doorbell } from "../doorbell.ts";
import type { World } from "../world.ts";
import type { BusStatus } from "./bus-loop.ts";
import type { BusState } from "./line.ts";
import { Pace, type PaceRule } from "./pace.ts";

export type ListenParts = {
  readonly world: World;
  /** Of the bus. */
  readonly name: string;
  /** The one device on it. */
  readonly device: string;
  readonly points: readonly (PaceRule & { readonly id: string })[];
  /** How often the device is asked, in milliseconds; null for one that talks by itself. */
  readonly askEveryMs: number | null;
  /** Opens the line. Rejects with `GatewayError` `link.refused`. */
  readonly open: (signal: AbortSignal) => Promise<TalkSession>;
  /** Every value, the moment it is told: more than become readings where the device is fast. */
  readonly onValues: (values: readonly Reading[]) => void;
  /** At most one reading of a point in each of its periods. */
  readonly onReadings: (readings: readonly Reading[]) => void;
  /** The bus was opened or lost, with why. */
  readonly onBusTurn: (to: BusState, cause: string) => void;
  /** The device began or ceased to tell values. */
  readonly onDeviceTurn: (to: "answering" | "silent") => void;
};

const REOPEN: Backoff = { firstMs: 500, maxMs: 15_000 };

/**
 * Listens to one device that talks by itself, or asks it again and again, for as long as the
 * gateway runs. A line that is gone is opened again, and gives bad readings until then.
 */
export class ListenLoop {
  readonly #parts: ListenParts;
  readonly #signal: AbortSignal;
  readonly #bell: Doorbell;
  readonly #start: UptimeMs;
  readonly #paces: ReadonlyMap<string, Pace>;
  #session: TalkSession | null = null;
  /** Counters of the sessions that are over. */
  #past: Readonly<Record<string, number>> = {};
  #timeouts = 0;
  #opening = false;
  #tried = false;
  #failures = 0;
  /** Null before the first try. */
  #state: BusState | null = null;
  #since: WallMs | null = null;
  #trouble: string | null = null;
  #isSilent = false;
  #askAt: UptimeMs;
  #openedAt = 0 as UptimeMs;
  #died: { readonly error: unknown } | null = null;

  constructor(parts: ListenParts, signal: AbortSignal) {
    const { clock } = parts.world;
    this.#parts = parts;
    this.#signal = signal;
    this.#bell = new Doorbell(clock, signal);
    this.#start = clock.uptime();
    this.#askAt = this.#start;
    this.#paces = new Map(parts.points.map((point) => [point.id, new Pace(point, this.#start)]));
  }

  status(): BusStatus {
    const counters = sum(this.#past, this.#session?.counters() ?? {});
    return {
      bus: this.#parts.name,
      state: this.#state ?? "closed",
      since: this.#since,
      trouble: this.#trouble,
      counters: { ...counters, timeouts: this.#timeouts },
      missed: 0,
      silent: this.#isSilent ? [this.#parts.device] : [],
    };
  }

  /** Runs until the signal aborts, then throws its reason. */
  async run(): Promise<void> {
    try {
      for (;;) {
        this.#signal.throwIfAborted();
        if (this.#died !== null) throw this.#died.error;
        if (this.#session === null && !this.#opening) this.#open();
        // Nothing is due before the line was tried: a start is not an outage.
        if (this.#tried) {
          this.#ask();
          this.#serve();
        }
        await this.#bell.wait(this.#idleMs());
      }
    } finally {
      this.#session?.close();
    }
  }

  #idleMs(): number {
    if (!this.#tried) return 3_600_000;
    const wakes = [...this.#paces.values()].map((pace) => pace.wakeAt);
    if (this.#session !== null && this.#parts.askEveryMs !== null) wakes.push(this.#askAt);
    return Math.min(3_600_000, ...wakes) - this.#parts.world.clock.uptime();
  }

  /** Asks if it is time; what was missed while the line was closed is skipped. */
  #ask(): void {
    const { askEveryMs, world } = this.#parts;
    const now = world.clock.uptime();
    if (this.#session === null || askEveryMs === null || now < this.#askAt) return;
    this.#session.ask();
    this.#askAt = nextDue(this.#start, askEveryMs, now);
  }

  /** Gives what is due, be it that nothing came. */
  #serve(): void {
    const { clock } = this.#parts.world;
    const now = clock.uptime();
    const due = [...this.#paces].flatMap(([point, pace]) => {
      const bad = (reason: string) => this.#reading(point, null, `bad:${reason}` as Quality);
      return pace.serve(now, this.#session !== null, bad) ?? [];
    });
    this.#timeouts += due.filter(({ quality }) => quality === "bad:timeout").length;
    this.#noteSilence(now);
    if (due.length > 0) this.#parts.onReadings(due);
  }

  #noteSilence(now: UptimeMs): void {
    if (this.#isSilent || this.#session === null) return;
    if (![...this.#paces.values()].every((pace) => pace.isSilent(now))) return;
    this.#isSilent = true;
    this.#parts.onDeviceTurn("silent");
  }

  #hear(heard: Heard): void {
    switch (heard.kind) {
      case "message":
        this.#take(heard.readings);
        break;
      case "damaged":
        this.#miss(heard.points);
        break;
      case "misfit":
        return;
    }
    // What is held now may be due earlier than what was waited for.
    this.#bell.ring();
  }

  #take(told: readonly PointReading[]): void {
    if (this.#isSilent) {
      this.#isSilent = false;
      this.#parts.onDeviceTurn("answering");
    }
    const values = told.map(({ point, value, quality }) => this.#reading(point, value, quality));
    this.#parts.onValues(values);
    const due = values.flatMap((value) => this.#paceOf(value.point).hear(value) ?? []);
    if (due.length > 0) this.#parts.onReadings(due);
  }

  #miss(points: readonly string[]): void {
    const due = points.flatMap((point) => {
      return this.#paceOf(point).miss(this.#reading(point, null, "bad:crc")) ?? [];
    });
    if (due.length > 0) this.#parts.onReadings(due);
  }

  #paceOf(point: string): Pace {
    return this.#paces.get(point) as Pace;
  }

  #reading(point: string, value: Value | null, quality: Quality): Reading {
    const { clock } = this.#parts.world;
    return { point, value, quality, at: clock.now(), uptime: clock.uptime() };
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
    let session: TalkSession;
    try {
      session = await open(this.#signal);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.#turn("closed", messageOf(error));
      return;
    }
    if (this.#signal.aborted) session.close();
    else this.#listen(session);
  }

  #listen(session: TalkSession): void {
    const { clock } = this.#parts.world;
    this.#session = session;
    this.#openedAt = clock.uptime();
    this.#askAt = Math.max(this.#askAt, session.readyAt) as UptimeMs;
    for (const pace of this.#paces.values()) pace.opened(this.#openedAt);
    session.onHeard = (heard) => this.#hear(heard);
    this.#turn("open", "opened");
    void session.closed.then((why) => {
      if (this.#signal.aborted) return;
      this.#session = null;
      session.onHeard = null;
      this.#past = sum(this.#past, session.counters());
      // A line that worked is worth trying at once; one that flaps is not.
      if (clock.uptime() >= after(this.#openedAt, REOPEN.maxMs)) this.#failures = 0;
      this.#turn("closed", why);
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
