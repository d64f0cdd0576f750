import type { Lang } from "../core/errors.ts";
import { after, type Clock, type UptimeMs } from "../core/time.ts";
import { isThere, type UnitReport } from "../scan/unit-report.ts";
import { formatAge } from "./format.ts";
import { sayScan } from "./scan-text.ts";
import { whatIs } from "./scan-view.ts";

/** Where no terminal shows it, progress is told every so many milliseconds. */
const TELL_EVERY_MS = 10_000;

/** Goes back to the start of the terminal's line and empties it. */
const ANEW = "\r\u001b[K";

export type ProgressParts = {
  readonly clock: Clock;
  readonly lang: Lang;
  /** Units that are to be asked, at all settings together. */
  readonly total: number;
  /** What a unit takes at which nobody is, before that is known by experience, in milliseconds. */
  readonly unitMs: number;
  /** Whether the line can be written anew, as on a terminal. */
  readonly isLive: boolean;
  readonly write: (text: string) => void;
};

/** Tells what was found as it is found, how far the search is, and how long it will take. */
export class ScanProgress {
  readonly #parts: ProgressParts;
  readonly #from: UptimeMs;
  #toldAt: UptimeMs;
  #done = 0;
  #found = 0;

  constructor(parts: ProgressParts) {
    this.#parts = parts;
    this.#from = parts.clock.uptime();
    this.#toldAt = this.#from;
    this.#show();
  }

  /** A unit is done. */
  add(report: UnitReport): void {
    const { lang, write, isLive, clock } = this.#parts;
    this.#done++;
    if (isThere(report)) {
      this.#found++;
      const what = whatIs(report, lang);
      write(`${isLive ? ANEW : ""}${sayScan(lang, "foundOne", { unit: report.unit, what })}\n`);
    }
    if (isLive || clock.uptime() >= after(this.#toldAt, TELL_EVERY_MS)) this.#show();
  }

  /** Nothing more is told: the line is given back. */
  end(): void {
    if (this.#parts.isLive) this.#parts.write(ANEW);
  }

  /** How long the rest will take by what was so far, in milliseconds. */
  get leftMs(): number {
    const { clock, total, unitMs } = this.#parts;
    const eachMs = this.#done === 0 ? unitMs : (clock.uptime() - this.#from) / this.#done;
    return (total - this.#done) * eachMs;
  }

  #show(): void {
    const { lang, write, isLive, total, clock } = this.#parts;
    this.#toldAt = clock.uptime();
    const left = formatAge(this.leftMs, lang);
    const counts = { done: this.#done, total, found: this.#found, left };
    const text = sayScan(lang, "progress", counts);
    write(isLive ? `${ANEW}${text}` : `${text}\n`);
  }
}
