import type { Text } from "./errors.ts";

/**
 * What keeps no card out, and a person should know of nevertheless: `ota/image` says it in these codes.
 * `about` says which line, board or folder.
 */
export const CARD_NOTES = {
  "not-grown": {
    en: "the data partition does not reach to the end of the card: flash the card anew",
    "zh-CN": "数据分区未能扩展到整张卡：请重新烧录",
  },
  "data-damaged": {
    en: "the data partition was damaged, and was mended as far as it could be: see that the power supply holds, and replace the card where it happens again",
    "zh-CN": "数据分区曾损坏，已尽量修复：请检查供电；若再次发生请更换存储卡",
  },
  "data-lost": {
    en: "the data partition could not be read and was made anew; what was stored is lost, and the gateway needs a new claim: replace the card",
    "zh-CN": "数据分区无法读取，已重建；原有数据丢失，网关需要新的注册凭据：请更换存储卡",
  },
  "data-later": {
    en: "the data partition is of a later system and was left as it is; nothing outlives a power cut: start the later system, or flash the card anew",
    "zh-CN": "数据分区属于更新的系统，未作改动；断电后数据不保留：请启动更新的系统或重新烧录",
  },
  "data-worn": {
    en: "the card takes nothing any more; nothing new outlives a power cut: replace it (lifeline provision replace)",
    "zh-CN": "存储卡已无法写入，断电后新数据不保留：请更换（lifeline provision replace）",
  },
  "no-data": {
    en: "there is no data partition; nothing outlives a power cut: replace the card",
    "zh-CN": "无数据分区，断电后数据不保留：请更换存储卡",
  },
  "no-room": {
    en: "the data partition is full: see what fills it (lifeline buffer, lifeline doctor)",
    "zh-CN": "数据分区已满：请查看占用情况（lifeline buffer、lifeline doctor）",
  },
  "not-in-place": {
    en: "a folder of the data partition could not be put in place: flash the card anew",
    "zh-CN": "数据分区的文件夹未能就位：请重新烧录",
  },
  "no-host-key": {
    en: "there is no key for SSH, so that nobody can log in: the card may be worn out",
    "zh-CN": "无 SSH 主机密钥，无法登录：存储卡可能已损坏",
  },
  "card-unreadable": {
    en: "the card's first partition cannot be read, so that nothing on it is taken: flash the card anew",
    "zh-CN": "存储卡第一分区无法读取，其内容未被采用：请重新烧录",
  },
  "card-unwritten": {
    en: "the card's first partition cannot be written, so that the claim stays on it: replace the card",
    "zh-CN": "存储卡第一分区无法写入，注册凭据仍留在卡上：请更换存储卡",
  },
  "other-hardware": {
    en: "the release or the card is for another class of boards than this one: put the right card in",
    "zh-CN": "程序或存储卡与本主板的硬件类别不符：请换入正确的卡",
  },
  "network-key": {
    en: "wired.network has a line that systemd-networkd passed over: mend it on the card",
    "zh-CN": "wired.network 中有一行被 systemd-networkd 忽略：请在卡上改正",
  },
} as const satisfies Record<string, Text>;

/** What was noted of a card that was not kept out for it. */
export type CardNote = {
  readonly code: keyof typeof CARD_NOTES;
  /** Which line, board or folder; empty where the code says all. */
  readonly about: string;
};

/** The notes in `value` that this release knows; none where it is no list. */
export function cardNotesIn(value: unknown): readonly CardNote[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    if (each === null || typeof each !== "object" || !("code" in each)) return [];
    const { code } = each;
    const about = "about" in each && typeof each.about === "string" ? each.about : "";
    return isCode(code) ? [{ code, about }] : [];
  });
}

function isCode(code: unknown): code is CardNote["code"] {
  return typeof code === "string" && Object.hasOwn(CARD_NOTES, code);
}
