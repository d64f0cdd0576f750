import { after, type Clock, type UptimeMs } from "../core/time.ts";

/** Where no terminal shows it, progress is told every so many milliseconds. */
const TELL_EVERY_MS = 10_000;
/** On a terminal it is shown so often, in milliseconds. */
const SHOW_EVERY_MS = 200;
/** Goes back to the start of the terminal's line and empties it. */
const ANEW = "\r\u001b[K";

/** How something long is told of. */
export type ProgressParts = {
  readonly clock: Pick<Clock, "uptime">;
  /** Whether the line can be written anew, as on a terminal. */
  readonly isLive: boolean;
  readonly write: (text: string) => void;
  /** What to say when `percent` is done and the rest takes `leftMs` more. */
  readonly tell: (percent: number, leftMs: number) => string;
};

/** Tells how far something long is; nothing where it is over before there is anything to tell. */
export class Progress {
  readonly #parts: ProgressParts;
  readonly #from: UptimeMs;
  #toldAt: UptimeMs;
  #isShown = false;

  constructor(parts: ProgressParts) {
    this.#parts = parts;
    this.#from = parts.clock.uptime();
    this.#toldAt = this.#from;
  }

  /** `done` of `total` are done. */
  at(done: number, total: number): void {
    const { clock, isLive, write, tell } = this.#parts;
    const now = clock.uptime();
    if (done === 0 || now < after(this.#toldAt, isLive ? SHOW_EVERY_MS : TELL_EVERY_MS)) return;
    this.#toldAt = now;
    this.#isShown = true;
    const leftMs = ((now - this.#from) / done) * Math.max(0, total - done);
    const text = tell(Math.min(100, Math.floor((100 * done) / total)), leftMs);
    write(isLive ? `${ANEW}${text}` : `${text}\n`);
  }

  /** Nothing more is told: the line is given back. */
  end(): void {
    if (this.#isShown && this.#parts.isLive) this.#parts.write(ANEW);
  }
}
