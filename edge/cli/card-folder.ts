import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Lang, Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

const FILE = "gateway.yaml";

const CARD_FOLDER_TEXT = {
  none: {
    en: "there is no folder {dir}; --card takes one gateway's folder: of lifeline provision batch, or the folder gateway of a card",
    "zh-CN":
      "没有文件夹 {dir}；--card 应为某一网关的文件夹：lifeline provision batch 生成的，或存储卡上的 gateway 文件夹",
  },
  within: {
    en: "{dir} holds no gateway.yaml; meant is {inner}",
    "zh-CN": "{dir} 中没有 gateway.yaml；应为 {inner}",
  },
  batch: {
    en: "{dir} is a batch of {count} gateways: check one at a time, such as --card {inner}",
    "zh-CN": "{dir} 是 {count} 台网关的批次：请逐台检查，如 --card {inner}",
  },
  otherName: {
    en: "{dir} holds no gateway.yaml; {name} has to be called that",
    "zh-CN": "{dir} 中没有 gateway.yaml；请将 {name} 改为此名",
  },
  missing: {
    en: "{dir} holds no gateway.yaml: put the gateway's configuration in by that name, or have lifeline provision batch make the folder",
    "zh-CN":
      "{dir} 中没有 gateway.yaml：请以此名放入网关配置，或用 lifeline provision batch 生成该文件夹",
  },
} as const satisfies Record<string, Text>;

const sayFolder = speaker<keyof typeof CARD_FOLDER_TEXT>(CARD_FOLDER_TEXT);

/** Why `dir` is no folder that makes a card a gateway's, and which one is meant; null where it may be. */
export function whyNoCard(dir: string, lang: Lang): string | null {
  if (existsSync(join(dir, FILE))) return null;
  let names: readonly string[];
  try {
    names = readdirSync(dir).toSorted();
  } catch {
    return sayFolder(lang, "none", { dir });
  }
  const [first, ...others] = names.filter((name) => existsSync(join(dir, name, FILE)));
  if (first !== undefined) {
    const words = { dir, inner: join(dir, first), count: others.length + 1 };
    const isCard = first === "gateway" && others.length === 0;
    return sayFolder(lang, isCard ? "within" : "batch", words);
  }
  const other = names.find((name) => /^gateway.*\.(ya?ml|txt)$/i.test(name));
  if (other !== undefined) return sayFolder(lang, "otherName", { dir, name: other });
  return sayFolder(lang, "missing", { dir });
}
