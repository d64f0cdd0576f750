import type { PointReading } from "../../drivers/driver.ts";
import type { Heard } from "../../drivers/heard.ts";
import { type Backoff, backoffMs } from "../core/backoff.ts";
import type { Progress } from "../core/progress.ts";
import type { Quality, Reading, Reason, Value } from "../core/reading.ts";
import { nextDue } from "../core/schedule.ts";
import { after, type UptimeMs, type WallMs } from "../core/time.ts";
import { Doorbell } from "../doorbell.ts";
import type { World } from "../world.ts";
import type { BoardStatus, BusStatus } from "./bus-status.ts";
import type { Rung } from "./ladder.ts";
import { type BusState, Line, type OpenLine } from "./line.ts";
import { Pace, type PaceRule } from "./pace.ts";
import type { Rebinding } from "./rebind.ts";

/** An open line with devices that are listened to. */
export type ListenSession = OpenLine & {
  /** The one listener for what they say. */
  onHeard: ((heard: Heard) => void) | null;
  /** Nothing is to be asked before. */
  readonly readyAt: UptimeMs;
  /** Sends the request, if there is one. */
  ask(): void;
};

export type ListenParts<S extends ListenSession = ListenSession> = {
  readonly world: World;
  /** Of the bus. */
  readonly name: string;
  /** `device` is whose the point is. */
  readonly points: readonly (PaceRule & { readonly id: string; readonly device: string })[];
  /** How often the device is asked, in milliseconds; null for one that talks by itself. */
  readonly askEveryMs: number | null;
  /** Opens the line. Rejects with `GatewayError` `link.refused`. */
  readonly open: (signal: AbortSignal) => Promise<S>;
  /** What is told of a board that is open; left out where there is none. */
  readonly boardOf?: (session: S) => BoardStatus;
  /**
   * Takes every value the moment it is told, more than become readings where the device is fast,
   * and that one is missing; gives what each was measured to be, in their order.
   */
  readonly measure: (told: readonly Reading[]) => readonly Reading[];
  /** At most one reading of a point in each of its periods, as it was measured. */
  readonly onReadings: (readings: readonly Reading[]) => void;
  /** The bus was opened or lost, with why. */
  readonly onBusTurn: (to: BusState, cause: string) => void;
  /** A device began or ceased to tell values. */
  readonly onDeviceTurn: (device: string, to: "answering" | "silent") => void;
  /** Binds the USB adapter of the line anew, or null; says what became of it. */
  readonly rebind: (() => Promise<Rebinding>) | null;
  /** Whether something is done to a line on which all are silent; true where left out. */
  readonly heals?: boolean;
  /** Something was done to the line because nothing is told, for the first time in this outage. */
  readonly onHealing: (rung: Rung) => void;
};

/** How long all devices are silent before something is done to their line, and done again. */
const HEALING: Backoff = { firstMs: 60_000, maxMs: 3_600_000 };

/**
 * Listens to devices that talk by themselves, or asks the one there is again and again, for as long
 * as the gateway runs. A line that is gone is opened again, and gives bad readings until then.
 */
export class ListenLoop<S extends ListenSession = ListenSession> {
  readonly #parts: ListenParts<S>;
  readonly #signal: AbortSignal;
  readonly #bell: Doorbell;
  readonly #start: UptimeMs;
  readonly #paces: ReadonlyMap<string, Pace>;
  /** The paces of the points of each device. */
  readonly #devices: ReadonlyMap<string, readonly Pace[]>;
  readonly #deviceOf: ReadonlyMap<string, string>;
  readonly #silent = new Set<string>();
  readonly #line: Line<S>;
  #timeouts = 0;
  /** How often, since all devices fell silent, a next thing to do was put off. */
  #healings = 0;
  /** Null while a device tells values. */
  #healAt: UptimeMs | null = null;
  #askAt: UptimeMs;

  constructor(parts: ListenParts<S>, signal: AbortSignal) {
    const { world, open, rebind, onBusTurn, onHealing } = parts;
    const { clock } = world;
    this.#parts = parts;
    this.#signal = signal;
    this.#bell = new Doorbell(clock, signal);
    this.#start = clock.uptime();
    this.#askAt = this.#start;
    this.#paces = new Map(parts.points.map((point) => [point.id, new Pace(point, this.#start)]));
    this.#deviceOf = new Map(parts.points.map(({ id, device }) => [id, device]));
    const byDevice = Map.groupBy(parts.points, ({ device }) => device);
    this.#devices = new Map(
      [...byDevice].map(([device, points]) => [device, points.map(({ id }) => this.#paceOf(id))]),
    );
    const onOpened = (session: S) => this.#listen(session);
    const onChange = () => {
      this.#noteLoss();
      this.#bell.ring();
    };
    const tell = { onOpened, onTurn: onBusTurn, onChange, onHealing };
    this.#line = new Line({ world, open, rebind, ...tell }, signal);
  }

  /** What its loop is doing. */
  get progress(): Progress {
    return this.#bell.progress;
  }

  /** The line while it is open. */
  get session(): S | null {
    return this.#line.session;
  }

  status(): BusStatus {
    const { state, since, trouble, counters, session } = this.#line;
    const board = session === null ? undefined : this.#parts.boardOf?.(session);
    return {
      ...(board && { board }),
      bus: this.#parts.name,
      state,
      since,
      trouble,
      counters: { ...counters, timeouts: this.#timeouts },
      missed: 0,
      silent: [...this.#silent],
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

  #noteSilence(now: UptimeMs): void {
    if (this.#line.session === null) return;
    let isAnySpeaking = false;
    for (const [device, paces] of this.#devices) {
      if (!paces.every((pace) => pace.isSilent(now))) isAnySpeaking = true;
      else if (!this.#silent.has(device)) {
        this.#silent.add(device);
        this.#parts.onDeviceTurn(device, "silent");
      }
    }
    if (!isAnySpeaking && this.#parts.heals !== false) this.#heal(now);
  }

  /**
   * A port may hang while it looks open: what makes it work again is tried, more and more rarely,
   * because the first line behind it is not believed, and a device may speak less often than it is
   * told to.
   */
  #heal(now: UptimeMs): void {
    if (this.#healAt !== null) {
      if (now < this.#healAt) return;
      this.#line.heal();
    }
    this.#healings++;
    this.#healAt = after(now, backoffMs(HEALING, this.#healings, this.#parts.world.random()));
  }

  #noteWell(device: string): void {
    if (!this.#silent.delete(device)) return;
    this.#healings = 0;
    this.#healAt = null;
    this.#line.noteWell();
    this.#parts.onDeviceTurn(device, "answering");
  }

  /** A line that is lost makes every value unknown at once, and not when the next is due. */
  #noteLoss(): void {
    if (this.#isOpen || !this.#line.wasTried) return;
    const now = this.#parts.world.clock.uptime();
    const held = [...this.#paces.values()].flatMap((pace) => pace.lost(now) ?? []);
    if (held.length > 0) this.#parts.onReadings(held);
  }

  #hear(heard: Heard): void {
    switch (heard.kind) {
      case "message":
        this.#take(heard.readings, heard.uptime);
        break;
      case "damaged":
        this.#miss(heard.points, "crc");
        break;
      case "missing":
        this.#miss(heard.points, heard.reason, heard.uptime);
        break;
      case "misfit":
        return;
    }
    // What is held now may be due earlier than what was waited for.
    this.#bell.ring();
  }

  #take(told: readonly PointReading[], uptime = this.#parts.world.clock.uptime()): void {
    // What comes behind a later reading says nothing of now any more, to alarms neither.
    const inTime = told.filter(({ point }) => !this.#paceOf(point).isLate(uptime));
    if (inTime.length === 0) return;
    for (const { point } of inTime) this.#noteWell(this.#deviceOf.get(point) as string);
    const values = this.#parts.measure(
      inTime.map(({ point, value, quality }) => this.#reading(point, value, quality, uptime)),
    );
    const due = values.flatMap((value) => this.#paceOf(value.point).hear(value) ?? []);
    if (due.length > 0) this.#parts.onReadings(due);
  }

  #miss(points: readonly string[], reason: Reason, uptime?: UptimeMs): void {
    const due = points.flatMap((point) => {
      return this.#paceOf(point).miss(this.#missing(point, reason, uptime)) ?? [];
    });
    if (due.length > 0) this.#parts.onReadings(due);
  }

  /** A reading that says why `point` has no value. */
  #missing(point: string, reason: Reason, uptime?: UptimeMs): Reading {
    const reading = this.#reading(point, null, `bad:${reason}`, uptime);
    return this.#parts.measure([reading])[0] ?? reading;
  }

  #paceOf(point: string): Pace {
    return this.#paces.get(point) as Pace;
  }

  /** A reading of now, or of the moment `uptime` before. */
  #reading(
    point: string,
    value: Value | null,
    quality: Quality,
    uptime = this.#parts.world.clock.uptime(),
  ): Reading {
    const { clock } = this.#parts.world;
    const ageMs = clock.uptime() - uptime;
    const at = Math.round(clock.now() - ageMs) as WallMs;
    return { point, value, quality, at, uptime };
  }

  #listen(session: S): void {
    const now = this.#parts.world.clock.uptime();
    this.#askAt = Math.max(this.#askAt, session.readyAt) as UptimeMs;
    for (const pace of this.#paces.values()) pace.opened(now);
    session.onHeard = (heard) => this.#hear(heard);
  }
}
