import type { ErrorEntry } from "./errors.ts";

/** What keeps a destination from being reached, by code. */
export const UPLINK_ERRORS = {
  "uplink.refused": {
    meaning: { en: "the destination could not be reached", "zh-CN": "无法连接到目标平台" },
    remedy: "retry",
    advice: {
      en: "check the network and the destination's url, user and password",
      "zh-CN": "检查网络以及该目标的 url、用户名和密码",
    },
  },
  "uplink.template": {
    meaning: {
      en: "the template of a destination cannot be parsed, or fails at a message",
      "zh-CN": "目标平台的模板无法解析，或无法处理某条消息",
    },
    remedy: "operator",
    advice: {
      en: "correct it in gateway.yaml, and type: lifeline check",
      "zh-CN": "请在 gateway.yaml 中修正，并执行：lifeline check",
    },
  },
  "uplink.login": {
    meaning: {
      en: "the destination does not accept the user name or password",
      "zh-CN": "目标平台不接受用户名或密码",
    },
    remedy: "retry",
    advice: {
      en: "correct the password in its file; it is read anew at each try",
      "zh-CN": "更正密码文件；下次尝试时会重新读取",
    },
  },
  "uplink.secret": {
    meaning: {
      en: "a password, key or certificate of the gateway cannot be used",
      "zh-CN": "网关的密码、密钥或证书无法使用",
    },
    remedy: "retry",
    advice: {
      en: "mend the file that the detail names; it is read anew at each try",
      "zh-CN": "修复详情所述的文件；下次尝试时会重新读取",
    },
  },
  "uplink.certificate-expired": {
    meaning: {
      en: "the destination's certificate has expired",
      "zh-CN": "目标平台的证书已过期",
    },
    remedy: "retry",
    advice: {
      en: "check the gateway's date; if it is right, the platform must renew",
      "zh-CN": "检查网关的日期；若日期正确，须由平台更新证书",
    },
  },
  "uplink.certificate-early": {
    meaning: {
      en: "the destination's certificate is not valid yet",
      "zh-CN": "目标平台的证书尚未生效",
    },
    remedy: "retry",
    advice: {
      en: "most often the gateway's clock is behind: see lifeline status",
      "zh-CN": "多为网关时钟偏慢：请用 lifeline status 查看",
    },
  },
  "uplink.certificate-ending": {
    meaning: {
      en: "a certificate of the destination's connection expires soon",
      "zh-CN": "目标平台连接所用的证书即将过期",
    },
    remedy: "operator",
    advice: {
      en: "renew it in time: without, the next connection is refused",
      "zh-CN": "请及时更新：否则下次连接会被拒绝",
    },
  },
  "uplink.certificate-ended": {
    meaning: {
      en: "a certificate of the destination's connection has expired",
      "zh-CN": "目标平台连接所用的证书已过期",
    },
    remedy: "operator",
    advice: {
      en: "renew it now: the connection goes on, the next one is refused",
      "zh-CN": "请立即更新：现有连接继续，下次连接会被拒绝",
    },
  },
  "uplink.certificate-renewed": {
    meaning: {
      en: "the gateway's renewed certificate is not taken, and the one before is shown on",
      "zh-CN": "网关续期后的证书未被接受，继续使用原证书",
    },
    remedy: "operator",
    advice: {
      en: "have the platform trust the new one's issuer before the old ends",
      "zh-CN": "请在旧证书到期前，让平台信任新证书的颁发机构",
    },
  },
  "uplink.certificate-issuer": {
    meaning: {
      en: "the destination's certificate is from an authority not trusted here",
      "zh-CN": "目标平台的证书由本机不信任的机构签发",
    },
    remedy: "retry",
    advice: {
      en: "if you trust it, put its authority into the file of tls.ca",
      "zh-CN": "将平台的颁发机构证书放入 tls.ca 所指文件；否则请勿信任",
    },
  },
  "uplink.certificate-name": {
    meaning: {
      en: "the destination's certificate is made out to another name",
      "zh-CN": "目标平台的证书属于其他名称",
    },
    remedy: "retry",
    advice: {
      en: "use the certificate's name in url, or write it as tls.serverName",
      "zh-CN": "在 url 中使用证书上的名称，或写入 tls.serverName",
    },
  },
  "uplink.client-certificate": {
    meaning: {
      en: "the destination refuses the gateway's own certificate",
      "zh-CN": "目标平台拒绝网关自身的证书",
    },
    remedy: "retry",
    advice: {
      en: "renew the files of tls.cert and tls.key; each try reads them",
      "zh-CN": "更新 tls.cert 与 tls.key 的文件；下次尝试时会重新读取",
    },
  },
  "uplink.tls": {
    meaning: {
      en: "no encryption could be agreed on with the destination",
      "zh-CN": "无法与目标平台协商加密",
    },
    remedy: "retry",
    advice: {
      en: "check the url's port, whether it takes TLS, and tls.minVersion",
      "zh-CN": "检查 url 的端口、其是否支持 TLS，以及 tls.minVersion",
    },
  },
} as const satisfies Record<string, ErrorEntry>;
