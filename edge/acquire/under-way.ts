import type { Clock, UptimeMs } from "../core/time.ts";

/**
 * What a loop does in the background. Where it takes one piece of work at a time it waits for it;
 * where it takes more it goes on meanwhile.
 */
export class UnderWay {
  readonly #onChange: () => void;
  readonly #clock: Clock;
  /** When each piece of work in the background began, the oldest first. */
  readonly #begun = new Set<{ readonly at: UptimeMs }>();
  #died: { readonly error: unknown } | null = null;

  /** `onChange` is called when a piece of work in the background has ended. */
  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** How many pieces of work are under way in the background. */
  get count(): number {
    return this.#begun.size;
  }

  /** When the oldest of them began; null where there is none. */
  get oldest(): UptimeMs | null {
    const [oldest] = this.#begun;
    return oldest?.at ?? null;
  }

  /** Throws what made a piece of work break down that nobody waited for. */
  throwIfDied(): void {
    if (this.#died !== null) throw this.#died.error;
  }

  /** Does `work`: alone where `width` is 1, in the background where it is more. */
  async carryOut(width: number, work: () => Promise<void>): Promise<void> {
    if (width === 1) return await work();
    const begun = { at: this.#clock.uptime() };
    this.#begun.add(begun);
    void work().then(
      () => {
        this.#begun.delete(begun);
        this.#onChange();
      },
      (error) => {
        this.#died = { error };
        this.#onChange();
      },
    );
  }
}
