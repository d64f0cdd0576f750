import { entry, knownText } from "./problem-entry.ts";

/** What is wrong with how a point's number is to become a measurement. */
export const MEASURE_PROBLEMS = {
  "measure-without-number": entry("error", ({ key }: { readonly key: string }) => ({
    en: `${key} is for numbers; this point holds text or a single bit. Remove it.`,
    "zh-CN": `${key} 只用于数值；该测点是文本或单个位。请删除。`,
  })),
  "measure-written": entry("error", ({ key }: { readonly key: string }) => ({
    en: `a point with ${key} cannot be written, because the way back from the measurement to the register is not known. Remove write, or write through a second point at the same address.`,
    "zh-CN": `带有 ${key} 的测点不能写入，因为无法由测量值反推寄存器的值。请删除 write，或另设一个相同地址的测点用于写入。`,
  })),
  "loop-without-span": entry("error", () => ({
    en: "4 mA and 20 mA would stand for the same value. Write the range of the transmitter in low and high.",
    "zh-CN": "4 mA 与 20 mA 表示同一个值。请在 low 和 high 中填写变送器的量程。",
  })),
  "thermal-incomplete": entry("error", () => ({
    en: "temperature, zeroTemperature and thermalFactor belong together. Write all three, or none.",
    "zh-CN": "temperature、zeroTemperature 和 thermalFactor 必须同时填写，或都不填写。",
  })),
  "gas-needs": entry("error", ({ key }: { readonly key: "lel" | "molarMass" }) => ({
    en:
      key === "lel"
        ? "from or to %[LEL] needs lel, the lower explosive limit of the gas in %{vol}."
        : "from or to mg/m3 needs molarMass, in g/mol.",
    "zh-CN":
      key === "lel"
        ? "换算 %[LEL] 需要 lel，即该气体的爆炸下限（%{vol}）。"
        : "换算 mg/m3 需要 molarMass（g/mol）。",
  })),
  "physics-unit": entry(
    "error",
    ({ unit, law }: { readonly unit: string; readonly law: string }) => ({
      en: `the law gives ${law}, and unit says ${unit}: every value and every alarm would be in the wrong unit. Write unit: "${law}".`,
      "zh-CN": `该换算的结果单位是 ${law}，而 unit 为 ${unit}：所有数值和报警都会使用错误的单位。请填写 unit: "${law}"。`,
    }),
  ),
  "calibration-falls": entry("error", () => ({
    en: "what was true does not rise from each pair to the next, as what was indicated does: the measurement would stand still or fall while the gas or the level rises. Each pair is [indicated, true].",
    "zh-CN":
      "真值没有随示值逐对递增：气体或液位上升时，测量值会不变甚至下降。每对为 [示值, 真值]。",
  })),
  "calibration-undated": entry("error", () => ({
    en: "pairs and due belong to a day: write in on when that was found, such as on: 2026-05-01.",
    "zh-CN": "pairs 和 due 需要对应的日期：请在 on 中填写标定日期，例如 on: 2026-05-01。",
  })),
  "due-before-made": entry(
    "error",
    ({ on, due }: { readonly on: string; readonly due: string }) => ({
      en: `due ${due} is before the day it was made (${on}).`,
      "zh-CN": `到期日 ${due} 早于标定日 ${on}。`,
    }),
  ),
  "status-means-nothing": entry("error", () => ({
    en: "status needs values or bits that say what the other point's value means.",
    "zh-CN": "status 需要用 values 或 bits 写明另一测点的值表示什么。",
  })),
  "bad-formula": entry("error", ({ fault }: { readonly fault: string }) => ({
    en: `this is no formula: ${fault}.`,
    "zh-CN": `这不是公式：${fault}。`,
  })),
  "formula-word": entry(
    "error",
    ({ name, known }: { readonly name: string; readonly known: readonly string[] }) => ({
      en: `the formula has '${name}', which is neither an input of it nor a function. ${knownText(known).en}`,
      "zh-CN": `公式中的“${name}”既不是输入，也不是函数。${knownText(known)["zh-CN"]}`,
    }),
  ),
  "formula-arguments": entry(
    "error",
    (call: { readonly name: string; readonly least: number; readonly most: number }) => ({
      en: `${call.name} takes ${call.least === call.most ? call.least : `${call.least} to ${call.most}`} arguments.`,
      "zh-CN": `${call.name} 的参数个数应为 ${call.least === call.most ? call.least : `${call.least} 至 ${call.most}`}。`,
    }),
  ),
  "more-than-sources": entry(
    "error",
    ({ key, count }: { readonly key: "least" | "need"; readonly count: number }) => ({
      en: `${key} is more than there are points here: ${count}.`,
      "zh-CN": `${key} 大于此处的测点个数：${count}。`,
    }),
  ),
  "same-source": entry("error", ({ point }: { readonly point: string }) => ({
    en: `point '${point}' is here twice, and would count once: fewer points would decide than are written. Name each point once.`,
    "zh-CN": `测点“${point}”重复出现，但只会计一次：参与判断的测点少于所填写的个数。每个测点只填写一次。`,
  })),
  "window-too-short": entry(
    "error",
    (window: { readonly point: string; readonly every: string; readonly over: string }) => ({
      en: `point '${window.point}' tells a value every ${window.every}, so that over ${window.over} there are never two. Make over at least twice as long as that, or read the point faster.`,
      "zh-CN": `测点“${window.point}”每 ${window.every} 才有一个值，${window.over} 内不会有两个值。请将 over 设为该周期的至少两倍，或加快读取。`,
    }),
  ),
  "derived-circle": entry("error", () => ({
    en: "the point needs itself, or others that need it or do so among themselves. Points can be derived only from points that do not depend on them.",
    "zh-CN": "该测点依赖自身，或与其他测点循环依赖。测点只能由不依赖于它的测点推导。",
  })),
  "needs-number": entry("error", ({ point }: { readonly point: string }) => ({
    en: `point '${point}' holds no number.`,
    "zh-CN": `测点“${point}”不是数值。`,
  })),
  "needs-itself": entry("error", () => ({
    en: "a point cannot need itself. Name another one.",
    "zh-CN": "测点不能引用自身。请填写另一个测点。",
  })),
  "lag-unguarded": entry("warning", () => ({
    en: "a lag takes in whatever the device tells, so that one garbled value, which may be as large as 3.4e38, makes the point wrong for several time constants. Write in plausible what can be at all.",
    "zh-CN":
      "lag 滤波会吸收设备给出的任何值：一个错误值（最大可达 3.4e38）会使该测点在数个时间常数内都不正确。请用 plausible 写明可能的取值范围。",
  })),
  "plausible-narrow": entry(
    "warning",
    (ranges: {
      readonly range: readonly [number, number];
      readonly plausible: readonly [number, number];
    }) => ({
      en: `the instrument measures ${ranges.range.join(" to ")}, and beyond ${ranges.plausible.join(" to ")} a value is bad and raises no alarm: some of what it measures would be thrown away. Make plausible wider than range.`,
      "zh-CN": `仪表量程为 ${ranges.range.join(" 至 ")}，而超出 ${ranges.plausible.join(" 至 ")} 的值会判为 bad，且不触发报警：部分有效测量值会被丢弃。plausible 应比 range 更宽。`,
    }),
  ),
  "factor-zero": entry("warning", () => ({
    en: "with a factor of 0 the strain never moves, whatever the wire feels. Write the factor of the sensor's sheet.",
    "zh-CN": "factor 为 0 时，无论传感器感受到什么，应变都不变。请填写传感器标定表中的系数。",
  })),
  "sentinel-beyond-type": entry(
    "warning",
    ({ sentinel, type }: { readonly sentinel: number; readonly type: string }) => ({
      en: `a number of type ${type} is never ${sentinel}, so that the device's sign of having no value would be taken for one. Write it as ${type} has it: 0xFFFF is -1 in an int16.`,
      "zh-CN": `${type} 类型的数不可能是 ${sentinel}，设备的“无值”标志会被当作测量值。请按 ${type} 的形式填写：0xFFFF 在 int16 中是 -1。`,
    }),
  ),
  "status-bit-beyond-type": entry(
    "warning",
    (status: { readonly point: string; readonly type: string; readonly bit: number }) => ({
      en: `point '${status.point}' of type ${status.type} has no bit ${status.bit}: what it stands for would never be seen. Bits are counted from 0, the lowest.`,
      "zh-CN": `测点“${status.point}”（${status.type}）没有第 ${status.bit} 位：其含义永远不会被发现。位号从最低位 0 开始。`,
    }),
  ),
  "derived-of-nothing": entry("warning", () => ({
    en: "THIS POINT WILL NEVER HAVE A VALUE: it is worked out anew with each value of its inputs, and of names none. Name at least one point.",
    "zh-CN":
      "【注意】该测点永远不会有值：它随输入测点的新值而计算，而 of 中没有任何输入。请至少填写一个测点。",
  })),
};
