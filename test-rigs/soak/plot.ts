import { COLOURS, lineThrough, svgOf, textAt } from "../plots/svg.ts";
import type { Course, Trend } from "./slope.ts";

const WIDTH = 760;
const PANEL = 120;
const FRAME = { left: 150, top: 24, width: WIDTH - 170, height: PANEL - 40 };

/** A picture of `courses`, one below the other, each with the line of its trend; as SVG. */
export function plotOf(
  title: string,
  courses: readonly (readonly [course: Course, trend: Trend])[],
): string {
  const panels = courses.map(([course, trend], at) => panelOf(course, trend, 30 + PANEL * at));
  return svgOf(title, WIDTH, 30 + PANEL * courses.length, panels);
}

function panelOf({ name, unit, values }: Course, { fit, isFlat }: Trend, y: number): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  const { left, top, width, height } = FRAME;
  const place = (i: number, value: number) =>
    [
      left + (width * i) / (values.length - 1),
      top + height - (height * (value - low)) / span,
    ] as const;
  const trend = [place(fit.from, fit.start), place(values.length - 1, fit.end)];
  return [
    `<g transform="translate(0 ${y})">`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#999"/>`,
    textAt(10, top + 12, `${name}, ${unit}`),
    textAt(left - 6, top + 10, high.toFixed(1), { anchor: "end" }),
    textAt(left - 6, top + height, low.toFixed(1), { anchor: "end" }),
    lineThrough(
      values.map((value, i) => place(i, value)),
      COLOURS[0],
    ),
    lineThrough(trend, isFlat ? "#1a6b34" : "#b3261e", 2),
    "</g>",
  ].join("\n");
}
