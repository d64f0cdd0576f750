import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about encryption, and the certificates of platforms and gateway. */
export const CERTIFICATE_FINDINGS = {
  "uplink.tls": {
    meaning: {
      en: "no encryption can be agreed on with {url}",
      "zh-CN": "无法与 {url} 协商加密",
    },
    cause: {
      en: "the port takes no TLS, or only versions that are not spoken here",
      "zh-CN": "该端口不支持 TLS，或只支持本机不使用的版本",
    },
    remedy: {
      en: "check port and scheme of the url (mqtts 8883), and tls.minVersion",
      "zh-CN": "核对 url 的端口和协议（mqtts 8883）以及 tls.minVersion",
    },
  },
  "uplink.certificate-expired": {
    meaning: {
      en: "the certificate of the platform has expired",
      "zh-CN": "平台的证书已过期",
    },
    cause: {
      en: "the platform did not renew it in time",
      "zh-CN": "平台未及时更新证书",
    },
    remedy: {
      en: "have the platform renew it; see first that this machine's date is right",
      "zh-CN": "请平台更新证书；先确认本机日期正确",
    },
  },
  "uplink.certificate-early": {
    meaning: {
      en: "the certificate of the platform is not valid yet",
      "zh-CN": "平台的证书尚未生效",
    },
    cause: {
      en: "the platform installed a certificate before its time: the clock here is right",
      "zh-CN": "平台过早启用了证书：本机时钟正确",
    },
    remedy: {
      en: "have the platform show the certificate that is valid now",
      "zh-CN": "请平台使用当前有效的证书",
    },
  },
  "uplink.certificate-clock": {
    meaning: {
      en: "the platform's certificate seems not valid yet because the clock here is behind",
      "zh-CN": "因本机时钟落后，平台的证书看似尚未生效",
    },
    cause: {
      en: "the machine started without power for its clock, and no time server is reached",
      "zh-CN": "时钟断电后启动，且无法连接时间服务器",
    },
    remedy: {
      en: "set the clock (timedatectl); the certificate itself needs nothing",
      "zh-CN": "校正时钟（timedatectl）；证书本身无需处理",
    },
  },
  "uplink.certificate-issuer": {
    meaning: {
      en: "the certificate of the platform is from an authority not trusted here",
      "zh-CN": "平台的证书由本机不信任的机构签发",
    },
    cause: {
      en: "the platform changed its authority, tls.ca names another, or somebody is in between",
      "zh-CN": "平台更换了颁发机构、tls.ca 指向其他机构，或有人从中截取",
    },
    remedy: {
      en: "compare the issuer with the platform by another way; only then put it into tls.ca",
      "zh-CN": "通过其他途径与平台核对颁发机构；确认后再放入 tls.ca",
    },
  },
  "uplink.certificate-name": {
    meaning: {
      en: "the certificate of the platform is made out to another name",
      "zh-CN": "平台的证书属于其他名称",
    },
    cause: {
      en: "the url has an address or another name than the certificate",
      "zh-CN": "url 中写的是地址或与证书不同的名称",
    },
    remedy: {
      en: "use the certificate's name in the url, or write it as tls.serverName",
      "zh-CN": "在 url 中使用证书上的名称，或写入 tls.serverName",
    },
  },
  "uplink.client-certificate": {
    meaning: {
      en: "the platform refuses the gateway's own certificate",
      "zh-CN": "平台拒绝网关自身的证书",
    },
    cause: {
      en: "it has expired, was revoked, is from an unknown authority, or none is shown",
      "zh-CN": "证书已过期、被吊销、由未知机构签发，或未出示证书",
    },
    remedy: {
      en: "have it renewed into the files of tls.cert and tls.key; each try reads them",
      "zh-CN": "更新 tls.cert 与 tls.key 所指文件；每次尝试都会重新读取",
    },
  },
  "uplink.certificate-ending": {
    meaning: {
      en: "a certificate of the platform expires in {days} days",
      "zh-CN": "平台的证书将在 {days} 天后过期",
    },
    cause: { en: "its term ends", "zh-CN": "有效期将满" },
    remedy: {
      en: "have the platform renew it before then",
      "zh-CN": "请平台在此之前更新证书",
    },
  },
  "identity.ending": {
    meaning: {
      en: "a certificate of the gateway expires in {days} days",
      "zh-CN": "网关的证书将在 {days} 天后过期",
    },
    cause: { en: "its term ends", "zh-CN": "有效期将满" },
    remedy: {
      en: "renew it before then: afterwards no connection with it is accepted",
      "zh-CN": "请在此之前更新：过期后连接将被拒绝",
    },
  },
  "identity.expired": {
    meaning: {
      en: "a certificate of the gateway has expired",
      "zh-CN": "网关的证书已过期",
    },
    cause: { en: "it was not renewed in time", "zh-CN": "未及时更新" },
    remedy: {
      en: "renew it now: no connection with it is accepted any more",
      "zh-CN": "请立即更新：使用该证书的连接已不被接受",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of it. */
export const CERTIFICATE_EVIDENCE = {
  certificateTerm: {
    en: "certificate of {name}, by {issuer}: valid from {from} to {to}",
    "zh-CN": "{name} 的证书，由 {issuer} 签发：有效期 {from} 至 {to}",
  },
  clockRight: {
    en: "the clock here shows {now} and follows a time server",
    "zh-CN": "本机时钟显示 {now}，且已与时间服务器同步",
  },
  clockWrong: {
    en: "the clock here shows {now}, which is wrong for certain",
    "zh-CN": "本机时钟显示 {now}，肯定有误",
  },
  clockUnknown: {
    en: "the clock here shows {now}, and no source of time vouches for it",
    "zh-CN": "本机时钟显示 {now}，没有时间来源为其担保",
  },
} as const satisfies Record<string, Text>;
