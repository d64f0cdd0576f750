import test from "ava";
import stringWidth from "string-width";
import { ERRORS } from "../core/errors.ts";
import { PANEL_TEXT } from "../panel/text.ts";
import { COMMISSIONING_TEXT } from "../papers/commissioning-text.ts";
import { WATCH_TEXT } from "../watch/text.ts";
import { BUFFER_TEXT } from "./buffer-text.ts";
import { BUS_TEXT } from "./bus-text.ts";
import { CALIBRATE_TEXT } from "./calibrate-text.ts";
import { CERTIFICATE_TEXT } from "./certificate-text.ts";
import { COMMAND_TEXT } from "./command-text.ts";
import { CONFIG_TEXT } from "./config-text.ts";
import { HJ212_TEXT } from "./decode-hj212-text.ts";
import { SL651_TEXT } from "./decode-sl651-text.ts";
import { SPARKPLUG_TEXT } from "./decode-sparkplug-text.ts";
import { FRAME_TEXT } from "./decode-text.ts";
import { DOCTOR_TEXT } from "./doctor-text.ts";
import { DRAIN_TEXT } from "./drain-text.ts";
import { FIELD_TEXT, sayField } from "./field-text.ts";
import { IDENTIFY_TEXT } from "./identify-text.ts";
import { INTERLOCK_TEXT } from "./interlock-text.ts";
import { LINE_TEXT } from "./line-text.ts";
import { NODE_TEXT } from "./node-text.ts";
import { OFFLINE_TEXT } from "./offline-text.ts";
import { PAPERS_TEXT } from "./papers-text.ts";
import { PROFILES_TEXT } from "./profiles-text.ts";
import { PROVISION_TEXT } from "./provision-text.ts";
import { QUALITY_TEXT } from "./quality-text.ts";
import { RECORD_TEXT } from "./record-text.ts";
import { REPORT_TEXT } from "./report-text.ts";
import { SCAN_TEXT } from "./scan-text.ts";
import { SHELL_TEXT } from "./shell/completion-text.ts";
import { MAN_TEXT } from "./shell/man-text.ts";
import { say, TEXT } from "./text.ts";
import { WEAR_TEXT } from "./wear-text.ts";

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test("both languages of every sentence have the same placeholders and neither is empty", (t) => {
  const own = [
    BUFFER_TEXT,
    BUS_TEXT,
    CALIBRATE_TEXT,
    CERTIFICATE_TEXT,
    COMMAND_TEXT,
    COMMISSIONING_TEXT,
    CONFIG_TEXT,
    DOCTOR_TEXT,
    DRAIN_TEXT,
    FIELD_TEXT,
    IDENTIFY_TEXT,
    INTERLOCK_TEXT,
    LINE_TEXT,
    NODE_TEXT,
    OFFLINE_TEXT,
    PANEL_TEXT,
    PAPERS_TEXT,
    PROFILES_TEXT,
    PROVISION_TEXT,
    QUALITY_TEXT,
    REPORT_TEXT,
    RECORD_TEXT,
    SCAN_TEXT,
    MAN_TEXT,
    SHELL_TEXT,
    WATCH_TEXT,
    WEAR_TEXT,
  ];
  const frames = [
    ...Object.values(FRAME_TEXT),
    ...Object.values(HJ212_TEXT),
    ...Object.values(SL651_TEXT),
    ...Object.values(SPARKPLUG_TEXT),
  ];
  const tables = [TEXT, ...own, ...frames];
  const sentences = tables.flatMap((table) => Object.entries(table));
  for (const [key, { en, "zh-CN": zh }] of sentences) {
    t.deepEqual(placeholders(zh), placeholders(en), key);
    t.true(en.length > 0 && zh.length > 0, key);
  }
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
