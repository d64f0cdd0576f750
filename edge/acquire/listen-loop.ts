import type { PointReading } from "../../drivers/driver.ts";
import type { TalkSession } from "../../drivers/serial/listen.ts";
import type { Heard } from "../../drivers/serial/parser.ts";
import { type Backoff, backoffMs } from "../core/backoff.ts";
import type { Quality, Reading, Reason, Value } from "../core/reading.ts";
import { nextDue } from "../core/schedule.ts";
import { after, type UptimeMs } from "../core/time.ts";
import { Doorbell } from "../doorbell.ts";
import type { World } from "../world.ts";
import type { BusStatus } from "./bus-status.ts";
import type { Rung } from "./ladder.ts";
import { type BusState, Line } from "./line.ts";
import { Pace, type PaceRule } from "./pace.ts";
import type { Rebinding } from "./rebind.ts";

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
  /**
   * Takes every value the moment it is told, more than become readings where the device is fast,
   * and that one is missing; gives what each was measured to be, in their order.
   */
  readonly measure: (told: readonly Reading[]) => readonly Reading[];
  /** At most one reading of a point in each of its periods, as it was measured. */
  readonly onReadings: (readings: readonly Reading[]) => void;
  /** The bus was opened or lost, with why. */
  readonly onBusTurn: (to: BusState, cause: string) => void;
  /** The device began or ceased to tell values. */
  readonly onDeviceTurn: (to: "answering" | "silent") => void;
  /** Binds the USB adapter of the line anew, or null; says what became of it. */
  readonly rebind: (() => Promise<Rebinding>) | null;
  /** Something was done to the line because nothing is told, for the first time in this outage. */
  readonly onHealing: (rung: Rung) => void;
};

/** How long a device is silent before something is done to its line, and done again. */
const HEALING: Backoff = { firstMs: 60_000, maxMs: 3_600_000 };

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
  readonly #line: Line<TalkSession>;
  #timeouts = 0;
  #isSilent = false;
  /** How often, since the device fell silent, a next thing to do was put off. */
  #healings = 0;
  #healAt = 0 as UptimeMs;
  #askAt: UptimeMs;

  constructor(parts: ListenParts, signal: AbortSignal) {
    const { world, open, rebind, onBusTurn, onHealing } = parts;
    const { clock } = world;
    this.#parts = parts;
    this.#signal = signal;
    this.#bell = new Doorbell(clock, signal);
    this.#start = clock.uptime();
    this.#askAt = this.#start;
    this.#paces = new Map(parts.points.map((point) => [point.id, new Pace(point, this.#start)]));
    const onOpened = (session: TalkSession) => this.#listen(session);
    const onChange = () => this.#bell.ring();
    const tell = { onOpened, onTurn: onBusTurn, onChange, onHealing };
    this.#line = new Line({ world, open, rebind, ...tell }, signal);
  }

  status(): BusStatus {
    const { state, since, trouble, counters } = this.#line;
    return {
      bus: this.#parts.name,
      state,
      since,
      trouble,
      counters: { ...counters, timeouts: this.#timeouts },
      missed: 0,
      silent: this.#isSilent ? [this.#parts.device] : [],
      unanswered: [],
      disturbed: [],
    };
  }

  /** Runs until the signal aborts, then throws its reason. */
  async run(): Promise<void> {
    try {
      for (;;) {
        this.#signal.throwIfAborted();
        this.#line.keepOpen();
        // Nothing is due before the line was tried: a start is not an outage.
        if (this.#line.wasTried) {
          this.#ask();
          this.#serve();
        }
        await this.#bell.wait(this.#idleMs());
      }
    } finally {
      await this.#line.close();
    }
  }

  #idleMs(): number {
    if (!this.#line.wasTried) return Infinity;
    const wakes = [...this.#paces.values()].map((pace) => pace.wakeAt(this.#isOpen));
    if (this.#line.session !== null && this.#parts.askEveryMs !== null) wakes.push(this.#askAt);
    const now = this.#parts.world.clock.uptime();
    return Math.min(...wakes.map((at) => at - now));
  }

  /** Asks if it is time; what was missed while the line was closed is skipped. */
  #ask(): void {
    const { askEveryMs, world } = this.#parts;
    const { session } = this.#line;
    const now = world.clock.uptime();
    if (session === null || askEveryMs === null || now < this.#askAt) return;
    session.ask();
    this.#askAt = nextDue(this.#start, askEveryMs, now);
  }

  /** Gives what is due, be it that nothing came. */
  #serve(): void {
    const { clock } = this.#parts.world;
    const now = clock.uptime();
    const due = [...this.#paces].flatMap(([point, pace]) => {
      const bad = (reason: Reason) => this.#missing(point, reason);
      return pace.serve(now, this.#isOpen, bad) ?? [];
    });
    this.#timeouts += due.filter(({ quality }) => quality === "bad:timeout").length;
    this.#noteSilence(now);
    if (due.length > 0) this.#parts.onReadings(due);
  }

  /** A line that is opened anew because nothing is told is not taken for closed. */
  get #isOpen(): boolean {
    return this.#line.state === "open";
  }

  /**
   * A port may hang while it looks open: what makes it work again is tried, more and more rarely,
   * because the first line behind it is not believed, and a device may speak less often than it is
   * told to.
   */
  #noteSilence(now: UptimeMs): void {
    if (this.#line.session === null) return;
    if (![...this.#paces.values()].every((pace) => pace.isSilent(now))) return;
    if (this.#isSilent) {
      this.#heal(now);
      return;
    }
    this.#isSilent = true;
    this.#healings = 0;
    this.#healAt = this.#nextHealing(now);
    this.#parts.onDeviceTurn("silent");
  }

  #heal(now: UptimeMs): void {
    if (now < this.#healAt) return;
    this.#line.heal();
    this.#healAt = this.#nextHealing(now);
  }

  #nextHealing(now: UptimeMs): UptimeMs {
    this.#healings++;
    return after(now, backoffMs(HEALING, this.#healings, this.#parts.world.random()));
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
      this.#line.noteWell();
      this.#parts.onDeviceTurn("answering");
    }
    const values = this.#parts.measure(
      told.map(({ point, value, quality }) => this.#reading(point, value, quality)),
    );
    const due = values.flatMap((value) => this.#paceOf(value.point).hear(value) ?? []);
    if (due.length > 0) this.#parts.onReadings(due);
  }

  #miss(points: readonly string[]): void {
    const due = points.flatMap((point) => {
      return this.#paceOf(point).miss(this.#missing(point, "crc")) ?? [];
    });
    if (due.length > 0) this.#parts.onReadings(due);
  }

  /** A reading that says why `point` has no value. */
  #missing(point: string, reason: Reason): Reading {
    const reading = this.#reading(point, null, `bad:${reason}`);
    return this.#parts.measure([reading])[0] ?? reading;
  }

  #paceOf(point: string): Pace {
    return this.#paces.get(point) as Pace;
  }

  #reading(point: string, value: Value | null, quality: Quality): Reading {
    const { clock } = this.#parts.world;
    return { point, value, quality, at: clock.now(), uptime: clock.uptime() };
  }

  #listen(session: TalkSession): void {
    const now = this.#parts.world.clock.uptime();
    this.#askAt = Math.max(this.#askAt, session.readyAt) as UptimeMs;
    for (const pace of this.#paces.values()) pace.opened(now);
    session.onHeard = (heard) => this.#hear(heard);
  }
}
