import type { Content } from "pdfmake/interfaces.js";
import type { Label } from "./paper.ts";
import { CONTENT_WIDTH, LINE } from "./style.ts";

/** So many labels stand in a row. */
const COLUMNS = 3;
const PADDING = 6;
const WIDTH = CONTENT_WIDTH / COLUMNS - 2 * PADDING - 1;
/** The most a code takes, in points: 34 mm. A module of it is then 0.7 mm, which telephones read. */
const CODE = 96;

/** Labels in frames, a row of which is never broken over two pages. */
export function labelsOf(labels: readonly Label[]): Content {
  if (labels.length === 0) return { text: "" };
  const rows = Math.ceil(labels.length / COLUMNS);
  return {
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0.5,
      hLineColor: () => LINE,
      vLineColor: () => LINE,
      paddingLeft: () => PADDING,
      paddingRight: () => PADDING,
      paddingTop: () => PADDING,
      paddingBottom: () => PADDING,
    },
    table: {
      dontBreakRows: true,
      widths: Array.from({ length: COLUMNS }, () => WIDTH),
      body: Array.from({ length: rows }, (_, row) =>
        Array.from({ length: COLUMNS }, (_, column) => labelOf(labels[row * COLUMNS + column])),
      ),
    },
  };
}

function labelOf(label: Label | undefined): Content {
  if (label === undefined) return { text: "" };
  return {
    stack: [
      { qr: label.code, fit: CODE, eccLevel: "M" },
      { text: label.title, bold: true, fontSize: 10, margin: [0, 4, 0, 0] },
      ...label.lines.map((text): Content => ({ text, fontSize: 8 })),
    ],
  };
}
