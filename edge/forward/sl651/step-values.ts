import type { Sl651Destination } from "../../../config/centre-config.ts";
import { SpanFeed, type SpanParts } from "../periods/span-feed.ts";
import { valueAtEnd } from "./hour-reports.ts";

type Element = Sl651Destination["elements"][number];

export type StepSpan = {
  readonly elements: readonly Element[];
  /** Wall times of the first and the last value, in milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly settleMs: number;
};

/** Values at equal steps, read from the buffer bit by bit. */
export class StepValues {
  readonly #span: StepSpan;
  readonly #feed: SpanFeed;
  readonly #values: ReadonlyMap<string, (number | null)[]>;

  /** `onLoaded` is called when `read` may get on. */
  constructor(parts: SpanParts, span: StepSpan, onLoaded: () => void) {
    this.#span = span;
    const { from, to, stepMs, settleMs, elements } = span;
    const count = Math.floor((to - from) / stepMs) + 1;
    this.#values = new Map(elements.map(({ code }) => [code, new Array(count).fill(null)]));
    const quantities = elements.map(({ code, point, holdMs }) => {
      return { code, point, flow: null, holdMs };
    });
    const grid = { name: "minute", ms: stepMs } as const;
    const before = { from: from - stepMs, to: to - stepMs };
    this.#feed = new SpanFeed(parts, { grid, quantities, settleMs, ...before }, onLoaded);
  }

  /** All values by the codes of the elements; null while they are read. */
  read(): ReadonlyMap<string, readonly (number | null)[]> | null {
    for (;;) {
      const period = this.#feed.next();
      if (period === null) return null;
      if (period === "end") return this.#values;
      const index = (period.to - this.#span.from) / this.#span.stepMs;
      for (const element of this.#span.elements) {
        const values = this.#values.get(element.code);
        // Steps that do not begin with the day have no values.
        if (values === undefined || !Number.isInteger(index)) continue;
        values[index] = valueAtEnd(element, period);
      }
      this.#feed.taken();
    }
  }
}
