import type { ErrorEntry } from "./errors.ts";

/** Why a card or an image for one is not written, by code. */
export const CARD_ERRORS = {
  "card.image": {
    meaning: {
      en: "the image cannot be read, or is none for a card",
      "zh-CN": "镜像无法读取，或不是存储卡镜像",
    },
    remedy: "operator",
    advice: {
      en: "fetch it anew; it must be .img, .img.zst or .img.gz, and whole",
      "zh-CN": "请重新获取；须为完整的 .img、.img.zst 或 .img.gz",
    },
  },
  "card.refused": {
    meaning: {
      en: "that device is not written to, so that nothing is lost",
      "zh-CN": "为避免数据丢失，拒绝写入该设备",
    },
    remedy: "operator",
    advice: {
      en: "lifeline flash alone lists the cards that are there",
      "zh-CN": "运行 lifeline flash 可列出现有存储卡",
    },
  },
  "card.hardware": {
    meaning: {
      en: "the image is for another class of boards than the gateway's",
      "zh-CN": "镜像与该网关的硬件类别不符",
    },
    remedy: "operator",
    advice: {
      en: "take the image for its board, or correct hardware in the table",
      "zh-CN": "请使用适合其主板的镜像，或更正站点表的 hardware 列",
    },
  },
  "card.open": {
    meaning: {
      en: "the card cannot be opened",
      "zh-CN": "无法打开存储卡",
    },
    remedy: "operator",
    advice: {
      en: "check that it is there and nothing else uses it; else with sudo",
      "zh-CN": "确认存储卡已插入且未被占用；或使用 sudo",
    },
  },
  "card.write": {
    meaning: {
      en: "writing failed; what is on the card now does not start",
      "zh-CN": "写入失败；卡上内容目前无法启动",
    },
    remedy: "operator",
    advice: {
      en: "type the same again: it goes on; else take another card",
      "zh-CN": "重新执行同一命令可继续；若再次失败请更换存储卡",
    },
  },
  "card.verify": {
    meaning: {
      en: "the card gives back something else than was written; it does not start",
      "zh-CN": "读回内容与写入不符；该卡无法启动",
    },
    remedy: "operator",
    advice: {
      en: "throw the card away: it is worn, or smaller than it says",
      "zh-CN": "请丢弃此卡：已损坏，或实际容量不足",
    },
  },
  "card.personal": {
    meaning: {
      en: "the files of the gateway cannot be put on the card",
      "zh-CN": "无法将网关文件写入存储卡",
    },
    remedy: "operator",
    advice: {
      en: "make them by lifeline provision batch; install mtools",
      "zh-CN": "请用 lifeline provision batch 生成；并安装 mtools",
    },
  },
} as const satisfies Record<string, ErrorEntry>;
