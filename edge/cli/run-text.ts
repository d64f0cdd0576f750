import type { Text } from "../core/errors.ts";

/** What the log of a running gateway says. */
export const RUN_TEXT = {
  starting: { en: "lifeline {release} starts", "zh-CN": "lifeline {release} 启动" },
  started: {
    en: "gateway {gateway} runs (points: {points}, buses: {buses}, destinations: {destinations})",
    "zh-CN": "网关 {gateway} 已运行：{buses} 条总线上 {points} 个测点，{destinations} 个目标平台",
  },
  stopping: {
    en: "stopping: the last readings are stored and sent",
    "zh-CN": "正在停止：存储并发送最后的读数",
  },
  died: {
    en: "the gateway died of an error in the program",
    "zh-CN": "网关因程序内部错误而终止",
  },
  busTurn: { en: "bus {name} {state}", "zh-CN": "总线 {name} {state}" },
  deviceTurn: { en: "device {name} {state}", "zh-CN": "设备 {name} {state}" },
  destinationTurn: { en: "destination {name} {state}", "zh-CN": "目标平台 {name} {state}" },
  centreSet: {
    en: "destination {name} has set {what} (command {command})",
    "zh-CN": "目标平台 {name} 已设置 {what}（命令 {command}）",
  },
  centreRefused: {
    en: "destination {name} asked for what it may not have, and was refused (command {command}, code {code})",
    "zh-CN": "已拒绝目标平台 {name} 的请求（命令 {command}，代码 {code}）",
  },
  answering: { en: "answering", "zh-CN": "有应答" },
  silent: { en: "silent", "zh-CN": "无应答" },
  alarmTurn: { en: "alarm {alarm}: {state}", "zh-CN": "报警 {alarm}：{state}" },
  unjudged: {
    en: "{point} cannot be judged: {quality}; alarms {alarms}",
    "zh-CN": "{point} 无法判断：{quality}；涉及报警 {alarms}",
  },
  judgedAgain: {
    en: "{point} can be judged again; alarms {alarms}",
    "zh-CN": "{point} 恢复判断；涉及报警 {alarms}",
  },
  takesNothing: {
    en: "destination {destination} takes no messages: {why}",
    "zh-CN": "目标平台 {destination} 不接收消息：{why}",
  },
  takesAgain: {
    en: "destination {destination} takes messages again",
    "zh-CN": "目标平台 {destination} 恢复接收消息",
  },
  keptFor: {
    en: "messages kept in the buffer for {destination}: {count}",
    "zh-CN": "缓冲区为 {destination} 保留未送达的消息 {count} 条",
  },
  allDelivered: {
    en: "everything was delivered to {destination}",
    "zh-CN": "已全部送达 {destination}",
  },
  notStored: {
    en: "what could not be stored is lost: readings {readings}, events {events}",
    "zh-CN": "未能存储，已丢失：读数 {readings} 个，事件 {events} 个",
  },
  stopped: { en: "stopped", "zh-CN": "已停止" },
  bufferAside: {
    en: "buffer: begun anew; the old one could not be gone on with and is kept",
    "zh-CN": "缓冲区：已新建；旧缓冲区无法继续使用，已保留",
  },
  bufferBack: {
    en: "buffer: this gateway's own from before is used again; another gateway's is kept",
    "zh-CN": "缓冲区：已恢复使用本网关原有的缓冲区；另一网关的缓冲区已保留",
  },
  bufferLost: {
    en: "buffer: what is stored is damaged and cannot be sent",
    "zh-CN": "缓冲区：已存储的内容损坏，无法发送",
  },
  diskHangs: {
    en: "the disk of the buffer hangs: the process is killed; check the disk",
    "zh-CN": "缓冲区所在磁盘无响应：强制结束进程；请检查磁盘",
  },
  bufferFails: {
    en: "buffer: nothing can be stored; what is new waits in memory",
    "zh-CN": "缓冲区：无法存储；新数据暂存于内存",
  },
  memoryOnly: {
    en: "the buffer cannot be opened: the gateway measures and alarms on, stores and sends nothing",
    "zh-CN": "缓冲区无法打开：网关继续监测和报警，但不存储、不发送",
  },
  noControl: { en: "no command reaches this gateway now", "zh-CN": "目前无法用命令访问本网关" },
  bufferWorks: { en: "buffer: it stores again", "zh-CN": "缓冲区：恢复存储" },
  bufferShed: {
    en: "buffer: memory was full before the disk took anything; the oldest is lost",
    "zh-CN": "缓冲区：磁盘恢复之前内存已满，最早的数据已丢失",
  },
  hasShed: {
    en: "lost before the disk took it: readings {readings}, events {events}",
    "zh-CN": "磁盘写入之前已丢失：读数 {readings} 个，事件 {events} 个",
  },
  shedTodo: {
    en: "check the disk; the centre is told from when to when; restart to clear",
    "zh-CN": "检查磁盘；事件会告知中心起止时间；重启网关后此项清除",
  },
} as const satisfies Record<string, Text>;
