import type { Lang } from "../core/errors.ts";
import type { WallMs } from "../core/time.ts";
import { withGlyphs } from "./glyphs.ts";
import { layoutOf } from "./layout.ts";

/** Something that is printed on A4: what it says, in one language, and nothing of how it looks. */
export type Paper = {
  readonly lang: Lang;
  readonly title: string;
  /** The document's number, at the foot of every page. */
  readonly number: string;
  /** What it is about (gateway, site), at the head of every page but the first. */
  readonly about: string;
  /** When it was made: the file's own date, so that the same paper is always the same bytes. */
  readonly at: WallMs;
  /** Below the title. */
  readonly head: readonly Field[];
  readonly sections: readonly Section[];
  readonly signatures: readonly Signature[];
};

/** A label and what it says; a value over several lines is split by `\n`. */
export type Field = { readonly label: string; readonly value: Cell };

/** A part under a heading. */
export type Section = { readonly title: string; readonly blocks: readonly Block[] };

/** One thing in a section. */
export type Block =
  | { readonly kind: "fields"; readonly fields: readonly Field[] }
  | { readonly kind: "text"; readonly text: Cell }
  /** Smaller, for what is only said besides. */
  | { readonly kind: "note"; readonly text: string }
  | Table
  | Plot
  | { readonly kind: "labels"; readonly labels: readonly Label[] };

/** A label to cut out: what it is for, lines below, and what its QR code says (ASCII). */
export type Label = {
  readonly title: string;
  readonly lines: readonly string[];
  readonly code: string;
};

/** A table, whose heads are repeated on every page that it goes over to. */
export type Table = {
  readonly kind: "table";
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** What is said instead of a table without rows. */
  readonly empty: string;
};

/** A column; `share` of the width, relative to the other columns', above 0. */
export type Column = {
  readonly title: string;
  readonly share: number;
  readonly align?: "right";
};

/** A text; with a tone it is coloured, which never says more than its words. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

/** How a text is meant: as it should be, not as it should be, or of less weight. */
export type Tone = "good" | "bad" | "faint";

/** A small plot of lines in one frame. */
export type Plot = {
  readonly kind: "plot";
  readonly caption: string;
  /** At most four are told apart; x ascends, what is not finite leaves a gap. */
  readonly lines: readonly { readonly name: string; readonly points: readonly XY[] }[];
  /** What stands at the ends of the axes, left to right and bottom to top, as words. */
  readonly x: { readonly from: string; readonly to: string };
  readonly y: { readonly from: string; readonly to: string };
  /** The numbers at these ends, in the units of the points. */
  readonly range: { readonly from: XY; readonly to: XY };
};

/** A place in a plot. */
export type XY = readonly [x: number, y: number];

/** Room to sign: what for, the typed name ("" where none is), and when, as words ("" leaves a line). */
export type Signature = { readonly role: string; readonly name: string; readonly date: string };

/**
 * `paper` as a PDF file, with the letters it uses in it. The same paper is always the same bytes. A
 * character that the typeface lacks is printed as 〓. What draws it is loaded only then.
 */
export async function printed(paper: Paper): Promise<Uint8Array> {
  const { pdfOf, typefaceHas } = await import("../world/pdf.ts");
  return await pdfOf(layoutOf(withGlyphs(paper, typefaceHas())), paper.at);
}
