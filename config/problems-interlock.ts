import type { BoardInput } from "../edge/core/board.ts";
import type { PointType } from "../edge/core/point.ts";
import { entry } from "./problem-entry.ts";

type AtPoint = { readonly point: string };

/** What is wrong with an interlock. */
export const INTERLOCK_PROBLEMS = {
  "interlock-not-writable": entry("error", ({ point }: AtPoint) => ({
    en: `point '${point}' may not be written. Add write: true to it, if it is meant to be.`,
    "zh-CN": `测点“${point}”不允许写。若确需写入，请为它加上 write: true。`,
  })),
  "interlock-no-output": entry("error", ({ point }: AtPoint) => ({
    en: `point '${point}' is no output. Allowed: a point with write: true in area coil or holding, a digital pin of a board, or a GPIO line.`,
    "zh-CN": `测点“${point}”不是输出。允许：coil 或 holding 区中带 write: true 的测点、开发板的数字引脚，或 GPIO 线。`,
  })),
  "interlock-no-gpio": entry("error", ({ name }: { readonly name: string }) => ({
    en: `'${name}' looks like a GPIO line of this machine. Make it a point and name that: a bus { kind: gpio, chip: gpiochip0 }, and on a device of it a point { line: 17, write: true }.`,
    "zh-CN": `“${name}”像是本机的 GPIO 线。请先把它配置为测点再引用：总线 { kind: gpio, chip: gpiochip0 }，其设备上的测点 { line: 17, write: true }。`,
  })),
  "interlock-value": entry("error", ({ point, type }: AtPoint & { readonly type: PointType }) => ({
    en: `the value does not fit point '${point}' of type ${type}. Allowed: ${WRITABLE[kindOf(type)].en}.`,
    "zh-CN": `该值与 ${type} 类型的测点“${point}”不符。允许：${WRITABLE[kindOf(type)]["zh-CN"]}。`,
  })),
  "interlock-range": entry(
    "error",
    (of: AtPoint & { readonly least: number; readonly most: number; readonly step: number }) => ({
      en: `point '${of.point}' cannot hold this value. Allowed: ${of.least} to ${of.most} in steps of ${of.step}.`,
      "zh-CN": `测点“${of.point}”无法保存该值。允许：${of.least} 至 ${of.most}，步长 ${of.step}。`,
    }),
  ),
  "interlock-fight": entry("error", ({ interlock }: { readonly interlock: string }) => ({
    en: `interlock '${interlock}' writes the same output with another value or release. On one output any trip wins, so all of its interlocks must agree on both: make them equal, or write to another output.`,
    "zh-CN": `联锁“${interlock}”以不同的 value 或 release 写同一输出。同一输出上任何一个触发即生效，因此其所有联锁的 value 与 release 必须一致：请改为相同，或写到其他输出。`,
  })),
  "interlock-max-on": entry("error", ({ why }: { readonly why: "release" | "minOn" }) => ({
    en:
      why === "release"
        ? "maxOn needs release: without it there is nothing to write when the time is over. Add release, or remove maxOn."
        : "maxOn is shorter than minOn. Allowed: minOn or more.",
    "zh-CN":
      why === "release"
        ? "maxOn 需要 release：否则时间到时无值可写。请加上 release，或删除 maxOn。"
        : "maxOn 小于 minOn。允许：不小于 minOn。",
  })),
  "interlock-verify": entry("error", ({ point }: AtPoint) => ({
    en: `point '${point}' cannot be read back: reading clears it (readClears). Write verify: false.`,
    "zh-CN": `测点“${point}”不能回读：读取会清除它（readClears）。请写 verify: false。`,
  })),
  "interlock-condition": entry("error", ({ count }: { readonly count: number }) => ({
    en: `${count === 0 ? "the condition says nothing of its point" : "the condition says several things"}. Write exactly one of is, above and below.`,
    "zh-CN": `${count === 0 ? "该条件未写明要求" : "该条件写了多项要求"}。is、above、below 必须且只能写一个。`,
  })),
  "interlock-condition-type": entry(
    "error",
    ({ point, type }: AtPoint & { readonly type: PointType }) => ({
      en: `the condition does not fit point '${point}' of type ${type}. Allowed: ${type === "bool" ? "is: true or is: false" : type === "string" ? "a point that is a number or a bool" : "above or below, with a number"}.`,
      "zh-CN": `该条件与 ${type} 类型的测点“${point}”不符。允许：${type === "bool" ? "is: true 或 is: false" : type === "string" ? "数值或 bool 类型的测点" : "above 或 below 加数值"}。`,
    }),
  ),
  "dead-man-place": entry("error", ({ device }: { readonly device: string }) => ({
    en: `the watchdog must be one of the output's own device. Allowed: a point of device '${device}'.`,
    "zh-CN": `看门狗必须属于输出所在的设备。允许：设备“${device}”的测点。`,
  })),
  "dead-man-none": entry(
    "error",
    ({ point, what }: AtPoint & { readonly what: BoardInput["kind"] }) => {
      const { en, "zh-CN": zh } = what === "line-output" ? UNHELD.line : UNHELD.pin;
      return {
        en: `'${point}' is ${en}. Remove deadMan, and wire the output so that this is safe.`,
        "zh-CN": `“${point}”是${zh}。请删除 deadMan，并按此状态为安全状态接线。`,
      };
    },
  ),
  "dead-man-unit": entry("error", ({ point }: AtPoint) => ({
    en: `point '${point}' must be a number with unit s or ms, so that it can be compared with timeout. Add the unit, and a scale if needed.`,
    "zh-CN": `测点“${point}”必须是单位为 s 或 ms 的数值，才能与 timeout 比较。请加上 unit，必要时加 scale。`,
  })),
  "interlock-unused": entry("warning", () => ({
    en: "no alarm names this interlock, so nothing will trip it. Add interlock: to an alarm.",
    "zh-CN": "没有报警引用该联锁，因此它不会触发。请在报警中加上 interlock:。",
  })),
};

/** What an output without a watchdog does when nobody tells it anything. */
const UNHELD = {
  pin: {
    en: "a pin of a board, which has no watchdog: it stays as it is when the gateway stops, and falls to low when the board is reset",
    "zh-CN": "开发板的引脚，没有看门狗：网关停止时保持原状，开发板复位时变为低电平",
  },
  line: {
    en: "a GPIO line, which has no watchdog: when the gateway stops nobody holds it, and it becomes an input or stays as it is, as the chip's driver likes",
    "zh-CN": "GPIO 线，没有看门狗：网关停止后无人保持该线，它会变为输入或保持原状，取决于芯片驱动",
  },
} as const;

const WRITABLE = {
  bool: { en: "true or false", "zh-CN": "true 或 false" },
  string: { en: "nothing; an interlock cannot write text", "zh-CN": "无；联锁不能写文本" },
  number: { en: "a number", "zh-CN": "数" },
};

function kindOf(type: PointType): keyof typeof WRITABLE {
  return type === "bool" || type === "string" ? type : "number";
}
