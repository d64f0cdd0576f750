import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about the time. */
export const CLOCK_FINDINGS = {
  "clock.behind": {
    meaning: {
      en: "the clock of the machine is behind: it shows a time that is over for certain",
      "zh-CN": "本机时钟落后：显示的时间肯定已经过去",
    },
    cause: {
      en: "it stood without power and has no battery, and nobody has told it the time since",
      "zh-CN": "断电时时钟停走且没有备用电池，上电后也没有时间来源校正",
    },
    remedy: {
      en: "connect the network so that it is set; without one: timedatectl set-time 'YYYY-MM-DD hh:mm:ss'",
      "zh-CN": "接通网络使其自动校时；没有网络时执行：timedatectl set-time 'YYYY-MM-DD hh:mm:ss'",
    },
  },
  "clock.unsynced": {
    meaning: {
      en: "no source of time sets the clock of the machine",
      "zh-CN": "本机时钟没有时间来源校正",
    },
    cause: {
      en: "no time server is reached, or none is set up",
      "zh-CN": "无法连接时间服务器，或未设置时间服务器",
    },
    remedy: {
      en: "type: timedatectl timesync-status; let UDP port 123 through, or name a server in /etc/systemd/timesyncd.conf",
      "zh-CN":
        "执行：timedatectl timesync-status；放行 UDP 123 端口，或在 /etc/systemd/timesyncd.conf 中指定服务器",
    },
  },
  "clock.drifting": {
    meaning: {
      en: "the clock of the machine runs away and has to be set again and again",
      "zh-CN": "本机时钟走时不准，需要反复校正",
    },
    cause: {
      en: "its quartz is bad or far too hot or cold, or two programs set the clock",
      "zh-CN": "晶振不良或温度过高、过低，或有两个程序在校时",
    },
    remedy: {
      en: "see that one program only sets the time (chrony or timesyncd); if it goes on, replace the board",
      "zh-CN": "确认只有一个程序校时（chrony 或 timesyncd）；若仍如此，请更换主板",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of it. */
export const CLOCK_EVIDENCE = {
  clockBehind: {
    en: "the clock shows {now}, and {file} was written at {written}: {days} days later",
    "zh-CN": "时钟显示 {now}，而 {file} 写于 {written}：晚 {days} 天",
  },
  timeSwitchedOff: {
    en: "setting the clock from the network is switched off (timedatectl set-ntp true)",
    "zh-CN": "网络校时已关闭（timedatectl set-ntp true 可开启）",
  },
  noTimeDaemon: {
    en: "neither timesyncd nor chrony answers on this machine",
    "zh-CN": "本机的 timesyncd 和 chrony 均无应答",
  },
  noTimeServer: {
    en: "{daemon} follows no server",
    "zh-CN": "{daemon} 没有跟随任何时间服务器",
  },
  timeServer: {
    en: "{daemon} knows the server {server}",
    "zh-CN": "{daemon} 的时间服务器为 {server}",
  },
  waitingForTime: {
    en: "{messages} messages wait for the time before they are sent",
    "zh-CN": "{messages} 条消息在等待确定时间后发送",
  },
  driftPpm: {
    en: "without being corrected it would go wrong by {ppm} ppm, {secondsPerDay} s a day",
    "zh-CN": "若不校正，走时误差为 {ppm} ppm，即每天 {secondsPerDay} 秒",
  },
  clockOff: {
    en: "it differs from its time server by {seconds} s",
    "zh-CN": "与时间服务器相差 {seconds} 秒",
  },
  clockSteps: {
    en: "within a week it was set {count} times in the same direction, by {seconds} s in all",
    "zh-CN": "一周内向同一方向校正了 {count} 次，共 {seconds} 秒",
  },
} as const satisfies Record<string, Text>;
