import type { ErrorEntry } from "./errors.ts";

/** What keeps a gateway from its identity, by code. */
export const ENROL_ERRORS = {
  "enrol.unreachable": {
    meaning: { en: "the enrolment server could not be reached", "zh-CN": "无法连接到注册服务器" },
    remedy: "retry",
    advice: {
      en: "check network and enrolment.url; or by USB: lifeline provision csr",
      "zh-CN": "检查网络与 enrolment.url；或用 U 盘：lifeline provision csr",
    },
  },
  "enrol.trust": {
    meaning: {
      en: "the enrolment server is not known to be the right one",
      "zh-CN": "无法确认注册服务器的身份",
    },
    remedy: "retry",
    advice: {
      en: "check the gateway's clock, and that enrolment.ca is the server's",
      "zh-CN": "检查网关时钟，以及 enrolment.ca 是否正确",
    },
  },
  "enrol.clock": {
    meaning: {
      en: "by the gateway's clock the enrolment server's certificate is not valid yet",
      "zh-CN": "按网关时钟，注册服务器的证书尚未生效",
    },
    remedy: "retry",
    advice: {
      en: "let NTP through, or set the clock; it then goes on by itself",
      "zh-CN": "网关时钟偏慢：检查 NTP 是否可达，或手动校时；之后自动继续",
    },
  },
  "enrol.claim": {
    meaning: {
      en: "the claim is not known, has expired, or is another gateway's",
      "zh-CN": "注册凭据未知、已过期或属于其他网关",
    },
    remedy: "operator",
    advice: {
      en: "get a new one: at the centre, lifeline provision batch",
      "zh-CN": "请中心用 lifeline provision batch 为本网关签发新凭据",
    },
  },
  "enrol.used": {
    meaning: {
      en: "the claim was used already, with another key",
      "zh-CN": "注册凭据已被另一密钥使用",
    },
    remedy: "operator",
    advice: {
      en: "find out who used it; a replaced or reset box needs a new claim",
      "zh-CN": "查明使用者；如为更换或重置的设备，请申请新凭据",
    },
  },
  "enrol.hardware": {
    meaning: {
      en: "this identity was seen on two boards, and is in quarantine",
      "zh-CN": "同一身份出现在两块主板上，已被隔离",
    },
    remedy: "operator",
    advice: {
      en: "copied or moved card: lifeline provision replace, with a new claim",
      "zh-CN": "存储卡被复制或移动：用新凭据执行 lifeline provision replace",
    },
  },
  "enrol.foreign": {
    meaning: {
      en: "the identity on this card belongs to another board",
      "zh-CN": "此存储卡上的身份属于另一块主板",
    },
    remedy: "operator",
    advice: {
      en: "copied or moved card: lifeline provision replace, with a new claim",
      "zh-CN": "存储卡被复制或移动：用新凭据执行 lifeline provision replace",
    },
  },
  "enrol.sealed": {
    meaning: {
      en: "the gateway's key is sealed, and does not open on this machine",
      "zh-CN": "网关密钥已封存，在本机无法解封",
    },
    remedy: "operator",
    advice: {
      en: "back into its own box, or: lifeline provision replace, new claim",
      "zh-CN": "放回原设备，或用新凭据执行 lifeline provision replace",
    },
  },
  "enrol.revoked": {
    meaning: { en: "the centre has revoked this identity", "zh-CN": "中心已吊销此身份" },
    remedy: "operator",
    advice: {
      en: "ask the centre; then lifeline provision reset, and a new claim",
      "zh-CN": "向中心了解原因；然后执行 lifeline provision reset 并使用新凭据",
    },
  },
  "enrol.answer": {
    meaning: {
      en: "the enrolment server's answer cannot be used",
      "zh-CN": "注册服务器的应答无法使用",
    },
    remedy: "retry",
    advice: {
      en: "see the detail, and that enrolment.url speaks EST (RFC 7030)",
      "zh-CN": "详情为其应答；确认 enrolment.url 提供 EST（RFC 7030）服务",
    },
  },
  "enrol.certificate": {
    meaning: {
      en: "the certificate is not one for this gateway and its key",
      "zh-CN": "证书与本网关及其密钥不符",
    },
    remedy: "operator",
    advice: {
      en: "have the request signed that lifeline provision csr writes now",
      "zh-CN": "请签发 lifeline provision csr 现在写出的请求",
    },
  },
  "enrol.none": {
    meaning: { en: "the gateway has no identity yet", "zh-CN": "网关尚无身份" },
    remedy: "operator",
    advice: { en: "run: lifeline provision enrol", "zh-CN": "运行：lifeline provision enrol" },
  },
  "enrol.unwritten": {
    meaning: {
      en: "the files of the identity cannot be read or written",
      "zh-CN": "身份文件无法读取或写入",
    },
    remedy: "retry",
    advice: {
      en: "check the disk; the gateway's user must own the folder identity",
      "zh-CN": "检查磁盘，并确认 identity 文件夹属于网关用户",
    },
  },
} as const satisfies Record<string, ErrorEntry>;
