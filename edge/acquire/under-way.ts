/**
 * What a loop does in the background. Where it takes one piece of work at a time it waits for it;
 * where it takes more it goes on meanwhile.
 */
export class UnderWay {
  readonly #onChange: () => void;
  #count = 0;
  #died: { readonly error: unknown } | null = null;

  /** `onChange` is called when a piece of work in the background has ended. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** How many pieces of work are under way in the background. */
  get count(): number {
    return this.#count;
  }

  /** Throws what made a piece of work break down that nobody waited for. */
  throwIfDied(): void {
    if (this.#died !== null) throw this.#died.error;
  }

  /** Does `work`: alone where `width` is 1, in the background where it is more. */
  async carryOut(width: number, work: () => Promise<void>): Promise<void> {
    if (width === 1) return await work();
    this.#count++;
    void work().then(
      () => {
        this.#count--;
        this.#onChange();
      },
      (error) => {
        this.#died = { error };
        this.#onChange();
      },
    );
  }
}
