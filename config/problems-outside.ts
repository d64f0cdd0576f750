import type { Text } from "../edge/core/errors.ts";
import { entry } from "./problem-entry.ts";

type Refused = "select" | "every" | "commands";

const ALL_POINTS: Text = {
  en: "An edge node of Sparkplug tells of all points and alarms: take it out, or choose json or template.",
  "zh-CN": "Sparkplug 边缘节点上报全部测点和报警：请删除该键，或改用 json 或 template。",
};
const JSON_ALONE: Text = {
  en: "Signed commands are taken where the format is json: add such a destination, or take it out.",
  "zh-CN": "签名命令只在 format 为 json 的目标平台上接收：请增加这样的目标平台，或删除该键。",
};
const HOST_ALONE: Text = {
  en: "What a host may write is allowed by sparkplug.commands; signed commands are taken where the format is json.",
  "zh-CN":
    "主机可写的内容由 sparkplug.commands 允许；签名命令只在 format 为 json 的目标平台上接收。",
};

/** What to do where a key does not go with a format. */
function insteadOf(key: Refused, format: "template" | "sparkplug"): Text {
  if (key !== "commands") return ALL_POINTS;
  return format === "template" ? JSON_ALONE : HOST_ALONE;
}

type Reason = { readonly reason: Text };

/** What is wrong towards the outside: secrets, files, addresses of platforms, paths. */
export const OUTSIDE_PROBLEMS = {
  "url-malformed": entry("error", () => ({
    en: "this is not a url. Allowed: mqtt://host:port, mqtts://host:port for TLS, or over websockets ws://host:port/path and wss://host:port/path.",
    "zh-CN":
      "这不是有效的 url。允许：mqtt://主机:端口、使用 TLS 的 mqtts://主机:端口，或经 WebSocket 的 ws://主机:端口/路径 和 wss://主机:端口/路径。",
  })),
  "url-scheme": entry("error", ({ scheme }: { readonly scheme: string }) => ({
    en: `a destination of kind mqtt cannot be reached by '${scheme}'. Allowed: mqtt://host:port, mqtts://host:port for TLS, or over websockets ws://host:port/path and wss://host:port/path.`,
    "zh-CN": `mqtt 类型的目标平台不能用“${scheme}”访问。允许：mqtt://主机:端口、使用 TLS 的 mqtts://主机:端口，或经 WebSocket 的 ws://主机:端口/路径 和 wss://主机:端口/路径。`,
  })),
  "url-not-http": entry("error", () => ({
    en: "a server is reached by http://host:port/path, or https://host:port/path for TLS.",
    "zh-CN": "服务器地址须用 http://主机:端口/路径，或使用 TLS 的 https://主机:端口/路径。",
  })),
  "not-with-format": entry(
    "error",
    ({ key, format }: { readonly key: Refused; readonly format: "template" | "sparkplug" }) => ({
      en: `${key} does not work with format: ${format}. ${insteadOf(key, format).en}`,
      "zh-CN": `format: ${format} 时不能使用 ${key}。${insteadOf(key, format)["zh-CN"]}`,
    }),
  ),
  "template-or-not": entry("error", () => ({
    en: "format: template and the key template go together: write both, or neither.",
    "zh-CN": "format: template 与 template 键须同时填写，或都不填写。",
  })),
  "template-syntax": entry("error", ({ why }: { readonly why: string }) => ({
    en: `this template (Liquid) cannot be parsed: ${why}.`,
    "zh-CN": `该模板（Liquid）无法解析：${why}。`,
  })),
  "template-fails": entry(
    "warning",
    ({ of, why }: { readonly of: Text; readonly why: string }) => ({
      en: `this template (Liquid) fails at a sample of ${of.en}: ${why}. A message at which it fails is held back, and what comes behind it.`,
      "zh-CN": `该模板（Liquid）处理${of["zh-CN"]}的样例时失败：${why}。处理失败的消息及其后的消息将暂缓发送。`,
    }),
  ),
  "secret-in-file": entry("error", () => ({
    en: `a secret must not stand in this file. Put it into a file of its own or the environment and refer to it: \${file:/run/secrets/NAME} or \${env:NAME}.`,
    "zh-CN": `密码不得写在本文件中。请放入单独的文件或环境变量，再引用：\${file:/run/secrets/名称} 或 \${env:名称}。`,
  })),
  "pin-short": entry(
    "error",
    ({ min, found }: { readonly min: number; readonly found: number }) => ({
      en: `the PIN has ${found} characters and is soon guessed. Put at least ${min} into the file.`,
      "zh-CN": `PIN 码只有 ${found} 个字符，容易被猜中。请在文件中写入至少 ${min} 个字符。`,
    }),
  ),
  "secret-in-url": entry("error", () => ({
    en: `a user name or password must not stand in the url. Use the keys that there are for them; a password as \${file:/run/secrets/NAME} or \${env:NAME}.`,
    "zh-CN": `url 中不得含有用户名或密码。请使用为其提供的键；密码写作 \${file:/run/secrets/名称} 或 \${env:名称}。`,
  })),
  "secret-file": entry("error", ({ path, reason }: Reason & { readonly path: string }) => ({
    en: `the file ${path} cannot be read (${reason.en}). Create it, and let the gateway's user read it.`,
    "zh-CN": `无法读取文件 ${path}（${reason["zh-CN"]}）。请创建该文件，并允许网关用户读取。`,
  })),
  "secret-env": entry("error", ({ name }: { readonly name: string }) => ({
    en: `the environment variable ${name} is not set, or is empty. Set it where the gateway is started.`,
    "zh-CN": `环境变量 ${name} 未设置或为空。请在启动网关的地方设置。`,
  })),
  "secret-empty": entry("error", ({ path }: { readonly path: string }) => ({
    en: `the file ${path} is empty. Put the secret into it.`,
    "zh-CN": `文件 ${path} 是空的。请把密码写入其中。`,
  })),
  "bad-reference": entry("error", ({ found }: { readonly found: string }) => ({
    en: `${found} is not a reference that can be followed. Allowed: \${file:/path} and \${env:NAME}.`,
    "zh-CN": `${found} 不是有效的引用。允许：\${file:/路径} 和 \${env:名称}。`,
  })),
  "ca-file": entry("error", ({ path, reason }: Reason & { readonly path: string }) => ({
    en: `the file ${path} cannot be read (${reason.en}). Name a PEM file with the authorities to trust.`,
    "zh-CN": `无法读取文件 ${path}（${reason["zh-CN"]}）。请指定含受信任证书颁发机构的 PEM 文件。`,
  })),
  "tls-file": entry("error", ({ path, reason }: Reason & { readonly path: string }) => ({
    en: `the file ${path} cannot be read (${reason.en}). Create it, and let the gateway's user read it.`,
    "zh-CN": `无法读取文件 ${path}（${reason["zh-CN"]}）。请创建该文件，并允许网关用户读取。`,
  })),
  "not-pem": entry("error", ({ path }: { readonly path: string }) => ({
    en: `the file ${path} does not hold what it should in PEM form. A certificate begins with -----BEGIN CERTIFICATE-----, a key, without a pass phrase, with -----BEGIN PRIVATE KEY-----.`,
    "zh-CN": `文件 ${path} 中没有所需的 PEM 内容。证书以 -----BEGIN CERTIFICATE----- 开头；私钥不得带口令，以 -----BEGIN PRIVATE KEY----- 开头。`,
  })),
  "key-of-another": entry("error", () => ({
    en: "this is not the private key of the certificate in cert. Put in the two that belong together.",
    "zh-CN": "该私钥与 cert 中的证书不匹配。请使用成对的证书和私钥。",
  })),
  "tls-half": entry("error", () => ({
    en: "cert and key go together: write both, or neither.",
    "zh-CN": "cert 与 key 须同时填写，或都不填写。",
  })),
  "identity-and-files": entry("error", () => ({
    en: "identity stands for cert and key: write it, or them.",
    "zh-CN": "identity 代替 cert 与 key：只写其一。",
  })),
  "enrolment-url": entry("error", () => ({
    en: "the enrolment server is asked over TLS alone. Allowed: a url that begins with https://.",
    "zh-CN": "注册服务器只能通过 TLS 访问。允许：以 https:// 开头的 url。",
  })),
  "update-from-nowhere": entry("error", ({ auto }: { readonly auto: string }) => ({
    en: `auto: ${auto} needs urls: where the repository of releases is. By USB stick releases come with lifeline update --from alone.`,
    "zh-CN": `auto: ${auto} 需要填写 urls（版本仓库的地址）。U 盘更新只能通过 lifeline update --from 进行。`,
  })),
  "ca-twice": entry("error", () => ({
    en: "ca and tls.ca are the same key: write one of them.",
    "zh-CN": "ca 与 tls.ca 是同一设置：请只写其中之一。",
  })),
  "socket-too-long": entry(
    "error",
    (path: { readonly path: string; readonly bytes: number; readonly max: number }) => ({
      en: `the control socket's path ${path.path} is ${path.bytes} bytes long; Unix sockets allow ${path.max}. Name a shorter one with control.socket.`,
      "zh-CN": `控制套接字路径 ${path.path} 长 ${path.bytes} 字节；Unix 套接字最多允许 ${path.max} 字节。请用 control.socket 指定较短的路径。`,
    }),
  ),
};
