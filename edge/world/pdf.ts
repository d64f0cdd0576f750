import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { create } from "fontkit";
import pdfmake from "pdfmake";
import type { TDocumentDefinitions } from "pdfmake/interfaces.js";
import type { WallMs } from "../core/time.ts";

/** Noto Sans Hans, which the Open Font License 1.1 lets be embedded: Chinese, Latin and Greek. */
const TYPEFACE = {
  normal: fontFile("NotoSansHans-Regular.otf"),
  bold: fontFile("NotoSansHans-Medium.otf"),
};

/** Tells of a Unicode code point whether a PDF shows it. */
export function typefaceHas(): (codePoint: number) => boolean {
  const font = create(readFileSync(TYPEFACE.normal));
  return (codePoint) => "hasGlyphForCodePoint" in font && font.hasGlyphForCodePoint(codePoint);
}

/**
 * `definition` as a PDF file with the letters it uses in it, as if made at `at`: the same definition
 * and moment are the same bytes. Reaches no network and no file but the typeface.
 */
export async function pdfOf(definition: TDocumentDefinitions, at: WallMs): Promise<Uint8Array> {
  pdfmake.setFonts({ Hans: TYPEFACE });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => Object.values(TYPEFACE).includes(path));
  const creationDate = new Date(at);
  const info = { ...definition.info, creationDate };
  const defaultStyle = { ...definition.defaultStyle, font: "Hans" };
  return await pdfmake.createPdf({ ...definition, info, defaultStyle }).getBuffer();
}

function fontFile(name: string): string {
  return fileURLToPath(new URL(`../fonts/${name}`, import.meta.resolve("@embedpdf/fonts-sc")));
}
