import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { columns } from "./columns.ts";
import { sayFrame } from "./decode-text.ts";
import { print } from "./invocation.ts";

/** A remark in words, and what it is about. */
export type SaidRemark = {
  readonly kind: string;
  /** The first byte that it is about, from 1; null where it is about none. */
  readonly at: number | null;
  readonly data: Readonly<Record<string, string | number>>;
  readonly text: string;
};

/** Name, what stands there, and what that means. */
export type Row = readonly [name: string, raw: string, meaning?: string | undefined];

/** What is told of one frame of telemetry. */
export type Told = {
  /** The frame as it came: text where it is text, else hex. */
  readonly heading: string;
  /** Empty where nothing can be said in one line. */
  readonly summary: string;
  readonly rows: readonly Row[];
  readonly faults: readonly SaidRemark[];
  readonly notes: readonly SaidRemark[];
  /** For programs: everything but the remarks. */
  readonly json: object;
};

/** Prints what is told, for a person or with `json` for a program; says whether it is faulty. */
export function printTold(told: Told, lang: Lang, json: boolean): boolean {
  const { heading, summary, rows, faults, notes } = told;
  if (json) {
    const remarks = { faults: faults.map(remarkJson), notes: notes.map(remarkJson) };
    print(toJson({ ...told.json, sound: faults.length === 0, ...remarks }));
    return faults.length > 0;
  }
  print(printable(heading));
  if (summary !== "") print(`  ${summary}`);
  const cells = rows.map((row) => row.map((cell) => printable(cell ?? "")));
  for (const line of columns(cells)) print(`    ${line}`);
  for (const fault of faults) print(`  ✗ ${placed(fault, lang)}`);
  for (const note of notes) print(`  · ${placed(note, lang)}`);
  if (faults.length === 0) print(`  ✓ ${sayFrame(lang, "sound")}`);
  print("");
  return faults.length > 0;
}

function placed({ at, text }: SaidRemark, lang: Lang): string {
  const said = printable(text);
  return at === null ? said : sayFrame(lang, "atByte", { at, text: said });
}

/** `text` with its control characters told and not done: a frame may hold any. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

function remarkJson({ kind, at, data, text }: SaidRemark): object {
  return { kind, at, ...data, text };
}

/** `right`, or what would be. */
export function checkText(isRight: boolean, computed: string, lang: Lang): string {
  return isRight ? sayFrame(lang, "right") : sayFrame(lang, "wrong", { computed });
}
