import type { Lang } from "../core/errors.ts";

/** What every paper says of itself, in every language. */
export const PAPER_TEXT = {
  page: {
    en: (page: number, pages: number) => `Page ${page} of ${pages}`,
    "zh-CN": (page: number, pages: number) => `第 ${page} 页，共 ${pages} 页`,
  },
  signatures: { en: "Signatures", "zh-CN": "签字" },
  name: { en: "Name", "zh-CN": "姓名" },
  sign: { en: "Signature", "zh-CN": "签名" },
  date: { en: "Date", "zh-CN": "日期" },
} as const satisfies Readonly<Record<string, Readonly<Record<Lang, unknown>>>>;
