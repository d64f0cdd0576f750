import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import stringWidth from "string-width";
import { ERRORS } from "../core/errors.ts";
import { BUS_TEXT } from "./bus-text.ts";
import { FRAME_TEXT } from "./decode-text.ts";
import { FIELD_TEXT, sayField } from "./field-text.ts";
import { LINE_TEXT } from "./line-text.ts";
import { SCAN_TEXT } from "./scan-text.ts";
import { say, TEXT } from "./text.ts";

const ROOT = join(import.meta.dirname, "..", "..");
/** Wherever somebody may write a sentence: no table has to be named here to be looked through. */
const SOURCES = globSync("{edge,config,buffer,ota,drivers,test-rigs/demo}/**/*.ts", {
  cwd: ROOT,
  exclude: (path) => path.endsWith(".test.ts") || path.includes("node_modules"),
});
/** A literal; and a sentence as it is written: English, and behind it Chinese. */
const LITERAL = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\`(?:[^\`\\]|\\.)*\``;
const PAIR = new RegExp(String.raw`\ben:\s*(${LITERAL}),\s*"zh-CN":\s*(${LITERAL})`, "g");
const CHINESE = new RegExp(String.raw`"zh-CN":\s*(?:${LITERAL})`, "g");

const placeholders = (text: string) => (text.match(/(?<!\$)\{\w+\}/g) ?? []).sort();

test("both languages of every sentence there is have the same placeholders, and neither is empty", (t) => {
  let sentences = 0;
  for (const file of SOURCES) {
    const source = readFileSync(join(ROOT, file), "utf8");
    const pairs = [...source.matchAll(PAIR)];
    // What holds a template within a template is too deep for a pattern.
    const said = (source.match(CHINESE) ?? []).filter((each) => !each.includes("${"));
    const paired = pairs.filter(([, , zh = ""]) => !zh.includes("${"));
    t.is(paired.length, said.length, `${file}: write en and then zh-CN of each sentence`);
    for (const [whole, en = "", zh = ""] of pairs) {
      t.deepEqual(placeholders(zh), placeholders(en), `${file}: ${whole}`);
      // A column may go without a heading, in both.
      t.is(en.length > 2, zh.length > 2, `${file}: ${whole}`);
    }
    sentences += pairs.length;
  }
  t.true(sentences > 2000, `only ${sentences} sentences were found`);
});

test("a unit goes by one word in Chinese, and no blank stands before one that needs none", (t) => {
  const tables = [TEXT, BUS_TEXT, FIELD_TEXT, LINE_TEXT, SCAN_TEXT, ...Object.values(FRAME_TEXT)];
  for (const [key, { "zh-CN": zh }] of tables.flatMap((table) => Object.entries(table))) {
    t.notRegex(zh, /从站/, key);
  }
  const found = { name: sayField("zh-CN", "unitName"), min: 0, max: 255, found: 256 };
  t.regex(sayField("zh-CN", "notInRange", found), /\p{Script=Han}必须是 0 到 255/u);
});

test("every error is explained in both languages, with something to do", (t) => {
  for (const [code, { meaning, advice }] of Object.entries(ERRORS)) {
    for (const text of [meaning, advice]) {
      t.true(text.en.length > 0, code);
      t.regex(text["zh-CN"], /[\u4e00-\u9fff]/, code);
    }
  }
});

test("what to do about an error fits on a line of 80 columns", (t) => {
  for (const lang of ["en", "zh-CN"] as const) {
    for (const [code, { advice }] of Object.entries(ERRORS)) {
      const line = `  ${say(lang, "todoIs", { advice: advice[lang] })}`;
      t.true(stringWidth(line) <= 80, `${code}: ${stringWidth(line)} ${line}`);
    }
  }
});
