import { after, type UptimeMs } from "../../edge/core/time.ts";
import { Copies, type CopySettings, type Shape, shapeCome } from "./copies.ts";
import { Owed } from "./owed.ts";

/** A unit that is left alone because answers of it may still be on their way. */
type Hold = {
  readonly until: UptimeMs;
  /** Answers to requests that were given up, not yet seen. */
  readonly owed: number;
};

/** How long units are left alone. */
export type HoldSettings = {
  /** After a request was given up, in milliseconds. */
  readonly graceMs: number;
  /**
   * After a late answer with more still owed, in milliseconds: they come as far apart as the
   * requests were sent.
   */
  readonly drainMs: number;
  /** Whether an answer can be taken for the answer to another request. */
  readonly canSlip: boolean;
  /**
   * Where a connection carries the line: how copies of answers are waited for. There an answer may
   * also come long after any hold.
   */
  readonly connection?: CopySettings;
};

/**
 * Which units are left alone, and until when. A serial line's answers do not say what they answer:
 * a late one must be thrown away before the unit is asked again. Over TCP they do: a late one shows
 * no more than that the unit is alive, and nobody has to wait for it.
 */
export class Holds {
  readonly #holds = new Map<number, Hold>();
  readonly #settings: HoldSettings;
  readonly #copies: Copies | null;
  readonly #owed: Owed | null;

  constructor(settings: HoldSettings) {
    this.#settings = settings;
    const { connection } = settings;
    this.#copies = connection === undefined ? null : new Copies(connection);
    this.#owed = connection === undefined ? null : new Owed();
  }

  /** When `unit` may be asked again; 0 where nothing holds it back. */
  until(unit: number): UptimeMs {
    const hold = this.#settings.canSlip ? this.#holds.get(unit) : undefined;
    return hold?.until ?? (0 as UptimeMs);
  }

  /** When a request may be sent that is answered in this shape; 0 where nothing holds it back. */
  untilClear(shape: Shape): UptimeMs {
    const clear = this.#copies?.until(shape) ?? 0;
    return Math.max(this.until(shape.unit), clear) as UptimeMs;
  }

  /** A request that is answered in this shape was given up at `now`: its answer may still come. */
  givenUp(shape: Shape, now: UptimeMs): void {
    const { unit } = shape;
    this.#owed?.givenUp(shape);
    const owed = (this.#holds.get(unit)?.owed ?? 0) + 1;
    this.#holds.set(unit, { until: after(now, this.#settings.graceMs), owed });
  }

  /**
   * Whether what came for a request of this shape, perhaps an exception, may be the answer to one
   * that was given up: that counts it as come.
   */
  takeOwed(shape: Shape, isException: boolean): boolean {
    return this.#owed?.take(shapeCome(shape, isException)) ?? false;
  }

  /** Answers of `unit` came, each perhaps an owed one, and then none for long: no more are owed. */
  drained(unit: number): void {
    this.#holds.delete(unit);
    this.#owed?.clear();
  }

  /**
   * A unit answered a request of this shape, be it by an exception: it owes nothing more, but where
   * answers come in any order. A hold that began meanwhile stays, because an answer that nobody
   * asked for came too.
   */
  answered(shape: Shape, isException: boolean, now: UptimeMs): void {
    const { unit } = shape;
    this.#copies?.answered(shape, isException, now);
    this.#owed?.clear();
    const hold = this.#holds.get(unit);
    if (hold === undefined || hold.until <= now) this.#holds.delete(unit);
    else if (this.#settings.canSlip) this.#holds.set(unit, { ...hold, owed: 0 });
  }

  /**
   * A valid frame of `unit` came at `now` that answers nothing pending. The last answer owed ends
   * the hold; with more owed, more may follow; with none owed the answers have slipped against the
   * requests and nothing of the unit can be believed until it is quiet. Says which.
   */
  stray(unit: number, now: UptimeMs): "late" | "unsolicited" {
    const { graceMs, drainMs, canSlip } = this.#settings;
    const owed = this.#holds.get(unit)?.owed ?? 0;
    if (owed === 1 || (owed === 0 && !canSlip)) this.#holds.delete(unit);
    else if (owed === 0) this.#holds.set(unit, { until: after(now, graceMs), owed });
    else this.#holds.set(unit, { until: after(now, drainMs), owed: owed - 1 });
    if (owed === 0) this.#copies?.unsolicited(unit, now);
    if (owed === 1) this.#owed?.settled(unit);
    return owed > 0 ? "late" : "unsolicited";
  }
}
