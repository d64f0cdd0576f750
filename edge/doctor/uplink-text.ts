import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about the way to the platforms. */
export const UPLINK_FINDINGS = {
  "uplink.name-unanswered": {
    meaning: {
      en: "the name in {url} cannot be looked up: no name server answers",
      "zh-CN": "无法解析 {url} 中的主机名：域名服务器无应答",
    },
    cause: {
      en: "the network is down, or the name servers of this machine are wrong or away",
      "zh-CN": "网络中断，或本机设置的域名服务器有误或无法访问",
    },
    remedy: {
      en: "check the network and /etc/resolv.conf; until then write the address in the url",
      "zh-CN": "检查网络和 /etc/resolv.conf；在此之前可在 url 中直接写 IP 地址",
    },
  },
  "uplink.name-unknown": {
    meaning: {
      en: "the name in {url} does not exist",
      "zh-CN": "{url} 中的主机名不存在",
    },
    cause: {
      en: "it is misspelt, was given up, or is known only in another network",
      "zh-CN": "主机名写错、已停用，或只在其他网络中有效",
    },
    remedy: {
      en: "compare the url in gateway.yaml letter by letter with what the platform gave",
      "zh-CN": "将 gateway.yaml 中的 url 与平台提供的地址逐字核对",
    },
  },
  "uplink.no-way": {
    meaning: {
      en: "this machine knows no way to the host of {url}",
      "zh-CN": "本机没有通往 {url} 所在主机的路由",
    },
    cause: {
      en: "the network is not up, or no router is set",
      "zh-CN": "网络未启用，或未设置默认网关",
    },
    remedy: {
      en: "type: ip route; check cable, SIM and modem, and the network's settings",
      "zh-CN": "执行：ip route；检查网线、SIM 卡、调制解调器及网络设置",
    },
  },
  "uplink.host-down": {
    meaning: {
      en: "the host of {url} does not answer in its network: it is off or not connected",
      "zh-CN": "{url} 所在主机在其网络中无应答：已关机或未接入",
    },
    cause: {
      en: "the host is switched off, has another address, or its cable is out",
      "zh-CN": "主机已关机、地址已更改，或网线脱落",
    },
    remedy: {
      en: "have the host and its cable checked, then the address in gateway.yaml",
      "zh-CN": "检查该主机及其网线，再核对 gateway.yaml 中的地址",
    },
  },
  "uplink.refused": {
    meaning: {
      en: "the host of {url} is there, but nothing listens on that port",
      "zh-CN": "{url} 所在主机可达，但该端口没有程序监听",
    },
    cause: {
      en: "the broker does not run, or the port in the url is wrong",
      "zh-CN": "消息服务器未运行，或 url 中的端口有误",
    },
    remedy: {
      en: "have the broker started; compare the port (1883, with TLS 8883) with the platform's",
      "zh-CN": "请平台启动消息服务器；核对端口（1883，加密为 8883）",
    },
  },
  "uplink.filtered": {
    meaning: {
      en: "the host of {url} is there, but something on the way drops what goes to its port",
      "zh-CN": "{url} 所在主机可达，但途中有设备丢弃发往该端口的数据",
    },
    cause: {
      en: "a firewall, of the network or of the platform, does not let this port through",
      "zh-CN": "网络或平台的防火墙未放行该端口",
    },
    remedy: {
      en: "have the port let through for this gateway's address, or use one that is (443 with wss)",
      "zh-CN": "请为本网关地址放行该端口，或改用已放行的端口（如 wss 的 443）",
    },
  },
  "uplink.silent": {
    meaning: {
      en: "nothing comes back from the host of {url}",
      "zh-CN": "{url} 所在主机没有任何应答",
    },
    cause: {
      en: "the host is off, the line to it is cut, or a firewall drops everything",
      "zh-CN": "主机已关机、线路中断，或防火墙丢弃了所有数据",
    },
    remedy: {
      en: "try another host of that network; if that works have the platform's host checked",
      "zh-CN": "尝试访问同一网络中的其他主机；若可达，请检查平台主机",
    },
  },
  "uplink.mute": {
    meaning: {
      en: "{url} takes the connection, but does not answer as a broker does",
      "zh-CN": "{url} 接受连接，但不以消息服务器的方式应答",
    },
    cause: {
      en: "the broker hangs or is overloaded, or something else listens on that port",
      "zh-CN": "消息服务器卡死或过载，或该端口上运行的是其他程序",
    },
    remedy: {
      en: "have the broker looked at; check the port, and whether the url needs mqtts or ws",
      "zh-CN": "请检查消息服务器；核对端口，以及 url 是否应为 mqtts 或 ws",
    },
  },
  "uplink.login": {
    meaning: {
      en: "the broker does not accept the user name or password",
      "zh-CN": "消息服务器不接受用户名或密码",
    },
    cause: {
      en: "the password was changed there, or the file here holds another one",
      "zh-CN": "平台已更改密码，或本机文件中的密码不同",
    },
    remedy: {
      en: "write the right password into its file; the next try reads it",
      "zh-CN": "把正确的密码写入其文件；下次尝试时会重新读取",
    },
  },
  "uplink.not-authorised": {
    meaning: {
      en: "the broker lets the gateway in, but refuses what it publishes",
      "zh-CN": "消息服务器允许登录，但拒绝网关发布的消息",
    },
    cause: {
      en: "this user may not write to the gateway's topics (ACL), or messages are too large",
      "zh-CN": "该用户无权写入网关的主题（ACL），或消息过大",
    },
    remedy: {
      en: "have the platform allow this user to write lifeline/v1/ID/#; nothing is lost meanwhile",
      "zh-CN": "请平台允许该用户写入 lifeline/v1/ID/#；在此期间数据不会丢失",
    },
  },
  "uplink.no-subscriber": {
    meaning: {
      en: "the broker has nobody to hand the messages to",
      "zh-CN": "消息服务器上没有订阅者接收消息",
    },
    cause: {
      en: "the platform's receiver does not run, or subscribes to other topics",
      "zh-CN": "平台的接收程序未运行，或订阅了其他主题",
    },
    remedy: {
      en: "have the receiver started; it has to subscribe to lifeline/v1/+/#",
      "zh-CN": "请平台启动接收程序；须订阅 lifeline/v1/+/#",
    },
  },
  "uplink.host-offline": {
    meaning: {
      en: "the host application that the gateway waits for is offline",
      "zh-CN": "网关等待的主机应用离线",
    },
    cause: {
      en: "it does not run, or has another id than sparkplug.primaryHost",
      "zh-CN": "该应用未运行，或其标识与 sparkplug.primaryHost 不同",
    },
    remedy: {
      en: "have it started; compare its id with sparkplug.primaryHost",
      "zh-CN": "请启动该应用；核对其标识与 sparkplug.primaryHost",
    },
  },
  "uplink.away": {
    meaning: {
      en: "the gateway has no session with the platform, although the way is free now",
      "zh-CN": "网关与平台没有会话，但目前线路可达",
    },
    cause: {
      en: "it is just coming back, or the session is refused for a reason only the platform knows",
      "zh-CN": "连接正在恢复，或平台因自身原因拒绝会话",
    },
    remedy: {
      en: "wait a minute and ask again; then have the platform's log looked at",
      "zh-CN": "等一分钟后再检查；若仍如此，请查看平台日志",
    },
  },
  "uplink.secret": {
    meaning: {
      en: "a password, key or certificate for the platform cannot be used",
      "zh-CN": "用于该平台的密码、密钥或证书无法使用",
    },
    cause: {
      en: "its file is missing, empty, damaged, or not readable for the gateway",
      "zh-CN": "文件缺失、为空、损坏，或网关无权读取",
    },
    remedy: {
      en: "mend the file that the evidence names; the next try reads it",
      "zh-CN": "修复依据中所述的文件；下次尝试时会重新读取",
    },
  },
  "network.no-link": {
    meaning: {
      en: "this machine is connected to no network",
      "zh-CN": "本机未接入任何网络",
    },
    cause: {
      en: "the cable is out, the modem has no signal or SIM, or the switch is off",
      "zh-CN": "网线脱落、调制解调器无信号或无 SIM 卡，或交换机断电",
    },
    remedy: {
      en: "plug the cable in until its lamp is on; look at antenna, SIM and modem",
      "zh-CN": "插好网线直到指示灯亮；检查天线、SIM 卡和调制解调器",
    },
  },
  "network.no-address": {
    meaning: {
      en: "the network is plugged in, but this machine has no address in it",
      "zh-CN": "网络已接通，但本机没有获得地址",
    },
    cause: {
      en: "no DHCP server answers, or no fixed address is set",
      "zh-CN": "DHCP 服务器无应答，或未设置固定地址",
    },
    remedy: {
      en: "restart the router, or set a fixed address (nmtui)",
      "zh-CN": "重启路由器，或设置固定地址（nmtui）",
    },
  },
  "network.no-route": {
    meaning: {
      en: "this machine has an address, but no way out of its network",
      "zh-CN": "本机有地址，但没有通往外部网络的路由",
    },
    cause: {
      en: "no router is set, or the one that was is gone",
      "zh-CN": "未设置默认网关，或原有网关已不可用",
    },
    remedy: {
      en: "type: ip route; set the router's address (nmtui), or restart the router",
      "zh-CN": "执行：ip route；设置网关地址（nmtui），或重启路由器",
    },
  },
  "network.dns-down": {
    meaning: {
      en: "no name server answers: names cannot be looked up",
      "zh-CN": "域名服务器无应答：无法解析主机名",
    },
    cause: {
      en: "the name servers of this machine are wrong, away, or behind a firewall",
      "zh-CN": "本机的域名服务器设置有误、不可用，或被防火墙阻断",
    },
    remedy: {
      en: "set one that is reached (/etc/resolv.conf); until then write the address in the url",
      "zh-CN": "设置可用的域名服务器（/etc/resolv.conf）；在此之前可在 url 中写 IP 地址",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of it. */
export const UPLINK_EVIDENCE = {
  nameStandsFor: { en: "{host} is {address}", "zh-CN": "{host} 的地址为 {address}" },
  connectFailed: {
    en: "connecting to {host} port {port} ended with {code} after {ms} ms",
    "zh-CN": "连接 {host} 端口 {port} 在 {ms} 毫秒后以 {code} 结束",
  },
  connectTook: {
    en: "{host} port {port} took the connection after {ms} ms",
    "zh-CN": "{host} 端口 {port} 在 {ms} 毫秒后接受连接",
  },
  pingAnswered: { en: "{host} answers an echo request", "zh-CN": "{host} 应答 ping" },
  pingUnanswered: {
    en: "{host} does not answer an echo request either",
    "zh-CN": "{host} 也不应答 ping",
  },
  connackReason: {
    en: "the broker refused the session with reason {reason}",
    "zh-CN": "消息服务器拒绝会话，原因码 {reason}",
  },
  owedMessages: {
    en: "{readings} messages of readings and {events} events wait",
    "zh-CN": "{readings} 条读数消息和 {events} 条事件在等待",
  },
  linkState: {
    en: "{name}: {state}, signal {signal}, address {address}",
    "zh-CN": "{name}：{state}，信号 {signal}，地址 {address}",
  },
  noDefaultRoute: { en: "there is no default route", "zh-CN": "没有默认路由" },
  noNameServer: {
    en: "no name server is set in /etc/resolv.conf",
    "zh-CN": "/etc/resolv.conf 中未设置域名服务器",
  },
  nameServersAsked: { en: "asked: {servers}", "zh-CN": "已询问：{servers}" },
} as const satisfies Record<string, Text>;
