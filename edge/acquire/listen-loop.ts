import type { PointReading } from "../../drivers/driver.ts";
import type { TalkSession } from "../../drivers/serial/listen.ts";
import type { Heard } from "../../drivers/serial/parser.ts";
import type { Quality, Reading, Value } from "../core/reading.ts";
import { nextDue } from "../core/schedule.ts";
import type { UptimeMs } from "../core/time.ts";
import { Doorbell } from "../doorbell.ts";
import type { World } from "../world.ts";
import type { BusStatus } from "./bus-loop.ts";
import { type BusState, Line } from "./line.ts";
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
  #askAt: UptimeMs;

  constructor(parts: ListenParts, signal: AbortSignal) {
    const { world, open, onBusTurn } = parts;
    const { clock } = world;
    this.#parts = parts;
    this.#signal = signal;
    this.#bell = new Doorbell(clock, signal);
    this.#start = clock.uptime();
    this.#askAt = this.#start;
    this.#paces = new Map(parts.points.map((point) => [point.id, new Pace(point, this.#start)]));
    const onOpened = (session: TalkSession) => this.#listen(session);
    const onChange = () => this.#bell.ring();
    const tell = { onOpened, onTurn: onBusTurn, onChange, onHealing: () => {} };
    this.#line = new Line({ world, open, rebind: null, ...tell }, signal);
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
      this.#line.close();
    }
  }

  #idleMs(): number {
    if (!this.#line.wasTried) return 3_600_000;
    const wakes = [...this.#paces.values()].map((pace) => pace.wakeAt);
    if (this.#line.session !== null && this.#parts.askEveryMs !== null) wakes.push(this.#askAt);
    return Math.min(3_600_000, ...wakes) - this.#parts.world.clock.uptime();
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
      const bad = (reason: string) => this.#reading(point, null, `bad:${reason}` as Quality);
      return pace.serve(now, this.#line.session !== null, bad) ?? [];
    });
    this.#timeouts += due.filter(({ quality }) => quality === "bad:timeout").length;
    this.#noteSilence(now);
    if (due.length > 0) this.#parts.onReadings(due);
  }

  #noteSilence(now: UptimeMs): void {
    if (this.#isSilent || this.#line.session === null) return;
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

  #listen(session: TalkSession): void {
    const now = this.#parts.world.clock.uptime();
    this.#askAt = Math.max(this.#askAt, session.readyAt) as UptimeMs;
    for (const pace of this.#paces.values()) pace.opened(now);
    session.onHeard = (heard) => this.#hear(heard);
  }
}
