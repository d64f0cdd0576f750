import type { ErrorEntry } from "./errors.ts";

const SIGN_ANEW = {
  en: "sign it anew: lifeline command sign, and send it at once",
  "zh-CN": "用 lifeline command sign 重新签名，并立即发送",
} as const;

/** Why a command is not carried out, by code. */
export const COMMAND_ERRORS = {
  "command.oversized": {
    meaning: { en: "the command is too long", "zh-CN": "命令过长" },
    remedy: "operator",
    advice: { en: "split it, or shorten what it carries", "zh-CN": "拆分命令，或缩短其内容" },
  },
  "command.malformed": {
    meaning: { en: "this is no command", "zh-CN": "不是有效的命令" },
    remedy: "operator",
    advice: {
      en: "make it with lifeline command sign, as the detail says",
      "zh-CN": "按详情所述，用 lifeline command sign 生成",
    },
  },
  "command.version": {
    meaning: {
      en: "the command is of another version of the protocol",
      "zh-CN": "命令的协议版本不同",
    },
    remedy: "operator",
    advice: {
      en: "sign it with a release as new as the gateway's",
      "zh-CN": "请用与网关版本相当的程序签名",
    },
  },
  "command.unsigned": {
    meaning: { en: "the command is not signed", "zh-CN": "命令没有签名" },
    remedy: "operator",
    advice: SIGN_ANEW,
  },
  "command.key": {
    meaning: {
      en: "the command names a key that the gateway does not know",
      "zh-CN": "命令所用的密钥网关不认识",
    },
    remedy: "operator",
    advice: {
      en: "use a key that stands under commands.keys in gateway.yaml",
      "zh-CN": "使用 gateway.yaml 中 commands.keys 所列的密钥",
    },
  },
  "command.signature": {
    meaning: { en: "the signature of the command is wrong", "zh-CN": "命令的签名错误" },
    remedy: "operator",
    advice: {
      en: "sign it with the private half of the key that it names",
      "zh-CN": "用其所称密钥对应的私钥签名",
    },
  },
  "command.gateway": {
    meaning: { en: "the command is for another gateway", "zh-CN": "命令是发给其他网关的" },
    remedy: "operator",
    advice: { en: "sign one for this gateway", "zh-CN": "请为本网关另行签名" },
  },
  "command.clock": {
    meaning: {
      en: "the gateway does not know the time: it cannot tell whether the command is late",
      "zh-CN": "网关时钟未同步，无法判断命令是否过期",
    },
    remedy: "retry",
    advice: {
      en: "see lifeline status; send one anew once the clock is set",
      "zh-CN": "查看 lifeline status；校时后重新发送命令",
    },
  },
  "command.expired": {
    meaning: { en: "the command came too late", "zh-CN": "命令已过期" },
    remedy: "operator",
    advice: SIGN_ANEW,
  },
  "command.early": {
    meaning: { en: "the command was issued in the future", "zh-CN": "命令的签发时间在未来" },
    remedy: "operator",
    advice: {
      en: "set the clock of whoever signs, and that of the gateway",
      "zh-CN": "校准签名方和网关的时钟",
    },
  },
  "command.forgotten": {
    meaning: {
      en: "the command is older than what the gateway remembers of commands",
      "zh-CN": "命令早于网关所记住的命令记录",
    },
    remedy: "operator",
    advice: SIGN_ANEW,
  },
  "command.replay": {
    meaning: { en: "the command was given before", "zh-CN": "此命令已经收到过" },
    remedy: "skip",
    advice: {
      en: "its result was sent then; for another turn sign a new one",
      "zh-CN": "其结果当时已发送；如需再次执行，请重新签名",
    },
  },
  "command.order": {
    meaning: {
      en: "a command that was signed later has been taken already",
      "zh-CN": "已收到签名更晚的命令",
    },
    remedy: "operator",
    advice: {
      en: "sign it anew, with a higher counter",
      "zh-CN": "用更大的计数重新签名",
    },
  },
  "command.forbidden": {
    meaning: { en: "the key may not order this", "zh-CN": "该密钥无权下达此命令" },
    remedy: "operator",
    advice: {
      en: "use another key, or add to its may: in gateway.yaml",
      "zh-CN": "换用其他密钥，或在 gateway.yaml 中扩充其 may",
    },
  },
  "command.unsupported": {
    meaning: { en: "this release cannot do that", "zh-CN": "此版本不支持该操作" },
    remedy: "operator",
    advice: { en: "see lifeline command --help", "zh-CN": "参见 lifeline command --help" },
  },
  "config.unwritten": {
    meaning: {
      en: "the configuration cannot be written beside the one that there is",
      "zh-CN": "无法在现有配置旁写入新配置",
    },
    remedy: "operator",
    advice: {
      en: "let the gateway's user write into the folder of gateway.yaml",
      "zh-CN": "请允许网关用户写入 gateway.yaml 所在目录",
    },
  },
  "command.failed": {
    meaning: { en: "the command did not succeed", "zh-CN": "命令未成功" },
    remedy: "operator",
    advice: { en: "see the detail of the result", "zh-CN": "见结果中的详情" },
  },
  "command.busy": {
    meaning: {
      en: "too many commands or results wait",
      "zh-CN": "等待处理的命令或待发送的结果过多",
    },
    remedy: "retry",
    advice: {
      en: "fetch the results, then sign and send it anew",
      "zh-CN": "先收取结果，再重新签名发送",
    },
  },
  "command.not-stored": {
    meaning: {
      en: "the disk does not take that the command came, so it was not carried out",
      "zh-CN": "磁盘无法记录收到的命令，因此未执行",
    },
    remedy: "retry",
    advice: {
      en: "see lifeline status; mend the disk, then sign one anew",
      "zh-CN": "查看 lifeline status；修复磁盘后重新签名",
    },
  },
  "command.interrupted": {
    meaning: {
      en: "the gateway ended amid the command: whether it acted is not known",
      "zh-CN": "网关在执行命令时中断：是否已执行未知",
    },
    remedy: "operator",
    advice: {
      en: "look at what it was to change; if need be sign one anew",
      "zh-CN": "检查其要改变的对象；必要时重新签名",
    },
  },
} as const satisfies Record<string, ErrorEntry>;
