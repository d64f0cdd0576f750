import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What the help says of `identify`. */
export const IDENTIFY_HELP = {
  identify: {
    en: "Guess what the registers of an unknown device hold: reads them for some minutes, gently, and ranks type, order and scale by what a quantity of the field can do.",
    "zh-CN":
      "推测未知设备寄存器的内容：轻缓地读取数分钟，按现场物理量的规律对类型、字节序和比例排序。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence about guessing what a device is, in every language. */
export const IDENTIFY_TEXT = {
  operands: { en: "BUS UNIT", "zh-CN": "总线 站号" },
  usage: {
    en: "identify takes a bus and a unit, such as: lifeline identify line-a 3",
    "zh-CN": "identify 需要总线和站号，例如：lifeline identify line-a 3",
  },
  forOption: {
    en: "how long to look, 10s to 1h (default 3m)",
    "zh-CN": "观察时间，10s 至 1h（默认 3m）",
  },
  addressesOption: {
    en: "the first and the last PDU address to look at (default 0-127)",
    "zh-CN": "起止 PDU 地址（默认 0-127）",
  },
  profileOption: {
    en: "write the draft of a profile: FILE.yaml",
    "zh-CN": "写出配置模板草稿：文件名以 .yaml 结尾",
  },
  noTime: {
    en: "--for takes a time from 10s to 1h, not '{text}'",
    "zh-CN": "--for 需要 10s 至 1h 的时间，而非“{text}”",
  },
  noAddresses: {
    en: "--addresses takes two PDU addresses such as 0-127, at most 1024 of them, not '{text}'",
    "zh-CN": "--addresses 需要两个 PDU 地址，例如 0-127，最多 1024 个，而非“{text}”",
  },
  noProfile: {
    en: "--profile takes a file that ends in .yaml",
    "zh-CN": "--profile 的文件名须以 .yaml 结尾",
  },
  nobody: {
    en: "unit {unit} on {bus} does not answer: find it with lifeline scan {bus}",
    "zh-CN": "{bus} 上的站号 {unit} 无应答：请用 lifeline scan {bus} 查找",
  },
  nothing: {
    en: "unit {unit} on {bus} answers and has no registers from {from} to {to}: try other --addresses",
    "zh-CN": "{bus} 上的站号 {unit} 有应答，但 {from} 至 {to} 没有寄存器：请换用其他 --addresses",
  },
  progress: { en: "{percent} %, {left} left", "zh-CN": "{percent} %，剩余 {left}" },
  about: {
    en: "{bus}/{unit}: {registers} registers, looked at {rounds} times; all of this is a guess",
    "zh-CN": "{bus}/{unit}：{registers} 个寄存器，观察 {rounds} 次；以下均为推测",
  },
  few: {
    en: "too few looks to tell much: give it more time with --for",
    "zh-CN": "观察次数太少，难以判断：请用 --for 延长时间",
  },
  place: { en: "PLACE", "zh-CN": "位置" },
  number: { en: "NUMBER", "zh-CN": "编号" },
  type: { en: "TYPE", "zh-CN": "类型" },
  sure: { en: "SURE", "zh-CN": "把握" },
  value: { en: "VALUE", "zh-CN": "数值" },
  meaning: { en: "PERHAPS", "zh-CN": "可能" },
  empty: {
    en: "{count} places always held 0 and are left out",
    "zh-CN": "{count} 处始终为 0，未列出",
  },
  or: { en: "or {type}: {value}", "zh-CN": "或 {type}：{value}" },
  text: { en: "a text", "zh-CN": "文本" },
  constant: { en: "stands still", "zh-CN": "固定不变" },
  code: { en: "stands still, such as a state", "zh-CN": "固定不变，例如状态" },
  counter: { en: "only rises: a count", "zh-CN": "只增不减：计数" },
  unknown: { en: "moves by {step} %", "zh-CN": "每次变化 {step} %" },
  scaled: {
    en: "{quantity}: {value} {unit} (scale {scale})",
    "zh-CN": "{quantity}：{value} {unit}（比例 {scale}）",
  },
  "mains-frequency": { en: "mains frequency", "zh-CN": "电网频率" },
  "mains-voltage": { en: "mains voltage", "zh-CN": "电网电压" },
  "air-pressure": { en: "air pressure", "zh-CN": "大气压" },
  temperature: { en: "temperature", "zh-CN": "温度" },
  share: { en: "a share", "zh-CN": "百分比" },
  loop: { en: "current loop", "zh-CN": "电流环" },
  written: {
    en: "draft: {file}; compare it with the manual, then put it into profiles/ beside the configuration",
    "zh-CN": "草稿：{file}；请对照说明书核实，再放入配置旁的 profiles/",
  },
} as const satisfies Record<string, Text>;

export type IdentifyTextKey = keyof typeof IDENTIFY_TEXT;

/** The sentence of `IDENTIFY_TEXT` under a key. */
export const sayIdentify = speaker<IdentifyTextKey>(IDENTIFY_TEXT);
