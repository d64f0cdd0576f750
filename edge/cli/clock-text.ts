/** What is said of the clock and of what waits for it; part of the text table. */
export const CLOCK_TEXT = {
  clockFor: { en: "CLOCK  {state} for {age}", "zh-CN": "时钟  {state}，已持续 {age}" },
  clockBySource: { en: "time told by {source}", "zh-CN": "时间来源：{source}" },
  clockWasSet: {
    en: "set {way} by {by}, {ago} ago",
    "zh-CN": "{ago}前被{way} {by}",
  },
  clockForward: { en: "forward", "zh-CN": "拨快" },
  clockBack: { en: "back", "zh-CN": "拨慢" },
  waitsForClock: {
    en: "waits for the clock: {readings} messages with readings, {events} events",
    "zh-CN": "等待时钟校准：读数消息 {readings} 条，事件 {events} 条",
  },
  clockStepped: {
    en: "clock: set {way} by {by}",
    "zh-CN": "时钟：被{way} {by}",
  },
  clockTurn: { en: "clock: {state}", "zh-CN": "时钟：{state}" },
  clockWaits: {
    en: "readings wait until the time is known ({messages} messages); events do not",
    "zh-CN": "读数等待时间校准后再发送（{messages} 条消息）；事件不等待",
  },
  clockWaitsNot: {
    en: "readings do not wait for the time any more; those that waited are {clock}",
    "zh-CN": "读数不再等待时间校准；此前等待的读数{clock}",
  },
} as const;
