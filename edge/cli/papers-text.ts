import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What a running gateway says of documents, in every language. */
export const PAPERS_TEXT = {
  recorded: {
    en: "document {number} is recorded, by {who}",
    "zh-CN": "文件 {number} 已由 {who} 登记",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** The sentence of `PAPERS_TEXT` under a key. */
export const sayPapers = speaker<keyof typeof PAPERS_TEXT>(PAPERS_TEXT);
