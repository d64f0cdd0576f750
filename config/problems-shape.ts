import type { Text } from "../edge/core/errors.ts";
import type { Expected } from "./expected.ts";
import { describeExpected } from "./expected.ts";
import { entry, nearestText } from "./problem-entry.ts";

type Leaf = { readonly expected: Expected };
type FoundLeaf = Leaf & {
  /** The value in the file as a person would quote it. */
  readonly found: string;
};

/** What is wrong with the YAML itself and with the form of keys and values. */
export const SHAPE_PROBLEMS = {
  "yaml-syntax": entry("error", ({ reason }: { readonly reason: Text }) => ({
    en: `this is not well-formed YAML: ${reason.en}.`,
    "zh-CN": `YAML 语法错误：${reason["zh-CN"]}。`,
  })),
  "duplicate-key": entry("error", ({ firstLine }: { readonly firstLine: number }) => ({
    en: `this key is here a second time; the first is on line ${firstLine}. Keep one.`,
    "zh-CN": `该键重复出现，第一次在第 ${firstLine} 行。只能保留一个。`,
  })),
  "empty-file": entry("error", () => ({
    en: "the file holds no configuration. It must at least say gateway: { id: … }.",
    "zh-CN": "文件中没有配置。至少要写 gateway: { id: … }。",
  })),
  "not-utf8": entry("error", () => ({
    en: "the file is not UTF-8 text. Save it as UTF-8.",
    "zh-CN": "文件不是 UTF-8 文本。请以 UTF-8 编码保存。",
  })),
  "unknown-key": entry(
    "error",
    (key: { readonly nearest: string | null; readonly allowed: readonly string[] }) => ({
      en: `unknown key.${nearestText(key.nearest).en} Allowed: ${key.allowed.join(", ")}.`,
      "zh-CN": `未知的键。${nearestText(key.nearest)["zh-CN"]}允许：${key.allowed.join("、")}。`,
    }),
  ),
  "key-of-other-kind": entry(
    "error",
    (key: { readonly kinds: readonly string[]; readonly allowed: readonly string[] }) => ({
      en: `this key is for kind ${key.kinds.join(", ")} only. Allowed here: ${key.allowed.join(", ")}.`,
      "zh-CN": `该键只用于 kind ${key.kinds.join("、")}。此处允许：${key.allowed.join("、")}。`,
    }),
  ),
  "missing-key": entry("error", ({ expected }: Leaf) => ({
    en: `this key is missing. Allowed: ${describeExpected(expected).en}.`,
    "zh-CN": `缺少该键。允许：${describeExpected(expected)["zh-CN"]}。`,
  })),
  "wrong-type": entry("error", ({ expected, found }: FoundLeaf) => ({
    en: `${found} does not fit here. Allowed: ${describeExpected(expected).en}.`,
    "zh-CN": `此处不能写 ${found}。允许：${describeExpected(expected)["zh-CN"]}。`,
  })),
  "empty-value": entry("error", ({ expected }: Leaf) => ({
    en: `nothing stands here. Allowed: ${describeExpected(expected).en}.`,
    "zh-CN": `此处是空的。允许：${describeExpected(expected)["zh-CN"]}。`,
  })),
  "needs-quotes": entry("error", ({ expected, found }: FoundLeaf) => ({
    en: `${found} is read as a value, not as text. Put it in quotes: "${found}". Allowed: ${describeExpected(expected).en}.`,
    "zh-CN": `${found} 被解读为数值而不是文本。请加引号："${found}"。允许：${describeExpected(expected)["zh-CN"]}。`,
  })),
  "out-of-range": entry("error", ({ expected, found }: FoundLeaf) => ({
    en: `${found} is out of range. Allowed: ${describeExpected(expected).en}.`,
    "zh-CN": `${found} 超出范围。允许：${describeExpected(expected)["zh-CN"]}。`,
  })),
  "not-a-choice": entry("error", (choice: FoundLeaf & { readonly nearest: string | null }) => ({
    en: `${choice.found} is not known here.${nearestText(choice.nearest).en} Allowed: ${describeExpected(choice.expected).en}.`,
    "zh-CN": `此处不认识 ${choice.found}。${nearestText(choice.nearest)["zh-CN"]}允许：${describeExpected(choice.expected)["zh-CN"]}。`,
  })),
  "bad-duration": entry("error", ({ expected, found }: FoundLeaf) => ({
    en: `${found} is not a duration: write a number and ms, s, m, h or d, without a space. Allowed: ${describeExpected(expected).en}.`,
    "zh-CN": `${found} 不是时长：应写数字加 ms、s、m、h 或 d，中间不留空格。允许：${describeExpected(expected)["zh-CN"]}。`,
  })),
  "bad-size": entry("error", ({ expected, found }: FoundLeaf) => ({
    en: `${found} is not a size: write a number and B, kB, MB, GB or TB, without a space. Allowed: ${describeExpected(expected).en}.`,
    "zh-CN": `${found} 不是容量：应写数字加 B、kB、MB、GB 或 TB，中间不留空格。允许：${describeExpected(expected)["zh-CN"]}。`,
  })),
  "bad-name": entry("error", ({ expected, found }: FoundLeaf) => ({
    en: `${found} cannot be used as a name. Allowed: ${describeExpected(expected).en}.`,
    "zh-CN": `${found} 不能用作名称。允许：${describeExpected(expected)["zh-CN"]}。`,
  })),
};
