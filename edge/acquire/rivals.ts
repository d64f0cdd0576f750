import { after, type UptimeMs } from "../core/time.ts";

/** So often a connection that seemed well is displaced by another … */
const DISPLACED_MAX = 4;
/** … within so many milliseconds where two peers have one identity; without one it is over. */
const WITHIN_MS = 300_000;

/**
 * Whether peers take one place from each other, as two serial servers with the same registration
 * do: who is displaced dials in again and displaces the other. One peer that lost its connection
 * displaces what is left of that once, and then is alone.
 */
export class Rivals {
  readonly #displacedAt: UptimeMs[] = [];
  #isOn = false;

  /** A connection was displaced at `now`; says whether from now on they are rivals. */
  displaced(now: UptimeMs): boolean {
    this.#displacedAt.push(now);
    if (this.#displacedAt.length > DISPLACED_MAX) this.#displacedAt.shift();
    const isMany = this.#displacedAt.length === DISPLACED_MAX;
    const hasBegun = !this.#isOn && isMany && now < after(this.#displacedAt[0] ?? now, WITHIN_MS);
    this.#isOn ||= hasBegun;
    return hasBegun;
  }

  /** When they are rivals no more, unless one is displaced before. */
  get overAt(): UptimeMs {
    return after(this.#displacedAt.at(-1) ?? (0 as UptimeMs), WITHIN_MS);
  }

  /** They are rivals no more. */
  end(): void {
    this.#isOn = false;
    this.#displacedAt.length = 0;
  }
}
