import test from "ava";
import stringWidth from "string-width";
import type { Loss } from "../../buffer/losses.ts";
import { lossLines } from "./buffer-verify.ts";

const seqs = Array.from({ length: 40 }, (_, i) => ({
  from: 100_000 + 20 * i,
  to: 100_009 + 20 * i,
}));
const loss: Loss = { stream: "readings", seqs, why: "thinned", into: seqs, toldBy: 7 };

test("what is gone is told within 80 cells, in both languages and however deep", (t) => {
  for (const lang of ["en", "zh-CN"] as const) {
    const lines = lossLines(loss, lang, 2);
    t.true(lines.every((line) => stringWidth(line) <= 80));
    t.true(lines[0]?.includes("100000-100009, 100020-100029, "));
    t.true(lines.at(-1)?.includes("7"));
    t.true(lines.slice(1).every((line) => line.startsWith("    ")));
  }
});

test("a short loss is one line", (t) => {
  const short: Loss = { ...loss, seqs: [{ from: 1, to: 3 }], why: "aged", into: [] };
  t.is(lossLines(short, "en").length, 1);
});
