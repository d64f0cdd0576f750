/** What is said of devices that answer and yet are not read whole; part of the text table. */
export const IMPAIRMENT_TEXT = {
  partSilent: {
    en: "{devices} answers, but not for all that it is asked",
    "zh-CN": "{devices} 有应答，但部分寄存器无应答",
  },
  partSilentTodo: {
    en: "check these addresses against its manual; take out what it does not have",
    "zh-CN": "对照设备手册核对这些地址；设备没有的测点请从配置中删除",
  },
  areDisturbed: {
    en: "answers come that nobody asked for, as from {devices}",
    "zh-CN": "收到并非本网关请求的应答，来自 {devices}",
  },
  disturbedTodo: {
    en: "look for another client on this line, or two devices with the same unit",
    "zh-CN": "检查该线路上是否另有主站，或有两台设备的单元号相同",
  },
  disturbed: {
    en: "disturbed: answers come that nobody asked for",
    "zh-CN": "受干扰：收到并非本网关请求的应答",
  },
  partSilentTurn: {
    en: "device {name} answers, but not for {area} {first} to {last}: {points}",
    "zh-CN": "设备 {name} 有应答，但 {area} {first} 至 {last} 无应答：{points}",
  },
  partAnswersTurn: {
    en: "device {name} answers again for {area} {first} to {last}: {points}",
    "zh-CN": "设备 {name} 的 {area} {first} 至 {last} 恢复应答：{points}",
  },
} as const;
