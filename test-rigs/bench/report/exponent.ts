import { medianOf } from "./section.ts";

/** What a cost was at a size, over the runs. */
export type Step = { readonly size: number; readonly costs: readonly number[] };

/** How a cost grows: as the size to the power of the exponent. */
export type Growth = {
  /** Of the line of least squares through the logarithms of all sizes and costs. */
  readonly exponent: number;
  /** Two standard errors of that exponent; NaN where two values say nothing of it. */
  readonly spread: number;
  /** The logarithm (natural) of the cost at size 1 on that line. */
  readonly offset: number;
  /** From the last size but one to the last, medians: a fixed cost hides nothing there. */
  readonly atTheEnd: number;
};

/** What an exponent may exceed without meaning anything, beyond its spread and where it has none. */
const TOLERANCE = { fitted: 0.02, atTheEnd: 0.15 };

/** Fits the growth of a cost. Throws where there are not two sizes, or a cost is not above 0. */
export function growthOf(steps: readonly Step[]): Growth {
  const places = steps.flatMap(({ size, costs }) =>
    costs.map((cost) => [Math.log(size), Math.log(cost)] as const),
  );
  if (steps.length < 2) throw new Error("growth needs two sizes");
  if (places.some(([, y]) => !Number.isFinite(y))) throw new Error("a cost is not above 0");
  const meanX = meanOf(places.map(([x]) => x));
  const meanY = meanOf(places.map(([, y]) => y));
  const sumXx = sum(places.map(([x]) => (x - meanX) ** 2));
  const exponent = sum(places.map(([x, y]) => (x - meanX) * (y - meanY))) / sumXx;
  const offset = meanY - exponent * meanX;
  const rest = sum(places.map(([x, y]) => (y - offset - exponent * x) ** 2));
  const [before, last] = steps.slice(-2) as [Step, Step];
  return {
    exponent,
    offset,
    spread: 2 * Math.sqrt(rest / (places.length - 2) / sumXx),
    atTheEnd:
      Math.log(medianOf(last.costs) / medianOf(before.costs)) / Math.log(last.size / before.size),
  };
}

/** Whether a cost grows faster than the size to the power of `most`, over all or at the end. */
export function isWorseThan({ exponent, spread, atTheEnd }: Growth, most: number): boolean {
  const sure = exponent - (Number.isNaN(spread) ? 0 : spread);
  return sure > most + TOLERANCE.fitted || atTheEnd > most + TOLERANCE.atTheEnd;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function meanOf(values: readonly number[]): number {
  return sum(values) / values.length;
}
