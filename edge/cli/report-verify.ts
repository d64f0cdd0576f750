import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Reader } from "../../buffer/reader.ts";
import type { DocumentEvent } from "../core/event.ts";
import { toJson } from "../core/json.ts";
import { localTime } from "../world/wall-text.ts";
import { fileTrouble } from "./file-trouble.ts";
import { auditOf, storedEvents } from "./interlock-audit.ts";
import { complain, type Invocation, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";
import { sayReport } from "./report-text.ts";
import { usableConfig } from "./usable-config.ts";

/** `lifeline report verify FILE`: 1 where the file is none that was recorded, or was changed. */
export async function verifyDocument(file: string, invocation: Invocation): Promise<number> {
  const { lang, json, database } = invocation;
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return refuse(
      sayReport(lang, "unreadable", { file, why: fileTrouble(error, lang) }),
      invocation,
    );
  }
  let from = database;
  if (from === undefined) {
    const config = await usableConfig(invocation);
    if (config === null) return 1;
    from = join(config.buffer.dir, "lifeline.db");
  }
  if (!existsSync(from)) return refuse(sayReport(lang, "noDatabase", { file: from }), invocation);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const reader = new Reader(from);
  try {
    const documents = [...storedEvents(reader)].flatMap(({ event }) =>
      event?.kind === "document" ? [event] : [],
    );
    const verdict = verdictOf(documents, { name: basename(file), bytes, sha256 });
    const isWhole = auditOf(reader).broken === null;
    const ok = verdict.kind === "original" && isWhole;
    const { kind, form = null, document = null } = verdict;
    if (json) print(toJson({ v: 1, file, sha256, ok, verdict: kind, form, document, isWhole }));
    else tell(file, verdict, isWhole, invocation);
    return ok ? 0 : 1;
  } finally {
    reader.close();
  }
}

/** What a file is: a document as it was recorded, one that was not, or none. */
export type DocumentVerdict = {
  readonly kind: "original" | "changed" | "notRecorded";
  readonly form?: "json" | "pdf";
  readonly document?: DocumentEvent;
};

/** What the file of that name and content is, by the documents that were recorded. */
export function verdictOf(
  documents: readonly DocumentEvent[],
  { name, bytes, sha256 }: { name: string; bytes: Uint8Array; sha256: string },
): DocumentVerdict {
  for (const form of ["json", "pdf"] as const) {
    const document = documents.find((each) => each.sha256[form] === sha256);
    if (document !== undefined) return { kind: "original", form, document };
  }
  const isPdf = Buffer.from(bytes.subarray(0, 5)).toString("latin1") === "%PDF-";
  const number = isPdf ? null : numberIn(bytes);
  const document = documents.findLast((each) => each.number === number || isNamed(name, each));
  if (document === undefined) return { kind: "notRecorded" };
  return { kind: "changed", form: isPdf ? "pdf" : "json", document };
}

/** The number that a record says it has; null where it is no record. */
function numberIn(bytes: Uint8Array): string | null {
  try {
    const { number } = JSON.parse(new TextDecoder().decode(bytes)) as { number?: unknown };
    return typeof number === "string" ? number : null;
  } catch {
    // Whatever else it is, it says no number.
    return null;
  }
}

function isNamed(name: string, { number }: DocumentEvent): boolean {
  return name.startsWith(`${number}.`);
}

function tell(
  file: string,
  { kind, form = "json", document }: DocumentVerdict,
  isWhole: boolean,
  { lang }: Invocation,
): void {
  const about =
    document === undefined
      ? { file }
      : {
          ...{ file, form: form.toUpperCase(), number: document.number, who: document.who },
          ...{ time: localTime(document.at), n: document.chain.n },
        };
  const text = sayReport(lang, kind, about);
  if (kind === "original") print(text);
  else complain(text);
  if (!isWhole) complain(sayReport(lang, "chainBroken"));
}
