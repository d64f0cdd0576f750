import type { Text } from "./errors.ts";
import type { Protection, ProtectionLift } from "./sealed.ts";

/** What each rung is called, with its place on the ladder. */
export const RUNG_TEXT = {
  file: { en: "level 1 of 3, file", "zh-CN": "第 1 级（共 3 级），文件" },
  host: { en: "level 2 of 3, host key", "zh-CN": "第 2 级（共 3 级），主机密钥" },
  tpm: { en: "level 3 of 3, TPM and host key", "zh-CN": "第 3 级（共 3 级），TPM 与主机密钥" },
} as const satisfies Record<Protection, Text>;

/** What each rung protects the gateway's key from, and what it does not. */
export const PROTECTION_TEXT = {
  file: {
    en: "the key is a file that only its owner may read: whoever has the card, or a copy of it, has the key",
    "zh-CN": "密钥是仅所有者可读的文件：取得存储卡或其副本者即取得密钥",
  },
  host: {
    en: "the key is sealed by a key of this system, which lies on the same disk: that protects a copied folder, or a backup without /var/lib/systemd, not a stolen card",
    "zh-CN":
      "密钥由本系统的主机密钥封存，而主机密钥在同一磁盘上：可保护被拷贝的文件夹及不含 /var/lib/systemd 的备份，不能防范存储卡被盗",
  },
  tpm: {
    en: "the key is sealed by this box's TPM: a card that is taken or copied is of no use elsewhere; whoever is root on the running box can read it",
    "zh-CN":
      "密钥由本机 TPM 封存：存储卡被取走或复制后在别处无法使用；但在运行中的本机上拥有 root 权限者仍可读取",
  },
} as const satisfies Record<Protection, Text>;

/** What would better it. */
export const LIFT_TEXT = {
  system: {
    en: "systemd-creds (systemd 250 or later) would seal it; this machine has none",
    "zh-CN": "systemd-creds（systemd 250 及以上）可将其封存；本机没有",
  },
  start: {
    en: "this machine can seal it: systemctl start lifeline-seal",
    "zh-CN": "本机可将其封存：systemctl start lifeline-seal",
  },
  restart: {
    en: "it is sealed as well; the plain file goes after the next restart of the machine, which shows that what it seals with is kept",
    "zh-CN": "密钥同时已封存；待本机下次重启、证实封存所用密钥得以保留后，明文文件即被删除",
  },
  tpm: {
    en: "this box has no TPM; with one, a stolen card would be of no use",
    "zh-CN": "本机没有 TPM；若有，被盗的存储卡将无法使用",
  },
  renewal: {
    en: "this box has a TPM: it is used for what is sealed from the next renewal on",
    "zh-CN": "本机有 TPM：自下次续期起用其封存",
  },
} as const satisfies Record<ProtectionLift, Text>;
