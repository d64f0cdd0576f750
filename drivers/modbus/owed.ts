import { fits, type Shape } from "./copies.ts";

/** So many answers of one shape that were given up and may still come. */
type Debt = { readonly shape: Shape; readonly count: number };

/**
 * The answers that a connection may still bring, however long it stood still. Where a serial line is
 * behind it they do not say what they answer, and the longest hold may end before they come; but
 * all keeps its order. So an answer that an owed one fits is doubted. When as many came as are owed,
 * the next is the request's own. When none comes for a time-out, one was lost, and nobody knows
 * which: none is believed, nothing is owed any more, and the request is sent again where that does
 * no harm. And an answer that is believed shows that all that was asked before it has come, or never
 * will, so that a dead unit beside living ones costs nothing.
 *
 * Closing the link would tell as much, but there are serial servers that come back after minutes.
 * What is left: a connection that stands still twice, so that more than a time-out lies between an
 * owed answer and the one behind it.
 */
export class Owed {
  /** At most one for each shape of answer that the requests of the bus have. */
  #debts: readonly Debt[] = [];

  /** A request that is answered in this shape was given up. */
  givenUp(shape: Shape): void {
    const before = this.#debts.find((each) => isSame(each.shape, shape));
    const others = this.#debts.filter((each) => each !== before);
    this.#debts = [...others, { shape, count: (before?.count ?? 0) + 1 }];
  }

  /** Whether what came in this shape, no copy, may be owed; counts it as come. */
  take(shape: Shape): boolean {
    const debt = this.#debts.find((each) => fits(each.shape, shape));
    if (debt === undefined) return false;
    const rest = debt.count === 1 ? [] : [{ ...debt, count: debt.count - 1 }];
    this.#debts = [...this.#debts.filter((each) => each !== debt), ...rest];
    return true;
  }

  /** All that was asked before has come, or never will. */
  clear(): void {
    this.#debts = [];
  }

  /** All that `unit` owed has come. */
  settled(unit: number): void {
    this.#debts = this.#debts.filter(({ shape }) => shape.unit !== unit);
  }
}

function isSame(a: Shape, b: Shape): boolean {
  return a.unit === b.unit && a.functionCode === b.functionCode && a.third === b.third;
}
