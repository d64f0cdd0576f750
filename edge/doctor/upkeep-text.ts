import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about what was installed. */
export const UPKEEP_FINDINGS = {
  "config.invalid": {
    meaning: {
      en: "the configuration cannot be used as it is",
      "zh-CN": "当前配置无法使用",
    },
    cause: {
      en: "it was changed by hand and not checked",
      "zh-CN": "手工修改后未经检查",
    },
    remedy: {
      en: "correct it as the evidence says, and type: lifeline check; what runs goes on meanwhile",
      "zh-CN": "按依据修正，并执行：lifeline check；正在运行的网关不受影响",
    },
  },
  "config.trial-left": {
    meaning: {
      en: "a configuration was being tried when the gateway ended",
      "zh-CN": "网关退出时有一份配置正在试运行",
    },
    cause: {
      en: "power failed, or the gateway died of it",
      "zh-CN": "断电，或网关因该配置崩溃",
    },
    remedy: {
      en: "start the gateway: it goes back to the one before by itself",
      "zh-CN": "启动网关：会自动恢复之前的配置",
    },
  },
  "update.half-done": {
    meaning: {
      en: "an update was cut off half-way",
      "zh-CN": "升级中途中断",
    },
    cause: {
      en: "power failed, or the download broke off, while the release was being written",
      "zh-CN": "写入新版本时断电或下载中断",
    },
    remedy: {
      en: "install the release again; then remove what the evidence names",
      "zh-CN": "重新安装该版本；随后删除依据中所列内容",
    },
  },
  "identity.missing": {
    meaning: {
      en: "the gateway's identity is missing: its key or certificate cannot be used",
      "zh-CN": "网关身份缺失：密钥或证书无法使用",
    },
    cause: {
      en: "the file was removed or never installed, or the card was copied without it",
      "zh-CN": "文件被删除、从未安装，或复制存储卡时遗漏",
    },
    remedy: {
      en: "put the files of tls.cert and tls.key back, or have the gateway enrolled anew",
      "zh-CN": "恢复 tls.cert 与 tls.key 所指文件，或重新注册网关",
    },
  },
  "secret.missing": {
    meaning: {
      en: "a secret that the configuration refers to cannot be used",
      "zh-CN": "配置引用的密码或文件无法使用",
    },
    cause: {
      en: "its file was removed, is empty, or is not readable for the gateway",
      "zh-CN": "文件被删除、为空，或网关无权读取",
    },
    remedy: {
      en: "write it again, readable for the gateway's user only (chmod 600)",
      "zh-CN": "重新写入，仅允许网关用户读取（chmod 600）",
    },
  },
  "secret.open": {
    meaning: {
      en: "others than the gateway can read a secret of it",
      "zh-CN": "网关以外的用户可以读取其机密文件",
    },
    cause: {
      en: "the file was copied or made without setting who may read it",
      "zh-CN": "复制或创建文件时未设置读取权限",
    },
    remedy: {
      en: "type: chmod 600 {subject}; if others have used this machine, change the secret",
      "zh-CN": "执行：chmod 600 {subject}；若他人使用过本机，请更换该机密",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of it. */
export const UPKEEP_EVIDENCE = {
  problemAt: { en: "line {line}, {path}", "zh-CN": "第 {line} 行，{path}" },
  currentRelease: { en: "current names {release}", "zh-CN": "current 指向 {release}" },
  releaseBroken: {
    en: "releases/{release} is not whole: no package of that version in it",
    "zh-CN": "releases/{release} 不完整：其中没有该版本的程序包",
  },
  updateLeft: { en: "left behind: {name}", "zh-CN": "遗留：{name}" },
  fileMissing: { en: "{path} is not there", "zh-CN": "{path} 不存在" },
  fileSealed: {
    en: "{path} is sealed and was not opened on this machine: start the service; where that does not do it, write it again",
    "zh-CN": "{path} 已封存，在本机未能解封：请启动服务；仍不行则重新写入",
  },
  fileUnreadable: { en: "{path} cannot be read", "zh-CN": "无法读取 {path}" },
  fileEmpty: { en: "{path} is empty", "zh-CN": "{path} 是空的" },
  noCertificate: {
    en: "{path} holds no certificate in PEM form",
    "zh-CN": "{path} 中没有 PEM 格式的证书",
  },
  fileMode: { en: "its permissions are {mode}", "zh-CN": "其权限为 {mode}" },
} as const satisfies Record<string, Text>;
