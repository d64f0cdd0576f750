import test from "ava";
import { EVIDENCE, FINDINGS } from "./catalogue.ts";

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

test("what is said of findings and evidence has the same placeholders in both languages", (t) => {
  const texts = Object.values(FINDINGS).flatMap((finding) => Object.values(finding));
  for (const { en, "zh-CN": zh } of [...texts, ...Object.values(EVIDENCE)]) {
    t.deepEqual(placeholders(zh), placeholders(en), en);
    t.true(en.length > 0);
    t.regex(zh, /\p{Script=Han}/u, en);
  }
});
