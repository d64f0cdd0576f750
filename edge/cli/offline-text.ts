import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What is said of a gateway that does not run. */
export const OFFLINE_TEXT = {
  isDown: {
    en: "The gateway {gateway} is NOT RUNNING.",
    "zh-CN": "网关 {gateway} 未运行。",
  },
  nobody: { en: "Nothing serves {socket}.", "zh-CN": "{socket} 无服务。" },
  lastReading: {
    en: "Last reading stored: {time}, {age} ago.",
    "zh-CN": "最后存储的读数：{time}，{age} 前。",
  },
  noReading: { en: "No reading is stored.", "zh-CN": "未存储任何读数。" },
  stopped: { en: "It was asked to stop.", "zh-CN": "系按要求停止。" },
  "cut-off": {
    en: "It did not say goodbye: it was cut off, by the power or by a fault.",
    "zh-CN": "未正常告别：因断电或故障中断。",
  },
  noDatabase: {
    en: "There is no database {file}: it has never run with this configuration.",
    "zh-CN": "没有数据库 {file}：从未以此配置运行。",
  },
  startIt: {
    en: "Start it: systemctl start lifeline, or: lifeline run --config {file}",
    "zh-CN": "启动：systemctl start lifeline，或：lifeline run --config {file}",
  },
  asStored: {
    en: "What follows is what it has stored last.",
    "zh-CN": "以下为其最后存储的内容。",
  },
  readAt: { en: "READ AT", "zh-CN": "读取时间" },
  sinceWhen: { en: "SINCE", "zh-CN": "起始时间" },
  never: { en: "not in the newest messages", "zh-CN": "最近消息中没有" },
  owed: {
    en: "{destination} is owed: messages {readings}, events {events}",
    "zh-CN": "待送 {destination}：消息 {readings} 条、事件 {events} 条",
  },
  stored: {
    en: "{size} on disk; stored: messages {readings}, events {events}",
    "zh-CN": "磁盘占用 {size}；已存消息 {readings} 条、事件 {events} 条",
  },
} as const satisfies Record<string, Text>;

/** Says one of these sentences. */
export const sayOffline = speaker<keyof typeof OFFLINE_TEXT>(OFFLINE_TEXT);
