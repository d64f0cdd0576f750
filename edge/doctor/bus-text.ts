import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about buses. */
export const BUS_FINDINGS = {
  "bus.unplugged": {
    meaning: { en: "the serial adapter is not there", "zh-CN": "串口适配器不在" },
    cause: {
      en: "the adapter is pulled out, has no power, or is broken",
      "zh-CN": "适配器被拔出、没有供电，或已损坏",
    },
    remedy: {
      en: "plug the adapter in again; try another USB port, cable or adapter",
      "zh-CN": "重新插上适配器；换一个 USB 口、线缆或适配器再试",
    },
  },
  "bus.port-renamed": {
    meaning: {
      en: "the adapter has gone, another one of the same make has come",
      "zh-CN": "适配器已不在，出现同厂家的另一个适配器",
    },
    cause: {
      en: "the adapter was replaced: its lasting name holds its serial number",
      "zh-CN": "更换过适配器：其固定名称中含有序列号",
    },
    remedy: {
      en: "write port: /dev/serial/by-id/{other} for bus {subject}, then restart the gateway",
      "zh-CN": "将总线 {subject} 的 port 改为 /dev/serial/by-id/{other}，然后重启网关",
    },
  },
  "bus.port-refused": {
    meaning: { en: "the port is there and cannot be opened", "zh-CN": "串口存在但无法打开" },
    cause: {
      en: "another program has it, the gateway may not use it, or it is no serial port",
      "zh-CN": "被其他程序占用、网关无权使用，或不是串口",
    },
    remedy: {
      en: "see who has it: fuser {path}; let the gateway's user be in the group dialout",
      "zh-CN": "查看占用者：fuser {path}；将网关用户加入 dialout 组",
    },
  },
  "bus.unreachable": {
    meaning: { en: "the connection is not made", "zh-CN": "连接未建立" },
    cause: {
      en: "the peer is off, its address or port is another one, or the network is down",
      "zh-CN": "对端关机、地址或端口不符，或网络中断",
    },
    remedy: {
      en: "check the peer's power and network, then host and port of bus {subject}",
      "zh-CN": "检查对端电源和网络，再检查总线 {subject} 的 host 和 port",
    },
  },
  "bus.baud-wrong": {
    meaning: {
      en: "the line's speed is wrong: {own} is configured",
      "zh-CN": "波特率错误：配置为 {own}",
    },
    cause: { en: "the devices speak at {found}", "zh-CN": "设备使用 {found}" },
    remedy: {
      en: "write baud: {baud} and format: {format} for bus {subject}",
      "zh-CN": "将总线 {subject} 设为 baud: {baud}、format: {format}",
    },
  },
  "bus.parity-wrong": {
    meaning: {
      en: "the line's parity or stop bits are wrong: {own} is configured",
      "zh-CN": "校验位或停止位错误：配置为 {own}",
    },
    cause: { en: "the devices speak at {found}", "zh-CN": "设备使用 {found}" },
    remedy: {
      en: "write format: {format} for bus {subject}",
      "zh-CN": "将总线 {subject} 设为 format: {format}",
    },
  },
  "bus.line-open": {
    meaning: {
      en: "nothing comes from the line, at its own speed or any other",
      "zh-CN": "线路上没有任何数据，任何波特率都没有",
    },
    cause: {
      en: "a wire of A/B is off or both are swapped, or the devices have no supply",
      "zh-CN": "A/B 线断开或接反，或设备没有供电",
    },
    remedy: {
      en: "measure A against B at the adapter (idle: 0.2 V or more); swap A and B; check the supply",
      "zh-CN": "在适配器处测 A 对 B 电压（空闲时不低于 0.2 V）；对调 A、B；检查供电",
    },
  },
  "bus.line-swapped": {
    meaning: {
      en: "only noise comes from the line, at its own speed or any other",
      "zh-CN": "线路上只有噪声，任何波特率都如此",
    },
    cause: {
      en: "A and B are swapped, one of them or the common wire is off",
      "zh-CN": "A、B 接反，或其中一根或公共线断开",
    },
    remedy: {
      en: "swap A and B at the adapter; check the common wire; fit bias resistors",
      "zh-CN": "在适配器处对调 A、B；检查公共线；加装偏置电阻",
    },
  },
  "bus.termination": {
    meaning: {
      en: "long answers are damaged, short ones are not",
      "zh-CN": "长应答损坏，短应答正常",
    },
    cause: {
      en: "a terminator is missing or there is a long branch: what is reflected meets what follows",
      "zh-CN": "缺少终端电阻或支线过长：反射与后续信号叠加",
    },
    remedy: {
      en: "120 ohm between A and B at both ends and nowhere else; shorten branches; lower the speed",
      "zh-CN": "两端各接一个 120 欧终端电阻，其他处不接；缩短支线；降低波特率",
    },
  },
  "bus.echo": {
    meaning: { en: "the adapter gives back what is sent", "zh-CN": "适配器会回送所发数据" },
    cause: {
      en: "a two-wire adapter whose receiver stays on while it sends",
      "zh-CN": "两线制适配器发送时接收器未关闭",
    },
    remedy: {
      en: "write echo: true for bus {subject}, or switch the echo of the adapter off",
      "zh-CN": "为总线 {subject} 设置 echo: true，或关闭适配器的回送",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of them. */
export const BUS_EVIDENCE = {
  portGone: { en: "there is no {path}", "zh-CN": "{path} 不存在" },
  portCame: { en: "there is {other}, which no bus uses", "zh-CN": "存在 {other}，没有总线使用它" },
  allSilent: {
    en: "none of {devices} on {bus} answers, {requests} requests on record",
    "zh-CN": "{bus} 上的 {devices} 均无应答，记录了 {requests} 次请求",
  },
  answersAt: {
    en: "they answer at {found}, not at {own}",
    "zh-CN": "在 {found} 有应答，在 {own} 没有",
  },
  settingsTried: {
    en: "{settings} other speeds and parities tried: no answer",
    "zh-CN": "试过 {settings} 种其他波特率和校验位：无应答",
  },
  onlyEcho: {
    en: "what is sent on {bus} comes back: the adapter works",
    "zh-CN": "{bus} 上所发数据会返回：适配器正常",
  },
  onlyNoise: {
    en: "{count} times bytes came that are no answer",
    "zh-CN": "{count} 次收到不成应答的字节",
  },
  damageByLength: {
    en: "damaged: {short} % of {shortOf} short answers, {long} % of {longOf} of about {longBytes} bytes",
    "zh-CN":
      "损坏率：{shortOf} 个短应答中 {short} %，{longOf} 个约 {longBytes} 字节的应答中 {long} %",
  },
  echoed: {
    en: "{count} of {requests} requests came back",
    "zh-CN": "{requests} 次请求中有 {count} 次被回送",
  },
} as const satisfies Record<string, Text>;
