import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** What the help says of `node`, in every language. */
export const NODE_HELP = {
  node: {
    en: "Put the firmware of a Lifeline sensor node into an Arduino Uno or Nano (flash PORT).",
    "zh-CN": "把 Lifeline 传感器节点固件写入 Arduino Uno 或 Nano（flash PORT）。",
  },
} as const satisfies Record<string, Text>;

/** What `node` says, in every language. `{name}` stands for a parameter. */
export const NODE_TEXT = {
  usage: {
    en: "node takes flash and a port, as in: lifeline node flash /dev/ttyUSB0",
    "zh-CN": "node 的用法为 flash 加端口，例如：lifeline node flash /dev/ttyUSB0",
  },
  looking: {
    en: "looking for a bootloader at {port}, at {baud} baud; Ctrl-C ends",
    "zh-CN": "正在 {port} 上以 {baud} 波特率查找引导程序；按 Ctrl-C 结束",
  },
  pressReset: {
    en: "none yet: press the reset button of the board",
    "zh-CN": "尚无应答：请按一下板上的复位按钮",
  },
  writing: {
    en: "writing and reading back: {done} of {total}",
    "zh-CN": "正在写入并回读：{done}/{total}",
  },
  done: {
    en: "firmware {version} is in the node at {port}: {bytes} bytes, read back and found right",
    "zh-CN": "固件 {version} 已写入 {port} 上的节点：{bytes} 字节，回读一致",
  },
  doneNext: {
    en: "wire its transceiver, then: lifeline scan (as delivered: unit 1, 9600 8N1)",
    "zh-CN": "接好收发器后运行：lifeline scan（出厂：单元号 1，9600 8N1）",
  },
  oldBootloader: {
    en: "its bootloader is an old one: after a watchdog reset the node hangs until power is cut; burn Optiboot into it before it goes into the field",
    "zh-CN": "其引导程序较旧：看门狗复位后节点会停住，直到断电；投入现场前请烧录 Optiboot",
  },
  "port-taken": {
    en: "{port} is in use by another program",
    "zh-CN": "{port} 正被其他程序占用",
  },
  "port-takenTodo": {
    en: "stop the gateway, or whatever has it open, and try again",
    "zh-CN": "请停止网关或占用它的程序，然后重试",
  },
  "no-bootloader": {
    en: "no bootloader answers at {port}; nothing was written",
    "zh-CN": "{port} 上没有引导程序应答；未写入任何内容",
  },
  "no-bootloaderTodo": {
    en: "is it the board's own USB port? take the transceiver's RO off D0, press reset while this looks; a bare chip needs the Arduino bootloader first",
    "zh-CN":
      "请确认是板上自带的 USB 口；断开收发器 RO 与 D0 的连接，查找期间按复位按钮；空白芯片需先烧录 Arduino 引导程序",
  },
  "wrong-chip": {
    en: "the chip has the signature {signature}, not 1E 95 0F of an ATmega328P; nothing was written",
    "zh-CN": "芯片签名为 {signature}，不是 ATmega328P 的 1E 95 0F；未写入任何内容",
  },
  "wrong-chipTodo": {
    en: "use an Arduino Uno R3, or a Nano with an ATmega328P",
    "zh-CN": "请使用 Arduino Uno R3 或采用 ATmega328P 的 Nano",
  },
  "not-verified": {
    en: "what was read back at {address} is not what was written",
    "zh-CN": "地址 {address} 处回读内容与写入不一致",
  },
  ended: { en: "ended before it was done", "zh-CN": "未完成即被结束" },
  silent: { en: "the bootloader does not answer any more", "zh-CN": "引导程序不再应答" },
  "link-closed": { en: "the port {port} is gone", "zh-CN": "端口 {port} 已断开" },
  changed: {
    en: "the node has no firmware now and keeps still on its line; to write it: lifeline node flash {port}",
    "zh-CN": "节点现在没有固件，在线路上保持静默；重新写入请运行：lifeline node flash {port}",
  },
  unchanged: {
    en: "nothing was written: the node is as it was",
    "zh-CN": "未写入任何内容：节点保持原状",
  },
} as const satisfies Record<string, Text>;

/** The name of a sentence. */
export type NodeTextKey = keyof typeof NODE_TEXT;

/** The sentence `key` in `lang` with its parameters filled in. */
export const sayNode: Say<NodeTextKey> = speaker(NODE_TEXT);
