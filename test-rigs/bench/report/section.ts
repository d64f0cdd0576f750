import { quantile } from "../usage.ts";

/** One quantity over the runs; or, as a text, what there is instead, such as why it was not measured. */
export type Cell = readonly number[] | string;

/** A quantity of everybody who stands in the columns of its section. */
export type Row = {
  readonly name: string;
  /** Digits behind the point. */
  readonly digits: number;
  readonly cells: readonly Cell[];
  /** Whether it is drawn as bars too. */
  readonly isDrawn?: boolean;
};

/** A promise that a measure is held to. */
export type Bar = {
  readonly promise: string;
  readonly sense: "at most" | "at least";
  readonly limit: number;
  readonly unit: string;
  readonly digits: number;
  /** Over the runs; empty where it was not measured. */
  readonly values: readonly number[];
};

/** A part of the report: a table, and what belongs to it. */
export type Section = {
  readonly title: string;
  /** What was measured, and how. */
  readonly text: string;
  /** The heads of the columns behind the first. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly bars?: readonly Bar[];
  /** Pictures beside the one of its bars, by the name of their file without its ending. */
  readonly plots?: Readonly<Record<string, string>>;
};

/** How much is measured, and whom progress is told. */
export type Effort = {
  readonly isQuick: boolean;
  readonly runs: number;
  readonly tell: (progress: string) => void;
};

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[Math.floor(middle)],
    sorted[Math.ceil(middle)],
  ];
  return (low + high) / 2;
}

/** The median of `values` and, where that says more, the least and the most. */
export function shown(values: readonly number[], digits: number): string {
  const show = (value: number) =>
    Number.isFinite(value)
      ? value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })
      : "–";
  const median = show(medianOf(values));
  const ends = [Math.min(...values), Math.max(...values)].map(show);
  const isSpread = values.length > 1 && ends.some((end) => end !== median);
  return isSpread ? `${median} (${ends.join("–")})` : median;
}

/** What became of a promise: its median decides. */
export function verdictOf({ sense, limit, values }: Bar): "met" | "MISSED" | "not measured" {
  const median = medianOf(values);
  if (Number.isNaN(median)) return "not measured";
  return (sense === "at most" ? median <= limit : median >= limit) ? "met" : "MISSED";
}

/** `part` (0 to 1) of each run's values, a figure a run. */
export function quantiles(runs: readonly (readonly number[])[], part: number): readonly number[] {
  return runs.map((values) => quantile(values, part));
}
