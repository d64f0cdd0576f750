import { COLOURS, svgOf, textAt } from "../../plots/svg.ts";
import { medianOf, type Section, shown } from "./section.ts";

const WIDTH = 760;
const LEFT = 250;
/** Room for the longest bar; behind it stands its figure. */
const LENGTH = 340;
const LINE = 18;

/** The drawn rows of `section` as bars with their spreads, from the least to the most; null of none. */
export function barPlot({ title, columns, rows }: Section): string | null {
  const parts: string[] = [];
  let y = 30;
  for (const { name, digits, cells } of rows.filter(({ isDrawn }) => isDrawn)) {
    const measured = cells.flatMap((cell, at) =>
      typeof cell === "string" || !Number.isFinite(medianOf(cell))
        ? []
        : [[at, cell.filter(Number.isFinite)] as const],
    );
    if (measured.length === 0) continue;
    parts.push(textAt(10, y + 12, name, { size: 12 }));
    y += LINE;
    const most = Math.max(...measured.flatMap(([, values]) => values)) || 1;
    for (const [at, values] of measured) {
      const scale = (value: number) => LEFT + (LENGTH * value) / most;
      parts.push(
        textAt(LEFT - 6, y + 12, columns[at] ?? "", { anchor: "end" }),
        ...barOf(values, scale, y, COLOURS[at % COLOURS.length] ?? "black"),
        textAt(scale(Math.max(...values)) + 6, y + 12, shown(values, digits)),
      );
      y += LINE;
    }
    y += 8;
  }
  return parts.length === 0 ? null : svgOf(title, WIDTH, y + 6, parts);
}

/** A bar up to the median, and a whisker from the least to the most. */
function barOf(
  values: readonly number[],
  scale: (value: number) => number,
  y: number,
  colour: string,
): readonly string[] {
  const [from, to] = [Math.min(...values), Math.max(...values)].map((value) => scale(value));
  const width = Math.max(1, scale(medianOf(values)) - LEFT).toFixed(1);
  const whisker = `x1="${from?.toFixed(1)}" x2="${to?.toFixed(1)}" y1="${y + 8}" y2="${y + 8}"`;
  return [
    `<rect x="${LEFT}" y="${y + 2}" width="${width}" height="12" fill="${colour}" opacity="0.75"/>`,
    `<line ${whisker} stroke="black" stroke-width="1.5"/>`,
  ];
}
