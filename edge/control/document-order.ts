import type { DocumentKind } from "../core/event.ts";
import type { MadeDocument } from "../interlock/journal.ts";

/** The longest number of a document and the longest name of who made it, in characters. */
const TEXT_MAX = 100;

const KINDS: readonly DocumentKind[] = ["commissioning", "calibration"];

/** The document in the parameters of a call. Throws saying what is missing. */
export function documentOf(params: unknown): MadeDocument {
  const given = (params ?? {}) as Partial<Record<string, unknown>>;
  const { document, number, who, sha256 } = given;
  const kind = KINDS.find((each) => each === document);
  if (kind === undefined) throw new Error(`a document is of kind ${KINDS.join(" or ")}`);
  if (!isText(number) || !isText(who)) {
    throw new Error(`a document needs a number and who made it, ${TEXT_MAX} characters at most`);
  }
  const { json, pdf } = (sha256 ?? {}) as Partial<Record<string, unknown>>;
  if (!isDigest(json) || !isDigest(pdf)) {
    throw new Error("a document needs the sha256 of its json and its pdf, 64 digits each");
  }
  return { document: kind, number, who, sha256: { json, pdf } };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.length <= TEXT_MAX;
}

function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
