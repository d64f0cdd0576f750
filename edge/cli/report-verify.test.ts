import test from "ava";
import type { DocumentEvent } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import { verdictOf } from "./report-verify.ts";

const [JSON_DIGEST, PDF_DIGEST, OTHER] = ["a", "b", "c"].map((digit) => digit.repeat(64)) as [
  string,
  string,
  string,
];

const document = (number: string): DocumentEvent => ({
  ...{ kind: "document", document: "commissioning", number, who: "li" },
  sha256: { json: JSON_DIGEST, pdf: PDF_DIGEST },
  ...{ at: 1 as WallMs, clock: "synced", chain: { n: 1, previous: "", hash: "" } },
});

const verdict = (name: string, content: string, sha256: string) => {
  const { kind, form } = verdictOf([document("gw-1-C-1")], {
    ...{ name, bytes: Buffer.from(content), sha256 },
  });
  return [kind, form];
};

test("a file is the original by its bytes alone, whatever it is called", (t) => {
  t.deepEqual(verdict("copy (2).bin", "x", JSON_DIGEST), ["original", "json"]);
  t.deepEqual(verdict("x.pdf", "%PDF-1.3", PDF_DIGEST), ["original", "pdf"]);
});

test("one with the number or the name of a document and other bytes was changed", (t) => {
  t.deepEqual(verdict("x.json", '{"number":"gw-1-C-1"}', OTHER), ["changed", "json"]);
  t.deepEqual(verdict("gw-1-C-1.pdf", "%PDF-1.3", OTHER), ["changed", "pdf"]);
});

test("any other file is none that was recorded", (t) => {
  for (const content of ["", "{", "null", '{"number":7}', "%PDF-1.3"]) {
    t.deepEqual(verdict("gw-1-C-10.pdf", content, OTHER), ["notRecorded", undefined], content);
  }
});
