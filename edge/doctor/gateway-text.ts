import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about the gateway's process and what it was told. */
export const GATEWAY_FINDINGS = {
  "gateway.down": {
    meaning: { en: "the gateway does not run", "zh-CN": "网关未在运行" },
    cause: {
      en: "it was stopped, never started, or ends again at once",
      "zh-CN": "网关被停止、从未启动，或启动后立即退出",
    },
    remedy: {
      en: "start it: systemctl start lifeline, or lifeline run; its log says why it ended",
      "zh-CN": "启动网关：systemctl start lifeline 或 lifeline run；日志会说明退出原因",
    },
  },
  "gateway.hung": {
    meaning: { en: "the gateway runs, but does not answer", "zh-CN": "网关在运行但无应答" },
    cause: {
      en: "its process was stopped (SIGSTOP, a debugger), waits for a disk that hangs, or the machine is overloaded",
      "zh-CN": "进程被暂停（SIGSTOP、调试器）、在等待无响应的磁盘，或设备过载",
    },
    remedy: {
      en: "restart it: systemctl restart lifeline; if it stays so, look at the disk: dmesg",
      "zh-CN": "重启网关：systemctl restart lifeline；若仍如此，检查磁盘：dmesg",
    },
  },
  "gateway.restarting": {
    meaning: {
      en: "the gateway ends by itself and is started again and again",
      "zh-CN": "网关反复自行退出并重新启动",
    },
    cause: {
      en: "its process dies: an error in the program, too little memory, or a supply that breaks down",
      "zh-CN": "进程异常退出：程序错误、内存不足或供电中断",
    },
    remedy: {
      en: "read why in its log: journalctl -u lifeline; save it with lifeline bundle and send it in",
      "zh-CN": "查看日志中的原因：journalctl -u lifeline；用 lifeline bundle 打包后寄回",
    },
  },
  "gateway.configuration-drift": {
    meaning: {
      en: "the configuration is not the one that was taken",
      "zh-CN": "配置与已采用的不一致",
    },
    cause: {
      en: "somebody has changed the file on the gateway by hand",
      "zh-CN": "有人在网关上手工修改了配置文件",
    },
    remedy: {
      en: "see what differs: lifeline config diff; then restart to take it, or bring back what was ordered",
      "zh-CN": "查看差异：lifeline config diff；然后重启以采用，或恢复下发的配置",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of them. */
export const GATEWAY_EVIDENCE = {
  starts: {
    en: "started {starts} times in the last {minutes} min, {stops} times stopped on purpose",
    "zh-CN": "最近 {minutes} 分钟内启动 {starts} 次，其中正常停止 {stops} 次",
  },
  fileIs: { en: "the file is {file}", "zh-CN": "文件为 {file}" },
  runningIs: { en: "the gateway runs {running}", "zh-CN": "网关运行的是 {running}" },
  signedIs: { en: "ordered by {who}: {signed}", "zh-CN": "由 {who} 下发：{signed}" },
} as const satisfies Record<string, Text>;
