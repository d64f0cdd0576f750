import type { Text } from "../edge/core/errors.ts";
import { entry, nearestText } from "./problem-entry.ts";

type Platform = { readonly isHttp: boolean };

/** The schemes of a kind of platform without encryption, and with it. */
const openOf = ({ isHttp }: Platform): Text =>
  isHttp
    ? { en: "http://", "zh-CN": "http://" }
    : { en: "mqtt:// and ws://", "zh-CN": "mqtt:// 或 ws://" };
const safeOf = ({ isHttp }: Platform): Text =>
  isHttp
    ? { en: "https://", "zh-CN": "https://" }
    : { en: "mqtts:// or wss://", "zh-CN": "mqtts:// 或 wss://" };

/** What works but is unsafe, or is accepted and not acted upon. */
export const WARNINGS = {
  "unstable-port": entry("warning", ({ port }: { readonly port: string }) => ({
    en: `${port} may name another adapter after the next start. Use the stable name below /dev/serial/by-id, or by-path where two adapters have the same (list them: ls -l /dev/serial/by-*).`,
    "zh-CN": `${port} 在下次启动后可能指向另一个适配器。请使用 /dev/serial/by-id 下的固定名称；两个适配器同名时用 by-path（查看：ls -l /dev/serial/by-*）。`,
  })),
  "address-like-number": entry(
    "warning",
    (place: { readonly number: number; readonly address: number; readonly exact: string }) => ({
      en: `${place.number} looks like the number of a manual, not like a PDU address: did you mean number: ${place.number} (address ${place.address})? If it is the address, write number: ${place.exact}.`,
      "zh-CN": `${place.number} 像是手册编号而不是 PDU 地址：是否想写 number: ${place.number}（地址 ${place.address}）？若确为地址，请写 number: ${place.exact}。`,
    }),
  ),
  "unknown-unit": entry(
    "warning",
    ({ unit, nearest }: { readonly unit: string; readonly nearest: string | null }) => ({
      en: `${unit} is no UCUM code that is known here.${nearestText(nearest).en} A unit without a code is written in braces: "{${unit}}".`,
      "zh-CN": `${unit} 不是本程序认识的 UCUM 单位代码。${nearestText(nearest)["zh-CN"]}没有代码的单位请写在花括号内："{${unit}}"。`,
    }),
  ),
  "same-endpoint": entry("warning", (other: { readonly bus: string }) => ({
    en: `bus '${other.bus}' already connects to this host and port. Many converters take one connection only: put the devices of both on one bus.`,
    "zh-CN": `总线“${other.bus}”已连接该主机和端口。许多转换器只接受一个连接：请把设备都放到同一条总线上。`,
  })),
  "same-url": entry("warning", (other: { readonly destination: string }) => ({
    en: `destination '${other.destination}' has this url too, and both publish the same topics: whoever subscribes there gets every message twice.`,
    "zh-CN": `目标平台“${other.destination}”也用此 url，两者发布相同的主题：那里的订阅者会收到两份消息。`,
  })),
  "served-openly": entry("warning", ({ host }: { readonly host: string }) => ({
    en: `${host} can be reached by other machines: whoever reaches it reads what is served. 127.0.0.1 is this machine's own.`,
    "zh-CN": `其他机器可以访问 ${host}：能访问的人都能读取所提供的内容。127.0.0.1 仅限本机。`,
  })),
  "panel-open": entry(
    "warning",
    ({ host, hasPin }: { readonly host: string; readonly hasPin: boolean }) => ({
      en: `whoever reaches ${host} reads what this gateway measures, and nothing on the way is encrypted${hasPin ? ", the PIN neither" : ""}: let only a Wi-Fi with a password, or a cable, reach it.${hasPin ? "" : " Without pin nobody can acknowledge alarms there."}`,
      "zh-CN": `能访问 ${host} 的人都能读取本网关的测量数据，且传输不加密${hasPin ? "（PIN 码也不加密）" : ""}：请只允许有密码的 Wi-Fi 或网线访问。${hasPin ? "" : "未设置 pin 时无法在该页面确认报警。"}`,
    }),
  ),
  "no-points": entry("warning", () => ({
    en: "the device has no points, so nothing is read from it. Name a profile, or write points.",
    "zh-CN": "该设备没有测点，不会读取任何内容。请指定 profile，或填写 points。",
  })),
  "no-devices": entry("warning", () => ({
    en: "there is no device, so nothing is read.",
    "zh-CN": "没有任何设备，不会读取任何内容。",
  })),
  "no-destinations": entry("warning", () => ({
    en: "there is no destination: readings and alarms are stored, but no centre receives them.",
    "zh-CN": "没有目标平台：读数和报警只在本地存储，任何中心平台都收不到。",
  })),
  "alarm-out-of-reach": entry(
    "warning",
    (alarm: {
      readonly point: string;
      readonly setpoint: number;
      readonly low: number;
      readonly high: number;
    }) => ({
      en: `THIS ALARM WILL NEVER BE RAISED: point '${alarm.point}' is never beyond ${alarm.low} to ${alarm.high}, as plausible, curve or loop (failure signals of NAMUR NE 43) says, or its being true or false. Correct ${alarm.setpoint}, or what says so.`,
      "zh-CN": `【注意】该报警永远不会触发：测点“${alarm.point}”的值不会超出 ${alarm.low} 至 ${alarm.high}（由 plausible、curve、loop（NAMUR NE 43 故障电流）或真假值决定）。请更正 ${alarm.setpoint} 或相应的设置。`,
    }),
  ),
  "alarm-coarse": entry(
    "warning",
    (alarm: { readonly point: string; readonly every: string; readonly onDelay: string }) => ({
      en: `point '${alarm.point}' is read every ${alarm.every}, so no second reading comes within ${alarm.onDelay}: one reading alone raises the alarm, and the delay sorts nothing out. Read the point faster, or lengthen onDelay.`,
      "zh-CN": `测点“${alarm.point}”每 ${alarm.every} 读取一次，${alarm.onDelay} 内不会有第二个读数：仅凭一个读数就会触发报警，延时起不到过滤作用。请加快读取，或加长 onDelay。`,
    }),
  ),
  "alarm-filtered": entry(
    "warning",
    (alarm: { readonly point: string; readonly delay: string }) => ({
      en: `the filter of point '${alarm.point}' holds every change back for about ${alarm.delay}, and the alarm with it. Take fewer values or a shorter time, or read the point faster.`,
      "zh-CN": `测点“${alarm.point}”的滤波会使变化滞后约 ${alarm.delay}，报警也随之推迟。请减少取值个数或缩短时间常数，或加快读取。`,
    }),
  ),
  "alarm-warming-up": entry(
    "warning",
    (alarm: { readonly point: string; readonly delay: string }) => ({
      en: `point '${alarm.point}' has no value for ${alarm.delay} after each start and each time that its device was away, and nothing raises the alarm then. Write in warmUp no more than the data sheet asks for.`,
      "zh-CN": `测点“${alarm.point}”在每次启动以及设备每次失联恢复后的 ${alarm.delay} 内没有值，期间不会触发该报警。warmUp 请勿超过数据手册要求的时间。`,
    }),
  ),
  "commit-often": entry(
    "warning",
    (often: { readonly every: string; readonly perS: number; readonly perDay: string }) => ({
      en: `a commit every ${often.every} is ${often.perS} flushes a second: about ${often.perDay} a day, of which a card makes several times as much. Commit so often only what must survive a power cut so soon; events do without.`,
      "zh-CN": `每 ${often.every} 提交一次即每秒落盘 ${often.perS} 次：每天约写入 ${often.perDay}，存储卡内部的写入是其数倍。请只对断电时必须保留到最近一刻的测点这样设置；事件无需此设置。`,
    }),
  ),
  "password-in-clear": entry("warning", (platform: Platform) => ({
    en: platform.isHttp
      ? "http:// sends the token readable over the network. Use https://."
      : "mqtt:// and ws:// send the password readable over the network. Use mqtts:// or wss://.",
    "zh-CN": platform.isHttp
      ? "http:// 会在网络上明文发送令牌。请使用 https://。"
      : "mqtt:// 和 ws:// 会在网络上明文发送密码。请使用 mqtts:// 或 wss://。",
  })),
  "tls-without-effect": entry("warning", (platform: Platform) => ({
    en: `tls has no effect with ${openOf(platform).en}: nothing is encrypted and nobody is verified. Use ${safeOf(platform).en}.`,
    "zh-CN": `使用 ${openOf(platform)["zh-CN"]} 时 tls 不起作用：既不加密，也不验证对方身份。请使用 ${safeOf(platform)["zh-CN"]}。`,
  })),
  "key-open": entry("warning", ({ path }: { readonly path: string }) => ({
    en: `others than its owner may read the private key in ${path}, and pass for this gateway with it. Only its owner should: chmod 600 ${path} (as root).`,
    "zh-CN": `${path} 中的私钥可被所有者以外的用户读取，他人可借此冒充本网关。请仅允许所有者读取：chmod 600 ${path}（以 root 执行）。`,
  })),
  "sparkplug-unused": entry("warning", () => ({
    en: "sparkplug has no effect: the destination's format is another. Write format: sparkplug.",
    "zh-CN": "sparkplug 不起作用：该目标平台的 format 不是 sparkplug。请写 format: sparkplug。",
  })),
  "ca-without-tls": entry("warning", (platform: Platform) => ({
    en: `ca has no effect with ${openOf(platform).en}: nothing is encrypted and nobody is verified. Use ${safeOf(platform).en}.`,
    "zh-CN": `使用 ${openOf(platform)["zh-CN"]} 时 ca 不起作用：既不加密，也不验证对方身份。请使用 ${safeOf(platform)["zh-CN"]}。`,
  })),
  "idle-with-edition": entry(
    "warning",
    ({ key, edition }: { readonly key: string; readonly edition: number }) => ({
      en: `${key} has no effect with edition: ${edition}. Take it out.`,
      "zh-CN": `edition: ${edition} 时 ${key} 不起作用。请删除。`,
    }),
  ),
  "idle-with-format": entry(
    "warning",
    ({ key, format }: { readonly key: string; readonly format: string }) => ({
      en: `${key} has no effect with format: ${format}. Take it out.`,
      "zh-CN": `format: ${format} 时 ${key} 不起作用。请删除。`,
    }),
  ),
};
