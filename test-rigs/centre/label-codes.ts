import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import decodeQr from "qr/decode.js";
import { markOf } from "../../edge/provision/claim.ts";

/** A label: the line below its code, and what the code says. */
export type LabelCode = { readonly title: string; readonly code: string };

/** Pixels for a point of the page: two to three for each module of a code. */
const SCALE = 2;
/** A code is at most so large, in points, and so far above its title (edge/papers/labels.ts). */
const CODE = 96;
const GAP = 4;
/** White that a reader needs around it. */
const AROUND = 4;

type Page = { readonly width: number; readonly height: number; readonly rgb: Buffer };

/**
 * The codes on a sheet of labels, each read from the picture of its page above a word that `isTitle`;
 * by poppler, and a reader that shares nothing with what draws them. Where none can be read is no label.
 */
export function labelCodes(pdf: string, isTitle: (word: string) => boolean): readonly LabelCode[] {
  const told = execFileSync("pdftotext", ["-bbox", pdf, "-"], { encoding: "utf8" });
  return told
    .split("<page ")
    .slice(1)
    .flatMap((page, i) => codesOn(pageOf(pdf, i + 1), wordsIn(page).filter(isOf(isTitle))));
}

type Word = { readonly text: string; readonly x: number; readonly y: number };

function isOf(isTitle: (word: string) => boolean): (word: Word) => boolean {
  return ({ text }) => isTitle(text);
}

function wordsIn(page: string): readonly Word[] {
  const words = page.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]*)</g);
  return [...words].map(([, x, y, text = ""]) => ({ text, x: Number(x), y: Number(y) }));
}

function pageOf(pdf: string, number: number): Page {
  const which = ["-f", `${number}`, "-l", `${number}`, "-r", `${72 * SCALE}`];
  const bytes = execFileSync("pdftoppm", [...which, pdf], { maxBuffer: 100_000_000 });
  const [head = "", width, height] =
    /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString("latin1", 0, 64)) ?? [];
  return { width: Number(width), height: Number(height), rgb: bytes.subarray(head.length) };
}

function codesOn(page: Page, titles: readonly Word[]): readonly LabelCode[] {
  return titles.flatMap(({ text, x, y }) => {
    const code = y > CODE + GAP ? codeAbove(page, x, y) : null;
    return code === null ? [] : [{ title: text, code }];
  });
}

function codeAbove({ width, height, rgb }: Page, x: number, y: number): string | null {
  const side = (CODE + 2 * AROUND) * SCALE;
  const [left, top] = [x - AROUND, y - GAP - CODE - AROUND].map((at) => Math.round(at * SCALE));
  const data = new Uint8Array(side * side * 3).fill(255);
  for (let row = 0; row < side; row++) {
    const line = (left ?? 0) + ((top ?? 0) + row) * width;
    if ((top ?? 0) + row >= height) break;
    data.set(rgb.subarray(line * 3, (line + side) * 3), row * side * 3);
  }
  try {
    return decodeQr({ width: side, height: side, data });
  } catch {
    return null;
  }
}

/** What is wrong with the labels of a batch: each gateway has one, which says its id and its own claim's mark. */
export function labelFaults(batch: string): readonly string[] {
  const lines = readFileSync(join(batch, "claims.jsonl"), "utf8").split("\n").filter(Boolean);
  const ids = lines.map((line) => String(JSON.parse(line).gateway));
  const codes = labelCodes(join(batch, "labels.pdf"), (word) => ids.includes(word));
  const isOdd = codes.length === ids.length ? [] : [`${codes.length} labels for ${ids.length}`];
  const wrong = ids.flatMap((id) => {
    const { shortCode, fingerprint } = markOf(
      readFileSync(join(batch, id, "claim"), "utf8").trim(),
    );
    const expected = `lifeline:${id};${shortCode};${fingerprint}`;
    const found = codes.filter(({ title }) => title === id).map(({ code }) => code);
    return found.join() === expected
      ? []
      : [`the label of ${id} says ${found.join() || "nothing"}`];
  });
  return [...isOdd, ...wrong];
}
