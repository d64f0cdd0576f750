import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What the help says of `release`. */
export const RELEASE_HELP = {
  release: {
    en: "Signs and publishes releases: keys, drafts that several people sign, a folder that any web server or stick can carry. The page ota/repository/CEREMONY.md has the whole way.",
    "zh-CN":
      "签名并发布版本：密钥、多人签名的草案，以及可由任意网页服务器或 U 盘承载的仓库文件夹。完整流程见 ota/repository/CEREMONY.md。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence of `lifeline release`, in every language. */
export const RELEASE_TEXT = {
  operands: {
    en: "key NAME | root | delegate HARDWARE/CHANNEL | renew HARDWARE/CHANNEL | add BUILD | drafts | sign DRAFT… | publish | timestamp | verify [TREE] | stick DIR",
    "zh-CN":
      "key 名称 | root | delegate 硬件/通道 | renew 硬件/通道 | add 构建目录 | drafts | sign 草案… | publish | timestamp | verify [仓库] | stick 目录",
  },
  usage: {
    en: "release takes key NAME, root, delegate HARDWARE/CHANNEL, renew HARDWARE/CHANNEL, add BUILD, drafts, sign DRAFT…, publish, timestamp, verify [TREE] or stick DIR",
    "zh-CN":
      "release 可带 key 名称、root、delegate 硬件/通道、renew 硬件/通道、add 构建目录、drafts、sign 草案…、publish、timestamp、verify [仓库] 或 stick 目录",
  },
  dirOption: {
    en: "the folder with repository/ and drafts/; default: the working directory",
    "zh-CN": "含 repository/ 与 drafts/ 的文件夹；默认为当前目录",
  },
  keyOption: {
    en: "key files to sign with, or to delegate to, separated by commas",
    "zh-CN": "用于签名或授权的密钥文件，以逗号分隔",
  },
  passphraseOption: {
    en: "a file whose first line is the passphrase, where nobody is there to type it",
    "zh-CN": "首行为口令的文件，用于无人输入时",
  },
  rootOption: {
    en: "public keys of the role root, by commas; two of them have to sign",
    "zh-CN": "root 角色的公钥，以逗号分隔；须两人签名",
  },
  targetsOption: {
    en: "public keys of the role targets, by commas; two of them have to sign",
    "zh-CN": "targets 角色的公钥，以逗号分隔；须两人签名",
  },
  onlineOption: {
    en: "public keys of the server's snapshot and timestamp, by commas",
    "zh-CN": "服务器 snapshot 与 timestamp 的公钥，以逗号分隔",
  },
  thresholdOption: {
    en: "how many of the keys have to sign; default: 2, or all where there are fewer",
    "zh-CN": "须签名的密钥数；默认为 2，不足时为全部",
  },
  fromOption: {
    en: "published releases to make deltas from, separated by commas",
    "zh-CN": "用于生成增量的已发布版本，以逗号分隔",
  },
  anchorOption: {
    en: "the root.json that gateways came with; default: metadata/1.root.json of the tree",
    "zh-CN": "网关出厂自带的 root.json；默认为仓库的 metadata/1.root.json",
  },
  askNew: { en: "A passphrase for {name}: ", "zh-CN": "为 {name} 设置口令：" },
  askAgain: { en: "The same once more: ", "zh-CN": "请再次输入：" },
  askOpen: { en: "The passphrase of {file}: ", "zh-CN": "{file} 的口令：" },
  differ: { en: "the two are not the same", "zh-CN": "两次输入不一致" },
  needsPassphrase: {
    en: "nobody is there to ask for a passphrase: add --passphrase-file",
    "zh-CN": "无法询问口令：请加 --passphrase-file",
  },
  badName: {
    en: "{name} cannot be the name of a key: letters, digits, dots and dashes",
    "zh-CN": "{name} 不能作为密钥名：仅限字母、数字、点与短横线",
  },
  isThere: {
    en: "{file} is there already: no key is ever replaced; choose another name",
    "zh-CN": "{file} 已存在：密钥不会被覆盖，请换一个名称",
  },
  busy: {
    en: "another command changes this repository or its drafts at this moment: type it again",
    "zh-CN": "另一命令正在更改此仓库或其草案：请稍后重试",
  },
  badLine: {
    en: "name hardware and channel, such as rpi-arm64/stable: letters, digits, dots and dashes",
    "zh-CN": "请写明硬件与通道，如 rpi-arm64/stable：仅限字母、数字、点与短横线",
  },
  made: {
    en: "{secret} is the sealed key; keep it and its passphrase apart, and off line\n{open} is the public part, to hand to the others",
    "zh-CN": "{secret} 为加密的私钥；请与口令分开离线保管\n{open} 为公钥部分，交给其他人",
  },
  needsKey: { en: "name the key with --key", "zh-CN": "请用 --key 指定密钥" },
  noDrafts: { en: "nothing waits for signatures", "zh-CN": "没有等待签名的草案" },
  draft: {
    en: "{file}: version {version} of {role}, good until {expires}, signed by {count}",
    "zh-CN": "{file}：{role} 第 {version} 版，有效期至 {expires}，已签名 {count}",
  },
  compare: {
    en: "  compare before you sign: {fingerprint}",
    "zh-CN": "  签名前请核对：{fingerprint}",
  },
  release: {
    en: "{version} (counter {counter}) is drafted, with {count} deltas",
    "zh-CN": "已起草 {version}（计数 {counter}），含 {count} 个增量",
  },
  published: { en: "published: {versions}", "zh-CN": "已发布：{versions}" },
  verified: {
    en: "{count} targets are whole and signed; current until {until}",
    "zh-CN": "{count} 个目标完整且已签名；有效期至 {until}",
  },
  stick: { en: "{dir} carries the repository, read back whole", "zh-CN": "{dir} 已存入仓库并校验" },
} as const satisfies Readonly<Record<string, Text>>;

/** The key of a sentence of `lifeline release`. */
export type ReleaseTextKey = keyof typeof RELEASE_TEXT;

/** The sentence of `RELEASE_TEXT` under a key. */
export const sayRelease = speaker<ReleaseTextKey>(RELEASE_TEXT);
