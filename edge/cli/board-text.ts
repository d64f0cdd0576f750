import type { BoardFault } from "../core/board.ts";
import type { Text } from "../core/errors.ts";

type Texts = Readonly<Record<string, Text>> & Readonly<Record<`gap-${BoardFault}`, Text>>;

/** Every sentence about boards with Firmata firmware, in every language. */
export const BOARD_TEXT = {
  boardRuns: {
    en: "the board on {bus} runs {firmware}",
    "zh-CN": "{bus} 上的开发板运行 {firmware}",
  },
  boardGaps: {
    en: "inputs of boards have no value: {at}",
    "zh-CN": "开发板的部分输入没有数值：{at}",
  },
  boardGapsTodo: {
    en: "check the chip's wires, power and address, or the number of the pin",
    "zh-CN": "检查芯片的接线、供电和地址，或引脚编号",
  },
  "gap-no-answer": { en: "nothing answers there on I2C", "zh-CN": "该 I2C 地址无应答" },
  "gap-other-chip": { en: "another chip answers there", "zh-CN": "该地址上是另一种芯片" },
  "gap-not-measuring": {
    en: "the chip does not measure; it may have been without power",
    "zh-CN": "芯片没有在测量，可能曾经断电",
  },
  "gap-no-such-pin": {
    en: "the board has no such pin, or cannot use it so",
    "zh-CN": "开发板没有该引脚，或不能这样使用",
  },
  "gap-out-of-range": {
    en: "beyond what can be measured there",
    "zh-CN": "超出可测量的范围",
  },
} as const satisfies Texts;
