import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** Every sentence about poll plans, in every language. `{name}` stands for a parameter. */
export const PLAN_TEXT = {
  bus: { en: "BUS", "zh-CN": "总线" },
  line: { en: "LINE", "zh-CN": "线路" },
  requests: { en: "REQUESTS", "zh-CN": "请求数" },
  round: { en: "ROUND", "zh-CN": "一轮" },
  load: { en: "LOAD", "zh-CN": "负载" },
  oneDead: { en: "ONE DEAD", "zh-CN": "一台失联" },
  device: { en: "DEVICE", "zh-CN": "设备" },
  every: { en: "EVERY", "zh-CN": "周期" },
  points: { en: "POINTS", "zh-CN": "测点数" },
  age: { en: "AGE", "zh-CN": "时龄" },
  legend: {
    en: "AGE: the oldest a value gets. ONE DEAD: while one other device is silent.",
    "zh-CN": "时龄：数值更新前的最大时龄。一台失联：另有一台设备无应答时。",
  },
  full: {
    en: "{bus} is nearly full ({load}): one slow device makes readings late.",
    "zh-CN": "{bus} 接近满载（{load}）：一台设备变慢，读数就会延迟。",
  },
  assumed: {
    en: "{bus}: a line of {line} is assumed behind it; write its baud and format.",
    "zh-CN": "{bus}：假定其后的串行线路为 {line}；请写明 baud 和 format。",
  },
  gaps: {
    en: "{devices}: maxGap: {gap} would save {saved} of {requests} requests.",
    "zh-CN": "{devices}：设置 maxGap: {gap} 可把 {requests} 个请求减少 {saved} 个。",
  },
  gapsCare: {
    en: "  Set it only where reading the registers in the gaps clears nothing.",
    "zh-CN": "  仅当读取间隙中的寄存器不会清除任何内容时才可设置。",
  },
  skips: {
    en: "{bus}: a round takes {round}; what is read more often skips due times.",
    "zh-CN": "{bus}：一轮需要 {round}；周期更短的测点会错过部分时刻。",
  },
  overloaded: {
    en: "{bus} CANNOT CARRY THIS PLAN ({load}): readings would be skipped.",
    "zh-CN": "{bus} 无法承载此轮询计划（{load}）：读数会被跳过。",
  },
  fits: { en: "  What fits:", "zh-CN": "  可行的周期：" },
  period: {
    en: "    every {from} -> {to}: {devices}",
    "zh-CN": "    周期 {from} -> {to}：{devices}",
  },
  noPeriod: {
    en: "  No periods up to a day fit: spread the devices over more lines.",
    "zh-CN": "  一天以内没有可行的周期：请把设备分到更多线路上。",
  },
  faster: {
    en: "  Or a faster line, if all its devices can: baud: {baud} ({load}).",
    "zh-CN": "  或提高波特率（须所有设备支持）：baud: {baud}（{load}）。",
  },
  refused: {
    en: "{file}: the configuration is sound, but a line cannot carry its plan.",
    "zh-CN": "{file}：配置正确，但有线路无法承载其轮询计划。",
  },
} as const satisfies Record<string, Text>;

/** The sentence `key` in `lang` with its parameters filled in. */
export const sayPlan: Say<keyof typeof PLAN_TEXT> = speaker(PLAN_TEXT);
