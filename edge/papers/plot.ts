import type { CanvasPolyline, Content } from "pdfmake/interfaces.js";
import type { Plot, XY } from "./paper.ts";
import { CONTENT_WIDTH, FAINT, LINE } from "./style.ts";

/** The room left of the frame for the words at the ends of the upright axis, in points. */
const LABELS = 70;

/** The frame, in points. */
const FRAME = { width: CONTENT_WIDTH - LABELS, height: 90 };

/** Colour and dash of each line: told apart in black and white too. */
const PENS = [
  { lineColor: "#1f4e8c" },
  { lineColor: "#b3561e", dash: { length: 4, space: 2 } },
  { lineColor: "#1a6b34", dash: { length: 1, space: 2 } },
  { lineColor: "#6b2f8c", dash: { length: 7, space: 2 } },
] as const;

/** How a plot is set: its caption, its frame with the ends of the axes, and which line is which. */
export function plotOf({ caption, lines, x, y, range }: Plot): Content {
  const pen = (at: number) => PENS[at % PENS.length] as (typeof PENS)[number];
  return {
    unbreakable: true,
    stack: [
      { text: caption, margin: [0, 0, 0, 3] },
      {
        columns: [
          { width: LABELS - 6, stack: atEnds(y), alignment: "right", margin: [0, 0, 6, 0] },
          {
            width: FRAME.width,
            canvas: [
              { type: "rect", x: 0, y: 0, w: FRAME.width, h: FRAME.height, lineColor: LINE },
              ...lines.flatMap(({ points }, at) =>
                strokes(points, range).map(
                  (stroke): CanvasPolyline => ({
                    type: "polyline",
                    lineWidth: 1,
                    ...pen(at),
                    points: stroke,
                  }),
                ),
              ),
            ],
          },
        ],
      },
      {
        columns: [{ text: x.from }, { text: x.to, alignment: "right" }],
        margin: [LABELS, 2, 0, 0],
      },
      {
        text: lines.map(({ name }, at) => ({
          text: `${at === 0 ? "" : "    "}— ${name}`,
          color: pen(at).lineColor,
        })),
        margin: [LABELS, 2, 0, 0],
      },
    ],
    fontSize: 8,
    color: FAINT,
    margin: [0, 0, 0, 8],
  };
}

function atEnds({ from, to }: Plot["y"]): Content[] {
  return [{ text: to }, { text: from, margin: [0, FRAME.height - 24, 0, 0] }];
}

/** The parts of a line between its gaps, in the frame: a lone point becomes a short stroke. */
function strokes(points: readonly XY[], range: Plot["range"]): { x: number; y: number }[][] {
  const parts: { x: number; y: number }[][] = [[]];
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) parts.push([]);
    else
      parts.at(-1)?.push({
        x: FRAME.width * share(x, range.from[0], range.to[0]),
        y: FRAME.height * (1 - share(y, range.from[1], range.to[1])),
      });
  }
  return parts
    .filter((part) => part.length > 0)
    .map((part) =>
      part.length > 1
        ? part
        : part.flatMap(({ x, y }) => [
            { x, y },
            { x: x + 1, y },
          ]),
    );
}

/** Where `value` lies between two ends, 0 to 1; what is beyond them is drawn at them. */
function share(value: number, from: number, to: number): number {
  return from === to ? 0.5 : Math.min(1, Math.max(0, (value - from) / (to - from)));
}
