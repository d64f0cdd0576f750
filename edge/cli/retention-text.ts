import type { Text } from "../core/errors.ts";

/** What the buffer does for want of room, and what to do about it. */
export const RETENTION_TEXT = {
  bufferDrops: {
    en: "buffer: full; the oldest is given up undelivered",
    "zh-CN": "缓冲区：已满；最早的未送达数据被放弃",
  },
  bufferThins: {
    en: "buffer: full; older readings are kept as 1-minute minimum, maximum, mean and last value, later as 1-hour ones; events and readings around alarms stay whole",
    "zh-CN":
      "缓冲区：已满；较早的读数只保留每分钟（之后每小时）的最小值、最大值、平均值和最后值；事件及报警前后的读数完整保留",
  },
  bufferExpires: {
    en: "buffer: what is older than buffer.maxAge is given up undelivered",
    "zh-CN": "缓冲区：超过 buffer.maxAge 的未送达数据被放弃",
  },
  isExpiring: {
    en: "what is older than buffer.maxAge is given up undelivered",
    "zh-CN": "超过 buffer.maxAge 的未送达数据被放弃",
  },
  expiringTodo: {
    en: "bring the destinations back, or raise buffer.maxAge",
    "zh-CN": "恢复目标平台的连接，或增大 buffer.maxAge",
  },
  bufferRefuses: {
    en: "buffer: full of events and readings around alarms; new readings are refused, events are stored, alarms and interlocks work",
    "zh-CN": "缓冲区：已被事件及报警前后的读数占满；拒绝新读数，事件仍会存储，报警与联锁正常工作",
  },
  bufferKeeps: {
    en: "buffer: nothing is thinned or given up any more",
    "zh-CN": "缓冲区：不再抽稀或放弃数据",
  },
  isThinning: {
    en: "the buffer is full: older readings are kept as 1-minute or 1-hour minimum, maximum, mean and last value",
    "zh-CN": "缓冲区已满：较早的读数只保留每分钟或每小时的最小值、最大值、平均值和最后值",
  },
  isDropping: {
    en: "the buffer is full: the oldest is given up undelivered",
    "zh-CN": "缓冲区已满：最早的未送达数据被放弃",
  },
  isRefusing: {
    en: "the buffer is full of events and readings around alarms: new readings are refused",
    "zh-CN": "缓冲区已被事件及报警前后的读数占满：拒绝新读数",
  },
  droppingTodo: {
    en: "bring the destinations back, or raise buffer.max if the disk has room",
    "zh-CN": "恢复目标平台的连接；若磁盘有空间，可增大 buffer.max",
  },
} as const satisfies Readonly<Record<string, Text>>;
