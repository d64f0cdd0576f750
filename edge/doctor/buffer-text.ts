import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about the buffer. */
export const BUFFER_FINDINGS = {
  "buffer.damaged": {
    meaning: { en: "the buffer is damaged", "zh-CN": "缓冲区已损坏" },
    cause: {
      en: "the card lost what it said it had written: it is dying, or no real card",
      "zh-CN": "存储卡丢失了已确认写入的数据：即将损坏，或为伪劣卡",
    },
    remedy: {
      en: "type: lifeline buffer verify; start the gateway, which saves what can be; replace the card",
      "zh-CN": "执行：lifeline buffer verify；启动网关以抢救可读数据；更换存储卡",
    },
  },
  "buffer.was-damaged": {
    meaning: {
      en: "a buffer was damaged and had to make way for a new one",
      "zh-CN": "缓冲区曾损坏，已由新的替换",
    },
    cause: {
      en: "the card lost what it said it had written",
      "zh-CN": "存储卡丢失了已确认写入的数据",
    },
    remedy: {
      en: "export what can be read: lifeline buffer export --database {subject}; then remove the file, and replace the card",
      "zh-CN":
        "导出可读数据：lifeline buffer export --database {subject}；随后删除该文件并更换存储卡",
    },
  },
  "buffer.full": {
    meaning: {
      en: "the buffer is full: what it keeps loses detail, or is lost",
      "zh-CN": "缓冲区已满：已存数据被精简或丢失",
    },
    cause: {
      en: "a destination has been away for longer than buffer.max allows",
      "zh-CN": "目标平台中断的时间超过了 buffer.max 的容量",
    },
    remedy: {
      en: "bring the destination back; set buffer.max higher; save it: lifeline buffer export",
      "zh-CN": "恢复目标平台的连接；调大 buffer.max；导出保存：lifeline buffer export",
    },
  },
  "buffer.failing": {
    meaning: {
      en: "what is read cannot be stored",
      "zh-CN": "读数无法存储",
    },
    cause: {
      en: "the disk refuses writes or fails",
      "zh-CN": "磁盘拒绝写入或出现故障",
    },
    remedy: {
      en: "type: lifeline status, and dmesg; make room or replace the card",
      "zh-CN": "执行：lifeline status 和 dmesg；腾出空间或更换存储卡",
    },
  },
  "buffer.growing": {
    meaning: {
      en: "the backlog grows; there is room for {hours} h more",
      "zh-CN": "待发数据不断增加；剩余空间可维持 {hours} 小时",
    },
    cause: {
      en: "a destination is away, or takes less than what comes: a slow line, a broker that answers late",
      "zh-CN": "目标平台中断，或接收速度低于产生速度：线路慢、消息服务器应答迟缓",
    },
    remedy: {
      en: "look at the destination first; raise backlog.rate or window, read less often, or set buffer.max higher",
      "zh-CN": "先检查目标平台；提高 backlog.rate 或 window、降低读取频率，或调大 buffer.max",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of it. */
export const BUFFER_EVIDENCE = {
  keptAside: { en: "kept: {file}, {mb} MB", "zh-CN": "已保留：{file}，{mb} MB" },
  bufferSize: {
    en: "it takes {mb} of {max} MB ({share} %)",
    "zh-CN": "已用 {mb} MB，上限 {max} MB（{share} %）",
  },
  isThinning: {
    en: "old readings are thinned to one a minute or an hour",
    "zh-CN": "旧读数正被精简为每分钟或每小时一条",
  },
  isDropping: { en: "old readings are dropped", "zh-CN": "旧读数正被丢弃" },
  isRefusing: { en: "new readings are refused", "zh-CN": "新读数正被拒绝" },
  inMemory: {
    en: "{readings} readings and {events} events wait in memory; {refused} were given up",
    "zh-CN": "{readings} 条读数和 {events} 条事件在内存中等待；已放弃 {refused} 条",
  },
  backlog: {
    en: "{destination} is owed {readings} messages and {events} events, the oldest {hours} h old; it takes {perMinute} a minute",
    "zh-CN":
      "尚欠 {destination} {readings} 条消息和 {events} 条事件，最早的已 {hours} 小时；每分钟接收 {perMinute} 条",
  },
  fullByMax: {
    en: "{used} MB used, {perHour} MB an hour: {room} MB within buffer.max last for {hours} h",
    "zh-CN":
      "已用 {used} MB，每小时 {perHour} MB：buffer.max 内剩余 {room} MB，可维持 {hours} 小时",
  },
  fullByDisk: {
    en: "{used} MB used, {perHour} MB an hour: {room} MB on the disk last for {hours} h",
    "zh-CN": "已用 {used} MB，每小时 {perHour} MB：磁盘剩余 {room} MB，可维持 {hours} 小时",
  },
} as const satisfies Record<string, Text>;
