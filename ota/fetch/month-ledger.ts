import type { Clock } from "../../edge/core/time.ts";
import { readIfThere, writeDurably } from "../trust/durable.ts";
import { diskFault } from "../trust/verdict.ts";

/** So much is counted on the disk before it comes: a loss of power counts too much, never too little. */
const AHEAD_BYTES = 262_144;

const MONTH = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "UTC",
  year: "numeric",
  month: "2-digit",
});

/** How much was fetched in this calendar month (UTC), in a file that outlives restarts. */
export class MonthLedger {
  readonly #file: string;
  readonly #clock: Clock;
  #month: string;
  #bytes: number;
  /** What the file says: as much, or more. */
  #written: number;

  /** One process at a time on `file`. What is torn there counts as nothing. Throws `ota.disk`. */
  constructor(file: string, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
    const { month, bytes } = kept(file);
    this.#month = month ?? monthOf(clock);
    this.#bytes = bytes;
    this.#written = bytes;
  }

  /** In bytes. */
  get used(): number {
    this.#turn();
    return this.#bytes;
  }

  /** The day on which the next month begins, as `2026-12-01`. */
  get nextMonth(): string {
    const [year = 0, month = 0] = this.#month.split("-").map(Number);
    return month === 12 ? `${year + 1}-01-01` : `${year}-${`${month + 1}`.padStart(2, "0")}-01`;
  }

  /** Throws `ota.disk`: what cannot be counted is not to be fetched. */
  add(bytes: number): void {
    this.#turn();
    this.#bytes += bytes;
    if (this.#bytes > this.#written) this.#write(this.#bytes + AHEAD_BYTES);
  }

  /** Writes what was really used. Throws `ota.disk`. */
  settle(): void {
    if (this.#written !== this.#bytes) this.#write(this.#bytes);
  }

  /** A clock that may be wrong begins no new month. */
  #turn(): void {
    const month = monthOf(this.#clock);
    if (month === this.#month || this.#clock.state() === "unsynced") return;
    this.#month = month;
    this.#bytes = 0;
    this.#written = 0;
  }

  #write(bytes: number): void {
    const text = `${JSON.stringify({ v: 1, month: this.#month, bytes })}\n`;
    try {
      writeDurably(this.#file, Buffer.from(text));
    } catch (error) {
      throw diskFault(error, "cannot keep how much was fetched");
    }
    this.#written = bytes;
  }
}

function monthOf(clock: Clock): string {
  return MONTH.format(clock.now());
}

function kept(file: string): { readonly month: string | null; readonly bytes: number } {
  try {
    const { month, bytes } = JSON.parse(`${readIfThere(file) ?? "{}"}`);
    const isRight = /^\d{4}-\d{2}$/.test(`${month}`) && Number.isSafeInteger(bytes) && bytes >= 0;
    return isRight ? { month, bytes } : { month: null, bytes: 0 };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError)
      return { month: null, bytes: 0 };
    throw diskFault(error, "cannot read how much was fetched");
  }
}
