import test from "ava";
import { languageAsked, languageOf, speaker } from "./language.ts";

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

test("a sentence has its parameters filled in, and keeps those that are not given", (t) => {
  const say = speaker({ age: { en: "{who} runs for {age}", "zh-CN": "{who} 已运行 {age}" } });
  t.is(say("en", "age", { who: "gw", age: 5 }), "gw runs for 5");
  t.is(say("zh-CN", "age", { age: "5 天" }), "{who} 已运行 5 天");
});
