import type { Text } from "../core/errors.ts";

/** What is said of faults of devices, points and alarms, and what to do about them. */
export const FAULT_TEXT = {
  startedAfter: { en: "started after {found}", "zh-CN": "上次运行结束原因：{found}" },
  startsInHour: { en: "{times} starts within an hour", "zh-CN": "一小时内启动 {times} 次" },
  "run-failed": { en: "it had failed", "zh-CN": "运行失败" },
  "run-out-of-memory": { en: "it had run out of memory", "zh-CN": "内存耗尽" },
  "run-watchdog": { en: "the watchdog had ended it", "zh-CN": "被看门狗终止" },
  "run-killed": { en: "it had been killed", "zh-CN": "进程被强制终止" },
  "run-power-lost": { en: "the machine had lost its power", "zh-CN": "设备断电" },
  notNotified: {
    en: "cannot tell the supervisor how the gateway does",
    "zh-CN": "无法向监督进程报告网关状态",
  },
  runUnmarked: {
    en: "cannot keep how this run ends: the next start will not know",
    "zh-CN": "无法记录本次运行的结束情况，下次启动将不得而知",
  },
  loopHung: {
    en: "does not go on, an error in this program: {at}",
    "zh-CN": "程序出错，停止运转：{at}",
  },
  loopHungTodo: {
    en: "restart the gateway, and report this with: lifeline bundle",
    "zh-CN": "重启网关，并用 lifeline bundle 上报此问题",
  },
  notEnrolled: {
    en: "the gateway's identity: {why}",
    "zh-CN": "网关身份：{why}",
  },
  silentTodo: {
    en: "check its power, its wires A and B, its unit number, speed and parity",
    "zh-CN": "检查其电源、A/B 线、单元号、波特率和校验位",
  },
  silentTalkers: { en: "nothing is heard from {devices}", "zh-CN": "未收到任何数据：{devices}" },
  silentTalkersTodo: {
    en: "check its power, receive wire, speed and protocol; see: lifeline trace BUS",
    "zh-CN": "检查其电源、接收线、波特率和协议；查看：lifeline trace 总线",
  },
  garbledDevices: {
    en: "damaged answers from {devices}",
    "zh-CN": "应答损坏：{devices}",
  },
  garbledTodo: {
    en: "check speed and parity, one unit number used twice, shield and terminators",
    "zh-CN": "检查波特率和校验位、单元号是否重复、屏蔽层和终端电阻",
  },
  badPoints: {
    en: "points without a value though their device is there:",
    "zh-CN": "设备在线但无读数的测点：",
  },
  badPointsTodo: {
    en: "check its area, address and type; see what is sent: lifeline trace BUS",
    "zh-CN": "检查其区域、地址和类型；查看总线上的收发：lifeline trace 总线",
  },
  unbelievedPoints: {
    en: "points whose device answers, but not with a value that counts:",
    "zh-CN": "设备有应答但数值不可用的测点：",
  },
  unbelievedPointsTodo: {
    en: "what each reason means, and what to do, stands above under the points",
    "zh-CN": "各原因的含义和处理方法见上面的测点部分",
  },
  alarmsUnjudged: {
    en: "cannot be judged, for the value is not known: alarm {at}",
    "zh-CN": "测值未知，无法判断的报警：{at}",
  },
  unjudgedTodo: {
    en: "see QUALITY above; nobody is warned until the point can be read again",
    "zh-CN": "原因见上面的“质量”列；测点恢复读数之前不会报警",
  },
} as const satisfies Record<string, Text>;
