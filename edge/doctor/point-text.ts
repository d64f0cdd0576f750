import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about single points. */
export const POINT_FINDINGS = {
  "point.loop-open": {
    meaning: {
      en: "the current loop is open: {milliamps} mA",
      "zh-CN": "电流环断开：{milliamps} mA",
    },
    cause: {
      en: "a wire of the loop is off or its supply is missing; the transmitter may signal its own failure",
      "zh-CN": "回路断线或缺少供电；也可能是变送器自身发出故障信号",
    },
    remedy: {
      en: "check the loop's terminals and its 24 V, then the transmitter",
      "zh-CN": "检查回路端子和 24 V 供电，再检查变送器",
    },
  },
  "point.loop-high": {
    meaning: {
      en: "the current is beyond any measurement: {milliamps} mA",
      "zh-CN": "电流超出测量范围：{milliamps} mA",
    },
    cause: {
      en: "the loop is shorted, or the transmitter signals its own failure",
      "zh-CN": "回路短路，或变送器自身发出故障信号",
    },
    remedy: {
      en: "check the wires for a short, then the transmitter",
      "zh-CN": "检查接线是否短路，再检查变送器",
    },
  },
  "point.stuck": {
    meaning: { en: "the value does not move any more", "zh-CN": "数值不再变化" },
    cause: {
      en: "the sensor is blocked, fouled or frozen, or its electronics hang",
      "zh-CN": "传感器堵塞、结垢或冻结，或其电子部分死机",
    },
    remedy: {
      en: "clean the sensor, switch it off and on, and see whether a change arrives",
      "zh-CN": "清洁传感器，断电重启，确认变化能否传来",
    },
  },
  "point.calibration-overdue": {
    meaning: { en: "the calibration has run out {days} days ago", "zh-CN": "校准已过期 {days} 天" },
    cause: { en: "it was last calibrated on {on}", "zh-CN": "上次校准于 {on}" },
    remedy: {
      en: "calibrate the sensor: lifeline calibrate {subject}",
      "zh-CN": "校准传感器：lifeline calibrate {subject}",
    },
  },
  "point.no-value": {
    meaning: { en: "what the device tells is not believed", "zh-CN": "设备给出的数值不可信" },
    cause: {
      en: "the sensor is broken, or the point is described wrongly",
      "zh-CN": "传感器损坏，或测点描述有误",
    },
    remedy: {
      en: "compare with the device's display; check type, scale and address of {subject}",
      "zh-CN": "与设备显示比较；检查 {subject} 的类型、比例和地址",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of them. */
export const POINT_EVIDENCE = {
  currentLow: {
    en: "{point}: {milliamps} mA; below {open} mA is a failure signal (NAMUR NE 43)",
    "zh-CN": "{point}：{milliamps} mA；低于 {open} mA 为故障信号（NAMUR NE 43）",
  },
  currentHigh: {
    en: "{point}: {milliamps} mA; above {high} mA is a failure signal (NAMUR NE 43)",
    "zh-CN": "{point}：{milliamps} mA；高于 {high} mA 为故障信号（NAMUR NE 43）",
  },
  stuckAt: { en: "{point} stays at {value}", "zh-CN": "{point} 一直是 {value}" },
  movedBefore: {
    en: "{count} readings alike; before, {changed} % of its readings moved",
    "zh-CN": "{count} 次读数相同；此前 {changed} % 的读数有变化",
  },
  calibratedOn: {
    en: "{point}: calibrated on {on}, overdue for {days} days",
    "zh-CN": "{point}：{on} 校准，已过期 {days} 天",
  },
  notBelieved: {
    en: "{point}: {value}, {quality}; its limits are {low} to {high}",
    "zh-CN": "{point}：{value}，{quality}；限值为 {low} 至 {high}",
  },
} as const satisfies Record<string, Text>;
