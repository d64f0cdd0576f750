/** One timer. `index` is its place in the heap, -1 when it is in none. */
export type Timer = {
  readonly due: number;
  readonly order: number;
  readonly fire: () => void;
  index: number;
};

/** A binary heap of timers by due time, then by the order in which they were pushed. */
export class TimerHeap {
  readonly #timers: Timer[] = [];
  #pushed = 0;

  get size(): number {
    return this.#timers.length;
  }

  /** The timer that is due first, left where it is. */
  first(): Timer | undefined {
    return this.#timers[0];
  }

  push(due: number, fire: () => void): Timer {
    const timer = { due, order: this.#pushed, fire, index: this.#timers.length };
    this.#pushed += 1;
    this.#timers.push(timer);
    this.#rise(timer);
    return timer;
  }

  /** Takes `timer` out. One that is not in the heap any more is left alone. */
  remove(timer: Timer): void {
    if (timer.index < 0) return;
    const last = this.#timers.pop() as Timer;
    if (last !== timer) {
      this.#place(last, timer.index);
      this.#rise(last);
      this.#sink(last);
    }
    timer.index = -1;
  }

  #rise(timer: Timer): void {
    while (timer.index > 0) {
      const hole = timer.index;
      const parent = this.#timers[(hole - 1) >> 1] as Timer;
      if (!isBefore(timer, parent)) return;
      this.#place(timer, parent.index);
      this.#place(parent, hole);
    }
  }

  #sink(timer: Timer): void {
    for (;;) {
      const hole = timer.index;
      const left = this.#timers[2 * hole + 1];
      const right = this.#timers[2 * hole + 2];
      if (left === undefined) return;
      const child = right !== undefined && isBefore(right, left) ? right : left;
      if (!isBefore(child, timer)) return;
      this.#place(timer, child.index);
      this.#place(child, hole);
    }
  }

  #place(timer: Timer, index: number): void {
    this.#timers[index] = timer;
    timer.index = index;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
