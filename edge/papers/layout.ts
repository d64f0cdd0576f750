import type { Column, Content, TDocumentDefinitions } from "pdfmake/interfaces.js";
import { labelsOf } from "./labels.ts";
import type { Block, Cell, Field, Paper, Section, Signature, Table } from "./paper.ts";
import { PAPER_TEXT } from "./paper-text.ts";
import { plotOf } from "./plot.ts";
import { CONTENT_WIDTH, FAINT, LINE, MARGIN, TONES } from "./style.ts";

/** With more lines than this, a row may be broken over pages: it could be longer than one. */
const UNBROKEN_MAX = 40;

/** The size of what stands in tables, in points: no letter of the typeface is wider. */
const TABLE_SIZE = 8;

/** How far down its page (0 to 1) a heading may stand, so that something follows it there. */
const HEADING_MAX = 0.85;

/** How `paper` is set on A4. */
export function layoutOf(paper: Paper): TDocumentDefinitions {
  const { lang, title, number, about } = paper;
  return {
    pageSize: "A4",
    pageMargins: [MARGIN, 52, MARGIN, 52],
    language: lang,
    info: { title: `${title} ${number}`, creator: "Lifeline Edge", producer: "Lifeline Edge" },
    defaultStyle: { fontSize: 9, lineHeight: 1.1 },
    header: (page) =>
      page === 1 ? null : edge([24, 0], inBrief(`${title} · ${about}`), `${page}`),
    footer: (page, pages) => edge([12, 0], inBrief(number), PAPER_TEXT.page[lang](page, pages)),
    pageBreakBefore: (node) =>
      node.headlineLevel === 1 && (node.startPosition?.verticalRatio ?? 0) > HEADING_MAX,
    content: [
      { text: title, fontSize: 18, bold: true, margin: [0, 0, 0, 8] },
      fieldsOf(paper.head),
      ...paper.sections.flatMap(sectionOf),
      ...signaturesOf(paper),
    ],
  };
}

/** A line above or below the content: at the left a text, at the right a short one. */
function edge([above, below]: [number, number], left: string, right: string): Content {
  return {
    columns: [
      { text: left, width: "*" },
      { text: right, width: 90, alignment: "right" },
    ],
    fontSize: 8,
    color: FAINT,
    margin: [MARGIN, above, MARGIN, below],
  };
}

/** `text` as one line at the edge of a page holds it. */
function inBrief(text: string): string {
  const characters = [...text.replaceAll("\n", " ")];
  return characters.length <= 90 ? text : `${characters.slice(0, 89).join("")}…`;
}

function sectionOf({ title, blocks }: Section): Content[] {
  return [
    { text: title, headlineLevel: 1, fontSize: 12, bold: true, margin: [0, 14, 0, 5] },
    ...blocks.map(blockOf),
  ];
}

function blockOf(block: Block): Content {
  switch (block.kind) {
    case "fields":
      return fieldsOf(block.fields);
    case "text":
      return { ...textOf(block.text), margin: [0, 0, 0, 5] };
    case "note":
      return { text: block.text, fontSize: 8, color: FAINT, margin: [0, 0, 0, 5] };
    case "table":
      return block.rows.length > 0 ? tableOf(block) : blockOf({ kind: "text", text: block.empty });
    case "plot":
      return plotOf(block);
    case "labels":
      return labelsOf(block.labels);
  }
}

type Words = { text: string; color?: string; alignment?: "right" };

function textOf(cell: Cell): Words {
  if (typeof cell === "string") return { text: cell };
  return { text: cell.text, color: TONES[cell.tone] };
}

function fieldsOf(fields: readonly Field[]): Content {
  if (fields.length === 0) return { text: "" };
  const label = 130;
  return {
    layout: {
      hLineWidth: () => 0,
      vLineWidth: () => 0,
      paddingLeft: () => 0,
      paddingRight: () => 8,
      paddingTop: () => 1,
      paddingBottom: () => 1,
    },
    table: {
      widths: [label - 8, CONTENT_WIDTH - label - 8],
      body: fields.map((field) => [{ text: field.label, color: FAINT }, textOf(field.value)]),
    },
    margin: [0, 0, 0, 5],
  };
}

function tableOf({ columns, rows }: Table): Content {
  const padding = 4;
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  const room = CONTENT_WIDTH - columns.length * 2 * padding;
  const widths = columns.map(({ share }) => (room * share) / shares);
  const isWhole = rows.every((row) => {
    const lines = row.map((cell, at) => linesMax(textOf(cell).text, widths[at] ?? 1));
    return lines.every((count) => count <= UNBROKEN_MAX);
  });
  const aligned = (content: Words, column: number): Words => {
    const align = columns[column]?.align;
    return align === undefined ? content : { ...content, alignment: align };
  };
  return {
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0,
      hLineColor: () => LINE,
      paddingLeft: () => padding,
      paddingRight: () => padding,
      fillColor: (row) => (row === 0 ? "#eef1f4" : null),
    },
    table: {
      headerRows: 1,
      keepWithHeaderRows: isWhole ? 1 : 0,
      dontBreakRows: isWhole,
      widths,
      body: [
        columns.map(({ title }, at) => ({ ...aligned({ text: title }, at), bold: true })),
        ...rows.map((row) => row.map((cell, at) => aligned(textOf(cell), at))),
      ],
    },
    fontSize: TABLE_SIZE,
    margin: [0, 0, 0, 6],
  };
}

/** The lines that `text` takes at most in a column of a table. */
function linesMax(text: string, width: number): number {
  return text.split("\n").length + (text.length * TABLE_SIZE) / width;
}

/** Who answers for it: the name that was typed, and room to sign beside it. */
function signaturesOf({ lang, signatures }: Paper): Content[] {
  if (signatures.length === 0) return [];
  const { signatures: title, name, sign, date } = PAPER_TEXT;
  const room = (signature: Signature): Content => {
    const cell = (label: string, text: string, width: number): Column => ({
      width,
      stack: [
        { text: text === "" ? " " : text, margin: [0, 0, 0, 3] },
        { canvas: [{ type: "line", x1: 0, y1: 0, x2: width - 12, y2: 0, lineWidth: 0.5 }] },
        { text: label, fontSize: 7, color: FAINT, margin: [0, 3, 0, 0] },
      ],
    });
    return {
      columns: [
        { text: signature.role, width: 104 },
        cell(name[lang], signature.name, 122),
        cell(sign[lang], "", 161),
        cell(date[lang], signature.date, 100),
      ],
      columnGap: 4,
      margin: [0, 24, 0, 0],
    };
  };
  const heading: Content = { text: title[lang], fontSize: 12, bold: true, margin: [0, 14, 0, 0] };
  const [first, ...others] = signatures.map(room);
  const together: Content = { stack: [heading, first as Content], unbreakable: true };
  return [together, ...others.map((other): Content => ({ stack: [other], unbreakable: true }))];
}
