import type { Clock, UptimeMs } from "./core/time.ts";
import {
  type CardLimits,
  judgedWear,
  UNWORN,
  type Wear,
  type WearFigures,
  wearFigures,
  worn,
} from "./core/wear.ts";
import { BUFFER, type Turn } from "./gateway-event.ts";

/** How often the wear is remembered and judged, in milliseconds. */
const EVERY_MS = 600_000;
const DAY_MS = 86_400_000;

/** What the buffer does to its card, for `status`. */
export type WearStatus = WearFigures & {
  readonly enduranceBytes: number;
  /** Whether the card lasts for less than it must. */
  readonly isShort: boolean;
};

type Parts = {
  readonly clock: Clock;
  /** What the buffer kept, or null. */
  readonly remembered: Wear | null;
  readonly limits: CardLimits;
  /** Takes what is to be kept. */
  readonly onChange: (wear: Wear) => void;
  readonly tell: (turn: Turn) => void;
};

/** Watches how fast the buffer wears out its card, and tells when that will not last. */
export class WearWatch {
  readonly #parts: Parts;
  #wear: Wear;
  /** Of this run: what is in `#wear`, and what has been written. */
  #counted = { bytes: 0, at: 0 as UptimeMs };
  #written: number | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#wear = parts.remembered ?? UNWORN;
    this.#counted.at = parts.clock.uptime();
  }

  /** The buffer has had so much written since it was opened; null where it cannot tell. */
  note(written: number | null): void {
    if (written === null) return;
    this.#written = written;
    if (this.#parts.clock.uptime() - this.#counted.at < EVERY_MS) return;
    const before = this.#wear;
    this.#wear = judgedWear(this.#now(), this.#parts.limits);
    this.#counted = { bytes: written, at: this.#parts.clock.uptime() };
    this.#parts.onChange(this.#wear);
    if (this.#wear.isShort !== before.isShort) this.#tell();
  }

  /** What it comes to; null while too little is known. */
  status(): WearStatus | null {
    const { enduranceBytes } = this.#parts.limits;
    const wear = this.#now();
    const figures = wearFigures(wear, enduranceBytes);
    return figures && { ...figures, enduranceBytes, isShort: wear.isShort };
  }

  #now(): Wear {
    if (this.#written === null) return this.#wear;
    const ms = this.#parts.clock.uptime() - this.#counted.at;
    return worn(this.#wear, { bytes: this.#written - this.#counted.bytes, ms });
  }

  #tell(): void {
    const { limits, tell } = this.#parts;
    const figures = wearFigures(this.#wear, limits.enduranceBytes);
    if (figures === null) return;
    const [from, to] = this.#wear.isShort ? ["lasting", "wearing"] : ["wearing", "lasting"];
    const detail = {
      bytesPerDay: Math.round(figures.bytesPerDay),
      lifeDays: Math.floor(figures.lifeMs / DAY_MS),
      minLifeDays: Math.floor(limits.minLifeMs / DAY_MS),
    };
    tell({ ...BUFFER, from: from as string, to: to as string, cause: "wear", detail });
  }
}
