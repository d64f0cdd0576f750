import { SESSION_QUEUE_MAX } from "../driver.ts";

/** Whose turn it is on a line that carries one request at a time: first come, first served. */
export class Turns {
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  /**
   * Does `work` when those before it are over, whatever became of them. Rejects where more than
   * `SESSION_QUEUE_MAX` wait for the bus of `device`, and as `work` does.
   */
  async take<T>(device: string, work: () => Promise<T>): Promise<T> {
    if (this.#waiting > SESSION_QUEUE_MAX) {
      throw new Error(`more than ${SESSION_QUEUE_MAX} requests wait for the bus of ${device}`);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = promise;
    this.#waiting++;
    try {
      await before;
      return await work();
    } finally {
      this.#waiting--;
      resolve();
    }
  }
}
