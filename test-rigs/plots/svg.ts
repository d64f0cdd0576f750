/** Colours of lines and bars: ours first, then who stands beside it. */
export const COLOURS = ["#1f4e8c", "#b3261e", "#8a6d00", "#1a6b34", "#6a3d9a"] as const;

/** A picture of `width` × `height` pixels with `title` and, below it, `parts`; as SVG. */
export function svgOf(
  title: string,
  width: number,
  height: number,
  parts: readonly string[],
): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    textAt(10, 18, title, { size: 13 }),
    ...parts,
    "</svg>\n",
  ].join("\n");
}

/** Where a text ends or has its middle, and how it looks. */
export type TextLook = {
  readonly anchor?: "start" | "middle" | "end";
  readonly size?: number;
  readonly colour?: string;
};

/** `text` at a place, escaped. */
export function textAt(x: number, y: number, text: string, look: TextLook = {}): string {
  const { anchor, size, colour } = look;
  const more = [
    ...(anchor === undefined ? [] : [` text-anchor="${anchor}"`]),
    ...(size === undefined ? [] : [` font-size="${size}"`]),
    ...(colour === undefined ? [] : [` fill="${colour}"`]),
  ].join("");
  return `<text x="${x}" y="${y}"${more}>${escaped(text)}</text>`;
}

/** A line through `places`. */
export function lineThrough(
  places: readonly (readonly [x: number, y: number])[],
  colour: string,
  width = 1,
): string {
  const points = places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  const stroke = width === 1 ? "" : ` stroke-width="${width}"`;
  return `<polyline points="${points}" fill="none" stroke="${colour}"${stroke}/>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
