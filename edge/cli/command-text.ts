import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What the help says of `command`. */
export const COMMAND_HELP = {
  command: {
    en: "Hand a signed command to the running gateway, as from a USB stick. At the centre: keygen NAME makes a pair of keys, sign KEY GATEWAY ORDER signs a command.",
    "zh-CN":
      "把已签名的命令交给运行中的网关（例如来自 U 盘）。在中心侧：keygen 名称 生成一对密钥，sign 私钥 网关 命令 签署命令。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence about signed commands, in every language. `{name}` stands for a parameter. */
export const COMMAND_TEXT = {
  operands: {
    en: "FILE | keygen NAME | sign KEY GATEWAY ORDER",
    "zh-CN": "文件 | keygen 名称 | sign 私钥 网关 命令",
  },
  usage: {
    en: "command takes a FILE with a signed command; keygen with a NAME; or sign with the FILE of a private key, the id of a gateway, and an ORDER as JSON or --yaml FILE",
    "zh-CN":
      "command 需要含已签名命令的文件；或 keygen 加名称；或 sign 加私钥文件、网关标识，以及 JSON 格式的命令或 --yaml 文件",
  },
  forOption: {
    en: "how long the signed command is good, at most 24h (default: 10m)",
    "zh-CN": "签署的命令有效多久，最长 24h（默认 10m）",
  },
  outOption: { en: "write the signed command to this file", "zh-CN": "把签署的命令写入此文件" },
  yamlOption: {
    en: "the gateway.yaml that an order configure brings",
    "zh-CN": "configure 命令所带的 gateway.yaml",
  },
  unreadable: { en: "{file} cannot be read: {why}", "zh-CN": "无法读取 {file}：{why}" },
  unwritten: { en: "nothing was written: {why}", "zh-CN": "未写入任何内容：{why}" },
  badName: {
    en: "{name} is no name for a key: it becomes that of two files here",
    "zh-CN": "{name} 不能作为密钥名称：它将成为当前目录下两个文件的名称",
  },
  made: {
    en: "The private half is in {secret}: keep it at the centre, and never put it on a gateway.\nThe public half is in {open}. In gateway.yaml, with the rights that it is to have:\n\ncommands:\n  keys:\n    {name}: { key: {key}, may: [read] }",
    "zh-CN":
      "私钥在 {secret}：请保存在中心，切勿放到网关上。\n公钥在 {open}。在 gateway.yaml 中按所需权限填写：\n\ncommands:\n  keys:\n    {name}: { key: {key}, may: [read] }",
  },
  badLife: {
    en: "say how long it is good: --for TIME such as 10m, at most 24h",
    "zh-CN": "请说明有效期：--for 时长，例如 10m，最长 24h",
  },
  noPrivateKey: {
    en: "{file} holds no private Ed25519 key in PEM; make one: lifeline command keygen NAME",
    "zh-CN": "{file} 不是 PEM 格式的 Ed25519 私钥；请用 lifeline command keygen 名称 生成",
  },
  badOrder: { en: "this is no order: {why}", "zh-CN": "不是有效的命令：{why}" },
  answered: { en: "the command: {outcome}", "zh-CN": "命令：{outcome}" },
  logged: {
    en: "command {order} of {name}: {outcome}",
    "zh-CN": "{name} 的命令 {order}：{outcome}",
  },
  loggedUnknown: {
    en: "a command was refused ({times} times): {meaning}",
    "zh-CN": "拒绝了命令（{times} 次）：{meaning}",
  },
  done: { en: "done", "zh-CN": "已完成" },
  accepted: { en: "accepted", "zh-CN": "已接受" },
  refused: { en: "refused", "zh-CN": "已拒绝" },
  failed: { en: "FAILED", "zh-CN": "失败" },
  unknown: { en: "it is NOT KNOWN whether it acted", "zh-CN": "是否已执行未知" },
} as const satisfies Record<string, Text>;

/** A sentence about signed commands. */
export type CommandTextKey = keyof typeof COMMAND_TEXT;

/** The sentence of `COMMAND_TEXT` under a key. */
export const sayCommand = speaker<CommandTextKey>(COMMAND_TEXT);
