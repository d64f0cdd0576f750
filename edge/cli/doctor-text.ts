import type { Text } from "../core/errors.ts";
import { EVIDENCE, type EvidenceKey, FINDINGS, type FindingCode } from "../doctor/catalogue.ts";
import { type Say, speaker } from "./language.ts";

/** Every sentence around the doctor's findings, in every language. `{name}` stands for a parameter. */
export const DOCTOR_TEXT = {
  nothing: { en: "Nothing is wrong that the doctor knows of.", "zh-CN": "未发现已知故障。" },
  count: {
    en: "{gateway}: {faults} faults, {warnings} warnings",
    "zh-CN": "{gateway}：{faults} 个故障，{warnings} 个警告",
  },
  fault: { en: "FAULT", "zh-CN": "故障" },
  warning: { en: "WARNING", "zh-CN": "警告" },
  certain: { en: "certain", "zh-CN": "确定" },
  likely: { en: "likely", "zh-CN": "很可能" },
  possible: { en: "possible", "zh-CN": "可能" },
  since: { en: "since", "zh-CN": "始于" },
  sinceAt: { en: "{time}, {age} ago", "zh-CN": "{time}，{age}前" },
  evidence: { en: "seen", "zh-CN": "依据" },
  cause: { en: "cause", "zh-CN": "原因" },
  remedy: { en: "do", "zh-CN": "处理" },
  explains: { en: "hence", "zh-CN": "由此" },
  examining: {
    en: "examining {gateway}; nothing is changed",
    "zh-CN": "正在检查 {gateway}；不改变任何设置",
  },
} as const satisfies Record<string, Text>;

/** The sentence `key` in `lang` with its parameters filled in. */
export const sayDoctor: Say<keyof typeof DOCTOR_TEXT> = speaker(DOCTOR_TEXT);

/** The evidence `key` in `lang` with its parameters filled in. */
export const sayEvidence: Say<EvidenceKey> = speaker(EVIDENCE);

const PARTS = ["meaning", "cause", "remedy"] as const;

/** The three texts of each finding as one table. */
const FINDING_TEXT = Object.fromEntries(
  Object.entries(FINDINGS).flatMap(([code, text]) =>
    PARTS.map((part) => [`${code} ${part}`, text[part]] as const),
  ),
) as Record<`${FindingCode} ${(typeof PARTS)[number]}`, Text>;

/** What a finding means, `CODE meaning`, its cause or its remedy, with parameters filled in. */
export const sayFinding: Say<keyof typeof FINDING_TEXT> = speaker(FINDING_TEXT);
