import type { BoardFault } from "../core/board.ts";
import type { Text } from "../core/errors.ts";

type Texts = Readonly<Record<string, Text>> & Readonly<Record<`gap-${BoardFault}`, Text>>;

/** Every sentence about boards with Firmata firmware, in every language. */
export const BOARD_TEXT = {
  boardRuns: {
    en: "{bus} runs {firmware}",
    "zh-CN": "{bus} 运行 {firmware}",
  },
  boardGaps: {
    en: "pins or lines have no value: {at}",
    "zh-CN": "部分引脚或 GPIO 线没有数值：{at}",
  },
  boardGapsTodo: {
    en: "check the chip's wires, power and address, or the number of the pin or line",
    "zh-CN": "检查芯片的接线、供电和地址，或引脚、GPIO 线的编号",
  },
  "gap-no-answer": { en: "nothing answers there", "zh-CN": "该处无应答" },
  "gap-other-chip": { en: "another chip answers there", "zh-CN": "该地址上是另一种芯片" },
  "gap-not-measuring": {
    en: "the chip does not measure; it may have been without power",
    "zh-CN": "芯片没有在测量，可能曾经断电",
  },
  "gap-no-such-pin": {
    en: "there is no such pin or line, or it cannot be used so",
    "zh-CN": "没有该引脚或 GPIO 线，或不能这样使用",
  },
  "gap-line-busy": {
    en: "another program or driver holds the line; see: gpioinfo",
    "zh-CN": "该 GPIO 线被其他程序或驱动占用；请查看：gpioinfo",
  },
  "gap-out-of-range": {
    en: "beyond what can be measured there",
    "zh-CN": "超出可测量的范围",
  },
} as const satisfies Texts;
