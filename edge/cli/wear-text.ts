import type { Lang, Text } from "../core/errors.ts";
import type { WearFigures } from "../core/wear.ts";
import { formatBytes } from "./format.ts";
import { speaker } from "./language.ts";

/** Every sentence about the wear of a card, in every language. `{name}` stands for a parameter. */
export const WEAR_TEXT = {
  wear: {
    en: "{perDay} written a day; at that a card for {endurance} lasts {life}",
    "zh-CN": "每天写入 {perDay}；按此速度，可写入 {endurance} 的存储卡还能用{life}",
  },
  short: {
    en: "  TOO SHORT: set buffer.commit higher, or use a card for more (buffer.card)",
    "zh-CN": "  寿命不足：请调大 buffer.commit，或换用更耐写的存储卡（buffer.card）",
  },
  written: {
    en: "  {total} written in all, without what the card adds by itself",
    "zh-CN": "  累计写入 {total}，不含存储卡内部的额外写入",
  },
  years: { en: "about {count} years", "zh-CN": "约 {count} 年" },
  days: { en: "about {count} days", "zh-CN": "约 {count} 天" },
  wearing: {
    en: "buffer: as it is written to now, the card lasts for {lifeDays} days only; set buffer.commit higher, or use a card for more (buffer.card)",
    "zh-CN":
      "缓冲区：按当前写入速度，存储卡只能再用 {lifeDays} 天；请调大 buffer.commit，或换用可写入量更大的存储卡（buffer.card）",
  },
  lasting: {
    en: "buffer: the card lasts long enough again: {lifeDays} days",
    "zh-CN": "缓冲区：存储卡寿命恢复充足：{lifeDays} 天",
  },
  lifeUsed: {
    en: "The card itself says: at most {used} % of its life used, spare blocks {spare}",
    "zh-CN": "存储卡自报：寿命最多已用 {used} %，备用块{spare}",
  },
  lifeOver: {
    en: "The card itself says: its life is OVER, spare blocks {spare}; replace it",
    "zh-CN": "存储卡自报：寿命已尽，备用块{spare}；请更换",
  },
  normal: { en: "normal", "zh-CN": "正常" },
  warning: { en: "mostly used up", "zh-CN": "大部分已用" },
  urgent: { en: "USED UP", "zh-CN": "已用尽" },
  unknown: { en: "not known", "zh-CN": "未知" },
} as const satisfies Readonly<Record<string, Text>>;

/** Says a sentence about the wear of a card. */
export const sayWear = speaker(WEAR_TEXT);

const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;
/** From here on years are told, below days. */
const YEARS_FROM = 2;

/** `12 GB a day, and how long the card lasts`. */
export function wearLine(
  { bytesPerDay, lifeMs }: WearFigures,
  enduranceBytes: number,
  lang: Lang,
): string {
  const isLong = lifeMs >= YEARS_FROM * YEAR_MS;
  const count = Math.floor(lifeMs / (isLong ? YEAR_MS : DAY_MS));
  return sayWear(lang, "wear", {
    perDay: formatBytes(bytesPerDay),
    endurance: formatBytes(enduranceBytes),
    life: sayWear(lang, isLong ? "years" : "days", { count }),
  });
}
