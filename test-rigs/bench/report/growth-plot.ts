import { COLOURS, lineThrough, svgOf, textAt } from "../../plots/svg.ts";
import type { Growth, Step } from "./exponent.ts";

/** A cost that was fitted. */
export type Fitted = {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly growth: Growth;
};

const WIDTH = 760;
const HEIGHT = 400;
const FRAME = { left: 90, top: 34, width: 420, height: 310 };

/**
 * What costs are at sizes of `axis`, both logarithmic, each cost as a share of what it is at the
 * first size, with its fitted line; and, dashed, what is linear.
 */
export function growthPlot(title: string, axis: string, costs: readonly Fitted[]): string {
  const sizes = costs[0]?.steps.map(({ size }) => size) ?? [];
  const [first = 1, last = 1] = [sizes[0], sizes.at(-1)];
  const shares = costs.map(sharesOf);
  const values = [
    ...shares.flatMap(({ points }) => points.map(([, share]) => share)),
    last / first,
  ];
  const { left, top, width, height } = FRAME;
  const [low, high] = [Math.min(1, ...values) / 1.5, Math.max(...values) * 1.5];
  const xOf = (size: number) => left + width * logShare(size, first, last);
  const yOf = (share: number) => top + height * (1 - logShare(share, low, high));
  const place = ([size, share]: readonly [number, number]) => [xOf(size), yOf(share)] as const;
  const linear = [place([first, 1]), place([last, last / first])] as const;
  return svgOf(title, WIDTH, HEIGHT, [
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#999"/>`,
    ...sizes.map((size) =>
      textAt(xOf(size), top + height + 16, size.toLocaleString("en"), { anchor: "middle" }),
    ),
    textAt(left + width / 2, top + height + 34, axis, { anchor: "middle" }),
    ...powersBetween(low, high).flatMap((share) => [
      textAt(left - 6, yOf(share) + 4, `× ${share.toLocaleString("en")}`, { anchor: "end" }),
      lineThrough(
        [
          [left, yOf(share)],
          [left + width, yOf(share)],
        ],
        "#e4e4e4",
      ),
    ]),
    `<g stroke-dasharray="5 4">${lineThrough(linear, "#999")}</g>`,
    textAt(left + width + 12, top + 12, "dashed: linear", { colour: "#777" }),
    ...shares.flatMap(({ points, line }, at) => {
      const colour = COLOURS[at % COLOURS.length] ?? "black";
      return [
        ...points.map((point) => dotAt(place(point), colour)),
        lineThrough(line.map(place), colour, 1.5),
        textAt(left + width + 12, top + 34 + 20 * at, legendOf(costs[at] as Fitted), { colour }),
      ];
    }),
  ]);
}

type Place = readonly [size: number, share: number];

function sharesOf({ steps, growth }: Fitted) {
  const [{ size: first, costs: base } = { size: 1, costs: [1] }] = steps;
  const one = base.reduce((sum, cost) => sum + cost, 0) / base.length;
  const lineAt = (size: number): Place => [
    size,
    Math.exp(growth.offset + growth.exponent * Math.log(size)) / one,
  ];
  return {
    points: steps.flatMap(({ size, costs }) => costs.map((cost): Place => [size, cost / one])),
    line: [lineAt(first), lineAt(steps.at(-1)?.size ?? first)],
  };
}

function legendOf({ name, growth: { exponent, spread } }: Fitted): string {
  return `${name}: ${exponent.toFixed(2)}${Number.isNaN(spread) ? "" : ` ± ${spread.toFixed(2)}`}`;
}

function dotAt([x, y]: readonly [number, number], colour: string): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${colour}"/>`;
}

function logShare(value: number, low: number, high: number): number {
  return high === low ? 0 : Math.log(value / low) / Math.log(high / low);
}

/** The powers of ten from `low` to `high`. */
function powersBetween(low: number, high: number): readonly number[] {
  const from = Math.ceil(Math.log10(low));
  return Array.from(
    { length: Math.floor(Math.log10(high)) - from + 1 },
    (_, n) => 10 ** (from + n),
  );
}
