import { entry, knownText, nearestText } from "./problem-entry.ts";

/** What is wrong with the conditions and the groups of alarms. */
export const ALARM_PROBLEMS = {
  "alarm-limit": entry("error", ({ count }: { readonly count: 0 | 2 }) => ({
    en: `${count === 0 ? "the alarm has no condition" : "the alarm has more than one condition"}. Write exactly one of high, low, equals, deviation, rate, bad, silent and when; for more make several alarms, which group ties together.`,
    "zh-CN": `${count === 0 ? "该报警没有条件" : "该报警有多个条件"}。high、low、equals、deviation、rate、bad、silent、when 必须且只能写一个；需要多个时请写多个报警，并用 group 联系起来。`,
  })),
  "alarm-on-text": entry("error", ({ point }: { readonly point: string }) => ({
    en: `point '${point}' holds text; such an alarm needs a number or a bool. Of a text only equals, bad and silent can be judged.`,
    "zh-CN": `测点“${point}”是文本；此类报警需要数值或 bool。文本只能用 equals、bad、silent 判断。`,
  })),
  "alarm-key": entry("error", (key: { readonly name: string; readonly here: string }) => ({
    en: `'${key.name}' says something only with '${key.here}', which this alarm has not. Remove the one, or add the other.`,
    "zh-CN": `“${key.name}”只与“${key.here}”一起才有意义，而该报警没有后者。请删除前者或添加后者。`,
  })),
  "alarm-key-missing": entry("error", (key: { readonly name: string; readonly here: string }) => ({
    en: `'${key.here}' needs '${key.name}' beside it.`,
    "zh-CN": `写了“${key.here}”还必须写“${key.name}”。`,
  })),
  "alarm-point-beside": entry("error", () => ({
    en: "with vote and with when there is no point: the points stand in vote, or in of. Remove it.",
    "zh-CN": "使用 vote 或 when 时不写 point：测点写在 vote 或 of 中。请删除。",
  })),
  "alarm-vote-of": entry("error", () => ({
    en: "each point of a vote is judged by high, low or equals. Write one of them.",
    "zh-CN": "表决中的每个测点按 high、low 或 equals 判断。请写其中之一。",
  })),
  "unknown-alarm": entry(
    "error",
    (params: {
      readonly name: string;
      readonly nearest: string | null;
      readonly known: readonly string[];
    }) => ({
      en: `there is no alarm '${params.name}'.${nearestText(params.nearest).en} ${knownText(params.known).en}`,
      "zh-CN": `没有名为“${params.name}”的报警。${nearestText(params.nearest)["zh-CN"]}${knownText(params.known)["zh-CN"]}`,
    }),
  ),
  "alarm-circle": entry("error", () => ({
    en: "the alarm depends on itself, through the alarms that its condition looks at. Break the circle.",
    "zh-CN": "该报警经由其条件所引用的报警依赖于自身。请消除循环。",
  })),
  "alarm-no-point": entry("error", () => ({
    en: "the alarm looks at no point, not even through other alarms, so nothing ever moves it. Name a point in of.",
    "zh-CN": "该报警没有引用任何测点（包括经由其他报警），因此永远不会变化。请在 of 中填写测点。",
  })),
  "rate-zero": entry("error", () => ({
    en: "a rate of 0 says nothing. Write how fast it may rise, or a negative number for how fast it may fall.",
    "zh-CN": "rate 为 0 没有意义。请写允许的上升速率，或用负数表示允许的下降速率。",
  })),
  "silent-short": entry(
    "warning",
    (silence: { readonly point: string; readonly every: string; readonly over: string }) => ({
      en: `point '${silence.point}' tells a value every ${silence.every}, so it is silent for ${silence.over} at any time. Make silent at least twice as long as that.`,
      "zh-CN": `测点“${silence.point}”每 ${silence.every} 才有一个值，因此随时都会有 ${silence.over} 没有数据。请将 silent 设为该周期的至少两倍。`,
    }),
  ),
  "group-of-one": entry("warning", ({ name }: { readonly name: string }) => ({
    en: `no other alarm is in group '${name}', so nothing escalates. Correct the name, or remove it.`,
    "zh-CN": `组“${name}”中没有其他报警，因此不会升级。请更正名称或删除。`,
  })),
};
