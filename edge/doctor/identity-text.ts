import { CARD_NOTES, type CardNote } from "../core/card-notes.ts";
import type { Text } from "../core/errors.ts";
import { CARD_REFUSALS, type CardRefusal } from "../core/first-boot.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about whose the gateway is, and how it proves it. */
export const IDENTITY_FINDINGS = {
  "card.refused": {
    meaning: {
      en: "what the card brought was not taken: the gateway runs on what it had, or not at all",
      "zh-CN": "存储卡带来的内容未被采用：网关沿用原有内容，或无法运行",
    },
    cause: {
      en: "a file of the card was changed, damaged or forgotten, or is another gateway's",
      "zh-CN": "卡上的文件被改动、损坏或遗漏，或属于其他网关",
    },
    remedy: {
      en: "do what the evidence says for each file, then restart the box; lifeline flash writes a card that fits",
      "zh-CN": "按依据处理各文件，然后重启设备；用 lifeline flash 可写出正确的卡",
    },
  },
  "card.noted": {
    meaning: {
      en: "the gateway runs, and something about its card or its data partition is not as it should be",
      "zh-CN": "网关在运行，但其存储卡或数据分区存在问题",
    },
    cause: {
      en: "the card is worn or full, the power was cut while it was written, or a file on it was written by hand",
      "zh-CN": "存储卡老化或已满、写入时断电，或卡上文件系手工编写",
    },
    remedy: {
      en: "do what the evidence says; it is looked at again at each start of the machine",
      "zh-CN": "按依据处理；每次开机都会重新检查",
    },
  },
  "card.empty": {
    meaning: {
      en: "nothing on the card says whose this gateway is",
      "zh-CN": "存储卡上没有任何内容说明本网关的归属",
    },
    cause: {
      en: "the image was written to it without a gateway's files",
      "zh-CN": "写入镜像时未附带网关文件",
    },
    remedy: {
      en: "put the files of one gateway of lifeline provision batch into the folder gateway of the card, or write it with lifeline flash",
      "zh-CN":
        "将 lifeline provision batch 生成的某一网关文件放入卡上的 gateway 文件夹，或用 lifeline flash 写卡",
    },
  },
  "identity.foreign": {
    meaning: {
      en: "the gateway's identity is another board's, or was seen on two: platforms that want it get nothing, and others go on as before, perhaps from two boxes under one name",
      "zh-CN":
        "网关身份属于另一主板，或出现在两块主板上：要求身份的平台收不到数据，其他平台照常接收，可能来自两台同名设备",
    },
    cause: {
      en: "the card was copied, or moved to this box",
      "zh-CN": "存储卡被复制，或被移到本设备",
    },
    remedy: {
      en: "take the copy away; where this box is to stay in the place of the other: stop the gateway, then lifeline provision replace with a new claim",
      "zh-CN":
        "移除复制的卡；若由本设备接替，请先停止网关，再用新凭据执行 lifeline provision replace",
    },
  },
  "identity.revoked": {
    meaning: {
      en: "the centre has revoked the gateway's identity: platforms refuse it, and it is not renewed",
      "zh-CN": "中心已吊销网关身份：平台拒绝接入，且不再续期",
    },
    cause: {
      en: "another box was put in its place, or it was reported lost or retired",
      "zh-CN": "已有其他设备接替，或本设备已报失、退役",
    },
    remedy: {
      en: "ask the centre; to take part again: lifeline provision replace with a new claim. What is stored stays",
      "zh-CN": "询问中心；如需重新接入：用新凭据执行 lifeline provision replace。已存数据保留",
    },
  },
  "identity.clock": {
    meaning: {
      en: "the gateway's clock is behind, and nothing that is certified can be checked by it",
      "zh-CN": "网关时钟偏慢，无法据此校验任何证书",
    },
    cause: {
      en: "the box has no clock that runs without power, and no time has come over the network yet",
      "zh-CN": "设备无断电走时的时钟，且尚未从网络获得时间",
    },
    remedy: {
      en: "let NTP through, or set the clock (timedatectl set-time); the gateway enrols by itself then",
      "zh-CN": "放行 NTP，或手动校时（timedatectl set-time）；之后网关自动注册",
    },
  },
  "identity.sealed": {
    meaning: {
      en: "the gateway's key is sealed and does not open: it measures and stores, and platforms that want an identity wait",
      "zh-CN": "网关密钥已封存且无法解封：仍在测量和存储，要求身份的平台暂不接收",
    },
    cause: {
      en: "the card was sealed in another box, the TPM was cleared or exchanged, or the system was set up anew",
      "zh-CN": "存储卡在其他设备上封存、TPM 被清除或更换，或系统已重装",
    },
    remedy: {
      en: "put the card back into its own box, or have this one take its place: lifeline provision replace, with a new claim",
      "zh-CN": "将存储卡放回原设备，或由本机接替：用新凭据执行 lifeline provision replace",
    },
  },
  "identity.none": {
    meaning: {
      en: "the gateway has no identity yet: it measures and stores, and platforms that want one wait",
      "zh-CN": "网关尚无身份：仍在测量和存储，要求身份的平台暂不接收",
    },
    cause: {
      en: "the enrolment server was not reached, or refused the claim",
      "zh-CN": "无法连接注册服务器，或其拒绝了注册凭据",
    },
    remedy: {
      en: "do what the evidence says; what is refused is asked for again by itself: lifeline provision tells how it stands",
      "zh-CN": "按依据处理；被拒绝的请求会自动重试：lifeline provision 可查看进展",
    },
  },
} as const satisfies Record<string, FindingText>;

type CardEvidence = { readonly [Code in CardRefusal as `card-${Code}`]: Text };

/** Each refusal of a card with its file before it. */
const CARD_EVIDENCE = Object.fromEntries(
  Object.entries(CARD_REFUSALS).map(([code, text]) => {
    return [`card-${code}`, { en: `{file} ${text.en}`, "zh-CN": `{file} ${text["zh-CN"]}` }];
  }),
) as CardEvidence;

type NoteEvidence = { readonly [Code in CardNote["code"] as `note-${Code}`]: Text };

/** Each note with what it is about behind it. */
const NOTE_EVIDENCE = Object.fromEntries(
  Object.entries(CARD_NOTES).map(([code, text]) => {
    return [`note-${code}`, { en: `${text.en}{about}`, "zh-CN": `${text["zh-CN"]}{about}` }];
  }),
) as NoteEvidence;

/** What speaks for them. */
export const IDENTITY_EVIDENCE = {
  ...CARD_EVIDENCE,
  ...NOTE_EVIDENCE,
  cardOf: { en: "the card is made out to {gateway}", "zh-CN": "存储卡归属 {gateway}" },
} as const satisfies Record<string, Text>;
