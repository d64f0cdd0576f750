import type { Course, Trend } from "./slope.ts";

const WIDTH = 760;
const PANEL = 120;
const FRAME = { left: 150, top: 24, width: WIDTH - 170, height: PANEL - 40 };

/** A picture of `courses`, one below the other, each with the line of its trend; as SVG. */
export function plotOf(
  title: string,
  courses: readonly (readonly [course: Course, trend: Trend])[],
): string {
  const height = 30 + PANEL * courses.length;
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="white"/><text x="10" y="18" font-size="13">${escaped(title)}</text>`,
    ...courses.map(([course, trend], at) => panelOf(course, trend, 30 + PANEL * at)),
    "</svg>\n",
  ].join("\n");
}

function panelOf({ name, unit, values }: Course, { fit, isFlat }: Trend, y: number): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  const { left, top, width, height } = FRAME;
  const xOf = (i: number) => left + (width * i) / (values.length - 1);
  const yOf = (value: number) => top + height - (height * (value - low)) / span;
  const place = (i: number, value: number) => `${xOf(i).toFixed(1)},${yOf(value).toFixed(1)}`;
  const line = values.map((value, i) => place(i, value)).join(" ");
  const trend = `${place(fit.from, fit.start)} ${place(values.length - 1, fit.end)}`;
  const colour = isFlat ? "#1a6b34" : "#b3261e";
  return [
    `<g transform="translate(0 ${y})">`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#999"/>`,
    `<text x="10" y="${top + 12}">${escaped(name)}, ${escaped(unit)}</text>`,
    `<text x="${left - 6}" y="${top + 10}" text-anchor="end">${high.toFixed(1)}</text>`,
    `<text x="${left - 6}" y="${top + height}" text-anchor="end">${low.toFixed(1)}</text>`,
    `<polyline points="${line}" fill="none" stroke="#1f4e8c"/>`,
    `<polyline points="${trend}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    "</g>",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
