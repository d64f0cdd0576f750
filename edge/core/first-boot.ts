import { type CardNote, cardNotesIn } from "./card-notes.ts";
import { ERRORS, type ErrorCode, type Text } from "./errors.ts";
import type { IdentityStanding } from "./identity.ts";
import type { SecretStanding } from "./sealed.ts";

/** Why what a card holds was not taken, and what to do: `ota/image` says it in these codes. */
export const CARD_REFUSALS = {
  "unknown-file": {
    en: "is no file that a card can hold: take it away",
    "zh-CN": "不是存储卡可含有的文件：请移除",
  },
  "list-unreadable": {
    en: "cannot be read: write the card anew with lifeline flash",
    "zh-CN": "无法读取：请用 lifeline flash 重新写卡",
  },
  changed: {
    en: "is not what personal.json says: write the card anew; where it was changed by hand on purpose, delete personal.json",
    "zh-CN": "与 personal.json 不符：请重新写卡；若为有意手工修改，请删除 personal.json",
  },
  misplaced: {
    en: "lies beside the card's folder gateway: move it into the folder",
    "zh-CN": "不在卡上的 gateway 文件夹中：请移入该文件夹",
  },
  empty: {
    en: "is empty: write the card anew, or fill it",
    "zh-CN": "为空：请重新写卡或补全内容",
  },
  "too-big": {
    en: "is longer than 1 MiB, which no file of a gateway is: put the right one in",
    "zh-CN": "超过 1 MiB，不是网关文件：请换入正确的文件",
  },
  "not-text": {
    en: "is not UTF-8 text: save it as UTF-8",
    "zh-CN": "不是 UTF-8 文本：请另存为 UTF-8",
  },
  invalid: {
    en: "is a configuration that the gateway cannot run with: gateway-result.txt on the card names line and field of each error",
    "zh-CN": "配置无法使用：卡上的 gateway-result.txt 列出每个错误的行号与字段",
  },
  "bad-network": {
    en: "has a line that systemd-networkd does not read, or no section [Match]: gateway-result.txt on the card names the line",
    "zh-CN":
      "含有 systemd-networkd 无法识别的行，或缺少 [Match]：卡上的 gateway-result.txt 指出该行",
  },
  "bad-keys": {
    en: "holds no public key of SSH: put one in, or take the file away",
    "zh-CN": "不含 SSH 公钥：请放入公钥或移除该文件",
  },
  missing: {
    en: "is missing on the card: write the card anew with lifeline flash",
    "zh-CN": "存储卡上缺失：请用 lifeline flash 重新写卡",
  },
  "no-id": {
    en: "names no gateway: set gateway.id in it",
    "zh-CN": "未指明网关：请在其中设置 gateway.id",
  },
  "other-card": {
    en: "is for another gateway than the card: put the right one in",
    "zh-CN": "所属网关与存储卡不符：请换入正确的文件",
  },
  "other-box": {
    en: "is for another gateway than this box has been: flash the whole card anew, or put the right card in",
    "zh-CN": "所属网关与本机不符：请重新烧录整张卡，或换入正确的卡",
  },
  unwritten: {
    en: "could not be written to the data partition: the card may be worn out",
    "zh-CN": "无法写入数据分区：存储卡可能已损坏",
  },
} as const satisfies Record<string, Text>;

/** Why a file of a card was not taken. */
export type CardRefusal = keyof typeof CARD_REFUSALS;

/** What became of what the card brought, at the latest start of the machine. */
export type FirstBoot = {
  readonly v: 1;
  /** `empty`: nothing on the card says whose it is. All of it is taken, or nothing. */
  readonly outcome: "taken" | "refused" | "empty";
  /** Whose the card is; null where it does not say. */
  readonly gateway: string | null;
  /** The files that were put in place. */
  readonly taken: readonly string[];
  readonly refused: readonly { readonly code: CardRefusal; readonly file: string }[];
  /** What keeps nothing out, and a person should know of: of the card itself, too. */
  readonly noted: readonly CardNote[];
};

const OUTCOMES = ["taken", "refused", "empty"] as const;

/** The report in `text`; null where it is none that this release knows. Never throws. */
export function firstBootIn(text: string): FirstBoot | null {
  try {
    const { v, outcome: told, gateway, taken, refused, noted } = JSON.parse(text);
    const outcome = OUTCOMES.find((each) => each === told);
    if (v !== 1 || outcome === undefined) return null;
    return {
      v,
      outcome,
      gateway: `${gateway ?? ""}` || null,
      taken: [...taken].map(String),
      refused: [...refused].filter(isRefusal).map(({ code, file }) => ({ code, file })),
      noted: cardNotesIn(noted),
    };
  } catch {
    return null;
  }
}

function isRefusal(each: unknown): each is FirstBoot["refused"][number] {
  if (each === null || typeof each !== "object" || !("code" in each)) return false;
  const isKnown = typeof each.code === "string" && Object.hasOwn(CARD_REFUSALS, each.code);
  return isKnown && "file" in each && typeof each.file === "string";
}

/** How far a gateway has come: the first step that is not done yet, or that it measures. */
export const STAGES = ["no-claim", "refused", "waiting", "enrolled", "measuring"] as const;

/**
 * `no-claim`: the centre wants a claim, and there is none that it takes. `refused`: a person must act
 * before it has an identity. `waiting`: for the network, or the centre. `enrolled`: it has an identity,
 * or needs none, and no sensor answers yet.
 */
export type Stage = (typeof STAGES)[number];

/** How it stands with the gateway's identity. */
export type EnrolmentStatus = {
  readonly state: IdentityStanding["state"];
  /** Why it has not got further, by a code of the area `enrol`; null where nothing is in the way. */
  readonly cause: ErrorCode | null;
  /** The same in words. */
  readonly why: string | null;
  /** How its keys are protected on the disk; null where there are none. */
  readonly secrets: SecretStanding | null;
};

const CLAIM_CODES: readonly ErrorCode[] = ["enrol.claim", "enrol.used"];

/** How far a gateway is that `isMeasuring`; `enrolment` is null where nobody certifies it. */
export function stageOf(enrolment: EnrolmentStatus | null, isMeasuring: boolean): Stage {
  const done = isMeasuring ? "measuring" : "enrolled";
  if (enrolment === null || enrolment.state === "enrolled") return done;
  const { cause } = enrolment;
  if (cause === null) return "waiting";
  if (CLAIM_CODES.includes(cause)) return "no-claim";
  return ERRORS[cause].remedy === "operator" ? "refused" : "waiting";
}

/** Where what a card brought is told of, and where it is shown how far the gateway is. */
export interface FirstBootNotes {
  /** What was noted at the start of the machine, where the centre was not told of it yet; or null. */
  untold(): FirstBoot | null;
  /** It is stored as an event: not again. Rejects where it cannot be noted. */
  told(): Promise<void>;
  /** Shows `stage` by light and on the screen. Rejects where it cannot be noted. */
  show(stage: Stage): Promise<void>;
}
