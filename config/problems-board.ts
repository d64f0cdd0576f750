import type { Text } from "../edge/core/errors.ts";
import type { REFUSED_CHIPS } from "./board-schema.ts";
import { entry } from "./problem-entry.ts";

type RefusedChip = (typeof REFUSED_CHIPS)[number];

const WITHOUT_CHECK: Text = {
  en: "its answers carry a check sum, which johnny-five does not look at",
  "zh-CN": "其应答带有校验码，而 johnny-five 不作检查",
};

/** Why johnny-five 2.1.0 is not to be trusted with a chip. */
const WHY: Readonly<Record<RefusedChip, Text>> = {
  bmp180: {
    en: "johnny-five reads it without a pause, which leaves the board's wires to nothing else",
    "zh-CN": "johnny-five 会不间断地读取它，占满开发板的总线",
  },
  mpl3115a2: {
    en: "johnny-five reads its temperature without the sign, so that -1 °C becomes 255 °C",
    "zh-CN": "johnny-five 读取其温度时忽略符号，-1 °C 会变成 255 °C",
  },
  ms5611: {
    en: "johnny-five has it measure by a command that its data sheet does not know",
    "zh-CN": "johnny-five 用其数据手册中不存在的命令让它测量",
  },
  sht31d: WITHOUT_CHECK,
  htu21d: WITHOUT_CHECK,
  si7020: WITHOUT_CHECK,
  hx711: {
    en: "it does not speak I2C, and neither Firmata nor johnny-five knows it; an ads1115 reads a bridge",
    "zh-CN": "它不使用 I2C，Firmata 和 johnny-five 都不支持；电桥请用 ads1115 读取",
  },
};

/** What is wrong with what is read by a board. */
export const BOARD_PROBLEMS = {
  "board-place": entry("error", ({ count }: { readonly count: number }) => ({
    en: `${count === 0 ? "the point says neither pin nor chip" : "the point says both pin and chip"}. Write exactly one of them.`,
    "zh-CN": `${count === 0 ? "pin 与 chip 一个也没写" : "pin 与 chip 都写了"}。必须且只能写一个。`,
  })),
  "told-type": entry("error", ({ type }: { readonly type: string }) => ({
    en: `programs tell numbers, or true and false, not ${type}. Allowed: float64, bool.`,
    "zh-CN": `程序只能上报数值或真假值，不能是 ${type}。允许：float64、bool。`,
  })),
  "chip-refused": entry("error", ({ chip }: { readonly chip: RefusedChip }) => ({
    en: `a ${chip} cannot be read safely: ${WHY[chip].en}. Allowed: bmp280, bme280, ads1115.`,
    "zh-CN": `无法安全读取 ${chip}：${WHY[chip]["zh-CN"]}。允许：bmp280、bme280、ads1115。`,
  })),
  "chip-quantity": entry(
    "error",
    (of: {
      readonly chip: string;
      readonly quantity: string;
      readonly allowed: readonly string[];
    }) => ({
      en: `a ${of.chip} does not measure ${of.quantity}. Allowed: ${of.allowed.join(", ")}.`,
      "zh-CN": `${of.chip} 不测量 ${of.quantity}。允许：${of.allowed.join("、")}。`,
    }),
  ),
  "board-conflict": entry(
    "error",
    ({ point, what }: { readonly point: string; readonly what: keyof typeof CONFLICTS }) =>
      CONFLICTS[what](point),
  ),
  "board-too-fast": entry("error", (pace: { readonly every: string; readonly least: string }) => ({
    en: `${pace.every} is faster than this is read. Use ${pace.least} or longer.`,
    "zh-CN": `${pace.every} 超过了读取它的速度。请用 ${pace.least} 或更长。`,
  })),
};

/** What two points of one board cannot both be, and with which point. */
const CONFLICTS = {
  chip: (point: string): Text => ({
    en: `point '${point}' has another chip at this address. One address is one chip.`,
    "zh-CN": `测点“${point}”在该地址上写了另一种芯片。一个地址只能有一个芯片。`,
  }),
  pullUp: (point: string): Text => ({
    en: `point '${point}' reads this pin with another pullUp. A pin is pulled up or it is not.`,
    "zh-CN": `测点“${point}”读取同一引脚但 pullUp 不同。一个引脚只能有一种设置。`,
  }),
  line: (point: string): Text => ({
    en: `point '${point}' is this line already. A line is one point: alarms, interlocks and destinations may all use it.`,
    "zh-CN": `测点“${point}”已使用该线。一条线只对应一个测点，可供多个报警、联锁和目标平台使用。`,
  }),
  pin: (point: string): Text => ({
    en: `point '${point}' has this pin too, and one of the two drives it (write: true). A pin that is driven is one point.`,
    "zh-CN": `测点“${point}”也使用该引脚，且其中之一驱动它（write: true）。被驱动的引脚只能对应一个测点。`,
  }),
};
