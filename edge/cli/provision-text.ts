import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What the help says of `provision`. */
export const PROVISION_HELP = {
  provision: {
    en: "The gateway's identity: show it, have it certified (enrol; by USB: csr, install), end it (reset), take over from another box (replace); batch makes claims, configurations and labels for many.",
    "zh-CN":
      "网关身份：查看、申请证书（enrol；U 盘方式：csr、install）、注销（reset）、接替旧设备（replace）；batch 批量生成注册凭据、配置与标签。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence of `lifeline provision`, in every language. */
export const PROVISION_TEXT = {
  operands: {
    en: "[status | enrol | csr | install CERT | batch SITES.csv | replace | reset]",
    "zh-CN": "[status | enrol | csr | install 证书 | batch 站点.csv | replace | reset]",
  },
  usage: {
    en: "provision takes status, enrol, csr, replace or reset; install CERT; or batch SITES.csv --template FILE --out DIR",
    "zh-CN":
      "provision 可带 status、enrol、csr、replace、reset；install 证书；或 batch 站点.csv --template 文件 --out 文件夹",
  },
  claimOption: {
    en: "file with the claim (default: enrolment.claim)",
    "zh-CN": "注册凭据文件（默认 enrolment.claim）",
  },
  outOption: {
    en: "file for the request of csr; folder for a batch",
    "zh-CN": "csr 请求文件；batch 的输出文件夹",
  },
  templateOption: {
    en: "gateway.yaml of a batch; {{ id }}, {{ name | json }} stand for columns of the table",
    "zh-CN": "批量用的 gateway.yaml 模板；{{ id }}、{{ name | json }} 代表表中的列",
  },
  commonOption: {
    en: "folder with what every card of a batch gets: ca.pem, wired.network, authorized_keys",
    "zh-CN": "批次中每张卡都带的文件所在文件夹：ca.pem、wired.network、authorized_keys",
  },
  notCommon: {
    en: "{file} is no file that every card can get: ca.pem, wired.network, authorized_keys",
    "zh-CN": "{file} 不能用于所有卡；可用：ca.pem、wired.network、authorized_keys",
  },
  forOption: {
    en: "how long the claims of a batch are good (default: 90d)",
    "zh-CN": "批量凭据的有效期（默认 90d）",
  },
  badFor: { en: "--for takes a time from 1h to 3650d", "zh-CN": "--for 的范围为 1h 至 3650d" },
  none: { en: "{gateway} has no identity yet", "zh-CN": "{gateway} 尚无身份" },
  requested: {
    en: "{gateway} has made its key and waits for a certificate",
    "zh-CN": "{gateway} 已生成密钥，等待证书",
  },
  enrolled: { en: "{gateway} is enrolled", "zh-CN": "{gateway} 已注册" },
  renewedNow: {
    en: "{gateway} has a renewed certificate: platforms are shown it from now on",
    "zh-CN": "{gateway} 的证书已续期，此后向各平台出示新证书",
  },
  foreign: {
    en: "NOT THIS BOARD'S: the identity of {gateway} was made on {board}, this is {here}",
    "zh-CN": "【不属于本主板】{gateway} 的身份生成于 {board}，本机为 {here}",
  },
  sealed: {
    en: "DOES NOT OPEN: the key of {gateway} is sealed, and was not opened on this machine: {why}",
    "zh-CN": "【无法解封】{gateway} 的密钥已封存，在本机未能解封：{why}",
  },
  notTried: { en: "the service has not been started", "zh-CN": "服务尚未启动" },
  certificate: {
    en: "certificate {serial} of {issuer}, valid until {to}, to be renewed from {from}",
    "zh-CN": "证书 {serial}，由 {issuer} 签发，有效期至 {to}，自 {from} 起续期",
  },
  next: {
    en: "renewed: {serial}, valid until {to}; it takes over once a platform has taken it",
    "zh-CN": "已续期：{serial}，有效期至 {to}；首次被平台接受后启用",
  },
  expired: { en: "THE CERTIFICATE HAS EXPIRED", "zh-CN": "【证书已过期】" },
  kept: {
    en: "kept in {dir}",
    "zh-CN": "保存于 {dir}",
  },
  boundTo: { en: "bound to board {board}", "zh-CN": "绑定主板 {board}" },
  unbound: {
    en: "this board has no serial number: a copied card is noticed at the centre only",
    "zh-CN": "本主板无序列号：复制的存储卡只能由中心发现",
  },
  requestIn: {
    en: "the request is in {file}; the key stays here. Take it to the centre, then: lifeline provision install CERT",
    "zh-CN":
      "请求已写入 {file}，密钥保留在本机。请送至中心，然后执行：lifeline provision install 证书",
  },
  unwritten: { en: "{file} was not written: {why}", "zh-CN": "{file} 未写出：{why}" },
  unreadable: { en: "{file} cannot be read: {why}", "zh-CN": "无法读取 {file}：{why}" },
  again: { en: "{code}; again in {s} s …", "zh-CN": "{code}；{s} 秒后重试 …" },
  askReset: {
    en: "End the identity of {gateway}? The centre then knows this box no more. [y/N] ",
    "zh-CN": "注销 {gateway} 的身份？此后中心将不再识别本设备。[y/N] ",
  },
  askReplace: {
    en: "Take over as {gateway} on this board? What identity is here ends, and so does the old box's. [y/N] ",
    "zh-CN": "由本主板接替 {gateway}？此处原有身份与旧设备的身份都将失效。[y/N] ",
  },
  leftBehind: {
    en: "what the other board has stored is kept in {file}; readings count from 1 again, in a stream of their own",
    "zh-CN": "另一主板存储的数据保留在 {file}；本机读数在新的数据流中从 1 开始编号",
  },
  notAgreed: { en: "nothing was changed", "zh-CN": "未做任何更改" },
  ended: { en: "the identity of {gateway} was ended", "zh-CN": "{gateway} 的身份已被注销" },
  gone: {
    en: "the identity of {gateway} is gone; tell the centre to revoke it. What is stored stays in the buffer",
    "zh-CN": "{gateway} 的身份已删除；请通知中心吊销。缓冲区中的数据保留",
  },
  goneFor: {
    en: "a running gateway asks for another one: that takes a new claim. To retire the box, stop the gateway",
    "zh-CN": "运行中的网关会重新申请，需要新的注册凭据；如需退役，请停止网关",
  },
  siteFault: { en: "{file}, line {line}: {what}", "zh-CN": "{file} 第 {line} 行：{what}" },
  badTemplate: {
    en: "{file}, for {gateway}: {why}",
    "zh-CN": "{file}（{gateway}）：{why}",
  },
  otherId: {
    en: "it makes a configuration of gateway '{id}'. Write gateway: { id: {{ id }} }",
    "zh-CN": "生成的配置属于网关“{id}”。请写 gateway: { id: {{ id }} }",
  },
  otherHardware: {
    en: "column hardware says {table}, update.hardware of the configuration {form}: write update: { hardware: {{ hardware }} }",
    "zh-CN":
      "hardware 列为 {table}，配置的 update.hardware 为 {form}：请写 update: { hardware: {{ hardware }} }",
  },
  batchMade: {
    en: "{count} gateways in {dir}: for each a folder for its card with gateway.yaml and claim (secret),",
    "zh-CN":
      "{dir} 中有 {count} 台网关：每台一个供存储卡使用的文件夹，含 gateway.yaml 与 claim（保密），",
  },
  batchFiles: {
    en: "labels.pdf to print, and claims.jsonl for the enrolment server",
    "zh-CN": "labels.pdf 供打印，claims.jsonl 供注册服务器使用",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** The key of a sentence of `lifeline provision`. */
export type ProvisionTextKey = keyof typeof PROVISION_TEXT;

/** The sentence of `PROVISION_TEXT` under a key. */
export const sayProvision = speaker<ProvisionTextKey>(PROVISION_TEXT);
