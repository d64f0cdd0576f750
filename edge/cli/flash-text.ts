import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What the help says of `flash`. */
export const FLASH_HELP = {
  flash: {
    en: "Writes an image to a card and reads it back, with a gateway's own files on it; alone, lists the cards. With --images, makes an image file of each gateway of a batch.",
    "zh-CN":
      "将镜像写入存储卡并回读校验，同时写入网关专属文件；不带参数时列出存储卡。--images 为批次中每台网关生成镜像文件。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence of `lifeline flash`, in every language. */
export const FLASH_TEXT = {
  usage: {
    en: "flash takes nothing; IMAGE CARD; or IMAGE --batch DIR|SITES.csv with CARD or --images DIR",
    "zh-CN":
      "flash 可不带参数；或 镜像 存储卡；或 镜像 --batch 文件夹|站点.csv，并带 存储卡 或 --images 文件夹",
  },
  gatewayOption: {
    en: "folder of lifeline provision batch that makes the card a gateway's",
    "zh-CN": "lifeline provision batch 生成的网关文件夹",
  },
  batchOption: {
    en: "folder of lifeline provision batch, or its table of sites: a card for each gateway, one after the other, in the order of the labels",
    "zh-CN": "lifeline provision batch 的输出文件夹或其站点表：按标签顺序逐台写卡",
  },
  imagesOption: {
    en: "folder for image files, one for each gateway of the batch",
    "zh-CN": "存放各网关镜像文件的文件夹",
  },
  templateOption: {
    en: "for a table: makes its folder first, as lifeline provision batch does with this gateway.yaml",
    "zh-CN": "用于站点表：先用此 gateway.yaml 生成批次文件夹，同 lifeline provision batch",
  },
  commonOption: {
    en: "for a table: folder with what every card gets, such as ca.pem",
    "zh-CN": "用于站点表：每张卡都带的文件所在文件夹，如 ca.pem",
  },
  outOption: {
    en: "for a table: folder of the batch (default: the table's name without .csv)",
    "zh-CN": "用于站点表：批次文件夹（默认为站点表去掉 .csv 的名称）",
  },
  forceOption: {
    en: "writes cards anew that are written already",
    "zh-CN": "重新写入已完成的卡",
  },
  fixedOption: {
    en: "name the disk a second time, where it is one that cannot be taken out",
    "zh-CN": "目标为不可移动磁盘时，须在此再次写出其名称",
  },
  noCards: { en: "there is no card or stick here", "zh-CN": "未发现存储卡或 U 盘" },
  card: { en: "{path}  {size} GB  {model}{why}", "zh-CN": "{path}  {size} GB  {model}{why}" },
  system: { en: "the running system is on it", "zh-CN": "正在运行的系统位于其上" },
  mounted: { en: "it is mounted at {where}", "zh-CN": "已挂载于 {where}" },
  "read-only": { en: "it is write-protected", "zh-CN": "处于写保护状态" },
  fixed: {
    en: "it cannot be taken out; name it once more with --fixed {path}",
    "zh-CN": "为不可移动磁盘；确需写入请加 --fixed {path}",
  },
  small: { en: "it is too small", "zh-CN": "容量不足" },
  noDisk: { en: "{path} is no whole disk that is there", "zh-CN": "{path} 不是现有的整块磁盘" },
  ask: {
    en: "Overwrite all of {path} ({size} GB {model})? [y/N] ",
    "zh-CN": "覆盖整个 {path}（{size} GB {model}）？[y/N] ",
  },
  askOdd: {
    en: "{path} holds {size} GB {model}, the card before held {than} GB. Overwrite all of it? [y/N] ",
    "zh-CN": "{path} 容量为 {size} GB {model}，上一张卡为 {than} GB。仍覆盖整个磁盘？[y/N] ",
  },
  next: {
    en: "{n} of {all}: card for {gateway} into {path}, then Enter (s skips, q ends): ",
    "zh-CN": "{n}/{all}：请将 {gateway} 的卡插入 {path} 后按回车（s 跳过，q 结束）：",
  },
  sameCard: {
    en: "the card in {path} is that of {gateway}, of this batch: take it out, and put the next one in (--force writes it anew)",
    "zh-CN": "{path} 中是本批次 {gateway} 的卡：请取出并插入下一张（--force 可重写）",
  },
  already: {
    en: "{count} of {all} cards are written already, says {file}",
    "zh-CN": "{file} 表明 {all} 张卡中已写好 {count} 张",
  },
  batchDone: {
    en: "all {all} cards of the batch are written",
    "zh-CN": "批次的 {all} 张卡已全部写好",
  },
  batchLeft: {
    en: "{count} of {all} cards are written; left: {left}. The same command goes on with them",
    "zh-CN": "{all} 张卡中已写好 {count} 张；剩余：{left}。重新执行同一命令可继续",
  },
  notMade: {
    en: "{dir} holds nothing for {gateway}: add --template, which makes it",
    "zh-CN": "{dir} 中没有 {gateway} 的文件：请加 --template 生成",
  },
  noGateway: {
    en: "there is no folder {dir}: --gateway takes one that lifeline provision batch made",
    "zh-CN": "没有文件夹 {dir}：--gateway 应为 lifeline provision batch 生成的网关文件夹",
  },
  isBatch: {
    en: "{dir} is a whole batch: --batch {dir}, or one of it, such as --gateway {inner}",
    "zh-CN": "{dir} 是整个批次：请用 --batch {dir}，或其中一台，如 --gateway {inner}",
  },
  unmade: {
    en: "{dir} holds no personal.json: lifeline provision batch makes a gateway's folder",
    "zh-CN": "{dir} 中没有 personal.json：网关文件夹由 lifeline provision batch 生成",
  },
  hardwareUnsaid: {
    en: "{image} does not say which boards it is for; {gateway} is a {hardware}: see that they fit",
    "zh-CN": "{image} 未说明适用的硬件类别；{gateway} 为 {hardware}：请确认两者相符",
  },
  notAgreed: { en: "nothing was written", "zh-CN": "未写入任何内容" },
  writing: { en: "writing: {mib} MiB, {speed} MB/s", "zh-CN": "写入：{mib} MiB，{speed} MB/s" },
  verifying: { en: "reading back: {mib} MiB", "zh-CN": "回读校验：{mib} MiB" },
  done: {
    en: "{path}: {mib} MiB written and read back in {s} s{kept}",
    "zh-CN": "{path}：{mib} MiB 已写入并校验，用时 {s} 秒{kept}",
  },
  forGateway: { en: "{path} is the card of {gateway}", "zh-CN": "{path} 为 {gateway} 的存储卡" },
  kept: { en: ", {mib} MiB were there already", "zh-CN": "，其中 {mib} MiB 已存在" },
  left: {
    en: "{path} was left half written and does not start; the same command goes on with it",
    "zh-CN": "{path} 写入中断，无法启动；重新执行同一命令可继续",
  },
  cached: {
    en: "read back through the cache: take the card out and in to be sure",
    "zh-CN": "校验经过系统缓存；如需确认请重新插拔后再校验",
  },
  noFolder: { en: "{dir} holds no gateway's files: {why}", "zh-CN": "{dir} 中没有网关文件：{why}" },
  inUse: { en: "{path} is being written by process {pid}", "zh-CN": "{path} 正由进程 {pid} 写入" },
} as const satisfies Readonly<Record<string, Text>>;

/** The key of a sentence of `lifeline flash`. */
export type FlashTextKey = keyof typeof FLASH_TEXT;

/** The sentence of `FLASH_TEXT` under a key. */
export const sayFlash = speaker<FlashTextKey>(FLASH_TEXT);
