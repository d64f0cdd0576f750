import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about devices. */
export const DEVICE_FINDINGS = {
  "device.dead": {
    meaning: { en: "the device does not answer", "zh-CN": "设备没有应答" },
    cause: {
      en: "it has no supply, its branch is off, or it is broken: the line itself works",
      "zh-CN": "设备没有供电、支线脱落或已损坏：线路本身正常",
    },
    remedy: {
      en: "check the supply at its terminals, then its branch; restart it",
      "zh-CN": "先检查其端子上的供电，再检查支线；重启设备",
    },
  },
  "device.part-silent": {
    meaning: {
      en: "it answers, but not for {area} {first} to {last}",
      "zh-CN": "有应答，但 {area} {first} 至 {last} 没有",
    },
    cause: {
      en: "it has no such registers and keeps silent instead of refusing",
      "zh-CN": "没有这些寄存器，且不以异常码拒绝而是不应答",
    },
    remedy: {
      en: "compare these addresses with its manual, then correct or remove the points",
      "zh-CN": "对照说明书检查这些地址，再更正或删除测点",
    },
  },
  "device.quiet": {
    meaning: { en: "nothing is heard from the device", "zh-CN": "未收到设备的任何数据" },
    cause: {
      en: "it has no supply, its wire is off, or it speaks at another speed",
      "zh-CN": "设备没有供电、接线脱落，或波特率不同",
    },
    remedy: {
      en: "check its supply, the receive wire and its speed: lifeline trace",
      "zh-CN": "检查供电、接收线和波特率：lifeline trace",
    },
  },
  "device.unit-wrong": {
    meaning: {
      en: "unit {unit} does not answer, unit {found} does",
      "zh-CN": "单元号 {unit} 无应答，{found} 有应答",
    },
    cause: { en: "the device is set to unit {found}", "zh-CN": "设备的单元号设成了 {found}" },
    remedy: {
      en: "write unit: {found} for {subject}, or set the device to {unit}; lifeline scan shows it",
      "zh-CN": "将 {subject} 设为 unit: {found}，或把设备改为 {unit}；lifeline scan 可确认",
    },
  },
  "device.id-shared": {
    meaning: {
      en: "its answers are damaged, those of other units are not",
      "zh-CN": "只有它的应答损坏，其他单元正常",
    },
    cause: {
      en: "two devices on {bus} have unit {unit} and answer at once",
      "zh-CN": "{bus} 上有两台设备使用单元号 {unit}，同时应答",
    },
    remedy: {
      en: "take one of the two off the line: if the other answers then, give each its own unit",
      "zh-CN": "断开其中一台：若另一台随即正常，为每台设置各自的单元号",
    },
  },
  "device.noise": {
    meaning: {
      en: "its answers are damaged, as are others on the line",
      "zh-CN": "它和线路上其他设备的应答都有损坏",
    },
    cause: {
      en: "disturbance on the line: shield, common wire, a source nearby",
      "zh-CN": "线路受干扰：屏蔽层、公共线或附近干扰源",
    },
    remedy: {
      en: "earth the shield at one end, connect the common wire, keep away from power cables",
      "zh-CN": "屏蔽层单端接地，接好公共线，远离电力电缆",
    },
  },
  "device.slow": {
    meaning: {
      en: "its answers come after the time-out of {timeoutMs} ms",
      "zh-CN": "其应答晚于 {timeoutMs} ms 的超时",
    },
    cause: { en: "the device needs longer than it is given", "zh-CN": "设备需要的时间比给定的长" },
    remedy: {
      en: "write timeout: {proposedMs}ms for {device}",
      "zh-CN": "为 {device} 设置 timeout: {proposedMs}ms",
    },
  },
  "device.order-wrong": {
    meaning: {
      en: "its values make no sense in byte order {own}, and do in {order}",
      "zh-CN": "按字节序 {own} 数值不合理，按 {order} 合理",
    },
    cause: {
      en: "the device sends its bytes in the order {order}",
      "zh-CN": "设备按 {order} 顺序发送字节",
    },
    remedy: {
      en: "write order: {order} for the points of {subject}",
      "zh-CN": "为 {subject} 的测点设置 order: {order}",
    },
  },
  "device.map-shifted": {
    meaning: {
      en: "its registers are read one address off: they stand at {offset}",
      "zh-CN": "寄存器地址差一：实际在 {offset} 处",
    },
    cause: {
      en: "addresses were taken from a list that counts from 1, or from 0",
      "zh-CN": "地址取自从 1（或从 0）开始编号的表",
    },
    remedy: {
      en: "change the addresses of {subject} by {offset}, or write number: in place of address:",
      "zh-CN": "将 {subject} 的地址改 {offset}，或用 number: 代替 address:",
    },
  },
  "device.area-wrong": {
    meaning: {
      en: "its values stand in {other}, not in {area}",
      "zh-CN": "数值在 {other} 区，不在 {area} 区",
    },
    cause: { en: "the area is the wrong one of the two", "zh-CN": "两个区用反了" },
    remedy: {
      en: "write area: {other} for the points of {subject}",
      "zh-CN": "为 {subject} 的测点设置 area: {other}",
    },
  },
  "device.refuses": {
    meaning: { en: "it answers with exception {code}", "zh-CN": "设备以异常码 {code} 应答" },
    cause: {
      en: "it has no such register or function, is busy, or has failed inside",
      "zh-CN": "没有该寄存器或功能、正忙，或内部故障",
    },
    remedy: {
      en: "compare the addresses with its manual; lifeline decode explains the exception",
      "zh-CN": "对照说明书检查地址；lifeline decode 可解释异常码",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of them. */
export const DEVICE_EVIDENCE = {
  unitSilent: {
    en: "{device}, unit {unit}: no answer, {requests} requests on record",
    "zh-CN": "{device}，单元号 {unit}：无应答，记录了 {requests} 次请求",
  },
  othersAnswer: {
    en: "others on {bus} answered {answers} times meanwhile",
    "zh-CN": "其间 {bus} 上其他设备应答 {answers} 次",
  },
  answeredBefore: {
    en: "{device} has answered in the last minutes",
    "zh-CN": "{device} 几分钟前有应答",
  },
  unitAnswers: {
    en: "unit {units}, which no device has, tells what {device} is asked for",
    "zh-CN": "未配置的单元号 {units} 给出了向 {device} 查询的数值",
  },
  unitRefuses: {
    en: "unit {units}, which no device has, answers with an exception what {device} is asked for",
    "zh-CN": "未配置的单元号 {units} 对向 {device} 的查询以异常码应答",
  },
  answersLate: {
    en: "{late} of the last {requests} answers came late, up to {longestMs} ms after the request; the time-out is {timeoutMs} ms",
    "zh-CN":
      "最近 {requests} 次应答中 {late} 次迟到，最晚在请求后 {longestMs} ms；超时为 {timeoutMs} ms",
  },
  onlyItsDamaged: {
    en: "{damaged} of the last {requests} answers of {device} are damaged, {silent} are missing",
    "zh-CN": "{device} 最近 {requests} 次应答中 {damaged} 次损坏，{silent} 次没有",
  },
  othersSound: {
    en: "of others on the line {otherDamaged} of {otherRequests} are damaged",
    "zh-CN": "线路上其他设备 {otherRequests} 次中 {otherDamaged} 次损坏",
  },
  answersLonger: {
    en: "{count} answers were longer than one answer can be",
    "zh-CN": "{count} 次应答超过了单个应答的长度",
  },
  itsDamaged: {
    en: "{damaged} of the last {requests} answers of {device} are damaged",
    "zh-CN": "{device} 最近 {requests} 次应答中 {damaged} 次损坏",
  },
  partIsSilent: {
    en: "{device}: {area} {first} to {last} is never answered",
    "zh-CN": "{device}：{area} {first} 至 {last} 从无应答",
  },
  nothingHeard: {
    en: "{bus} is open, and nothing of {device} comes",
    "zh-CN": "{bus} 已打开，但没有 {device} 的数据",
  },
  inOrder: {
    en: "{point}: {words} is {value} as {own}, {other} as {order}",
    "zh-CN": "{point}：{words} 按 {own} 为 {value}，按 {order} 为 {other}",
  },
  besideIs: {
    en: "{point}: {value} at {address}, {other} at {there}",
    "zh-CN": "{point}：{address} 处为 {value}，{there} 处为 {other}",
  },
  twinIs: {
    en: "{point}: {area} {address} is refused, {other} {address} is {value}",
    "zh-CN": "{point}：{area} {address} 被拒绝，{other} {address} 为 {value}",
  },
  refused: {
    en: "{point}: {area} {address} gives exception {code}",
    "zh-CN": "{point}：{area} {address} 返回异常码 {code}",
  },
} as const satisfies Record<string, Text>;
