import test from "ava";
import { languageAsked, languageOf } from "./language.ts";

test("the language is the environment's, English when it asks for none we speak", (t) => {
  t.is(languageOf({ LANG: "zh_CN.UTF-8" }), "zh-CN");
  t.is(languageOf({ LANG: "zh_CN.UTF-8", LC_ALL: "C" }), "en");
  t.is(languageOf({ LANG: "de_DE.UTF-8" }), "en");
  t.is(languageOf({}), "en");
});

test("--lang wins over the environment, wherever it stands", (t) => {
  t.is(languageAsked(["check", "--lang", "zh-CN"], {}), "zh-CN");
  t.is(languageAsked(["--lang=en", "check"], { LANG: "zh_CN.UTF-8" }), "en");
});

test("a language that we do not speak leaves the environment's", (t) => {
  t.is(languageAsked(["check", "--lang", "de"], { LANG: "zh_CN.UTF-8" }), "zh-CN");
  t.is(languageAsked(["check", "--lang"], {}), "en");
  t.is(languageAsked(["check"], {}), "en");
});
