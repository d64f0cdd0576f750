import test from "ava";
import { ERRORS } from "../core/errors.ts";
import { FRAME_TEXT } from "./decode-text.ts";
import { TEXT } from "./text.ts";

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test("both languages of every sentence have the same placeholders and neither is empty", (t) => {
  const sentences = [TEXT, ...Object.values(FRAME_TEXT)].flatMap((table) => Object.entries(table));
  for (const [key, { en, "zh-CN": zh }] of sentences) {
    t.deepEqual(placeholders(zh), placeholders(en), key);
    t.true(en.length > 0 && zh.length > 0, key);
  }
});

test("every error is explained in both languages, with something to do", (t) => {
  for (const [code, { meaning, advice }] of Object.entries(ERRORS)) {
    for (const text of [meaning, advice]) {
      t.true(text.en.length > 0, code);
      t.regex(text["zh-CN"], /[\u4e00-\u9fff]/, code);
    }
  }
});
