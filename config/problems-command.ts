import type { Text } from "../edge/core/errors.ts";
import { entry } from "./problem-entry.ts";

type File = { readonly path: string };

/** What is wrong with the keys of commands. */
export const COMMAND_PROBLEMS = {
  "command-key": entry("error", ({ path }: File) => ({
    en: `the file ${path} holds no public Ed25519 key in PEM. Make one: lifeline command keygen NAME, and name the file NAME.pub.pem here; the private half must not be on the gateway.`,
    "zh-CN": `文件 ${path} 不是 PEM 格式的 Ed25519 公钥。请用 lifeline command keygen 名称 生成，并在此填写 名称.pub.pem；私钥不得放在网关上。`,
  })),
  "command-key-file": entry("error", ({ path, reason }: File & { readonly reason: Text }) => ({
    en: `the file ${path} cannot be read (${reason.en}). Name a PEM file with a public Ed25519 key, or give its 32 bytes as base64 (44 characters).`,
    "zh-CN": `无法读取文件 ${path}（${reason["zh-CN"]}）。请指定含 Ed25519 公钥的 PEM 文件，或直接写其 32 字节的 base64（44 个字符）。`,
  })),
  "same-command-key": entry("error", ({ owner }: { readonly owner: string }) => ({
    en: `this is the key of '${owner}' too. Give each name a key of its own, or give one name all the rights.`,
    "zh-CN": `此密钥与“${owner}”的相同。请为每个名称使用各自的密钥，或把权限合并到一个名称下。`,
  })),
  "commands-without-keys": entry("error", () => ({
    en: "commands are taken from here, and no key may give any. Add one under commands.keys, or leave commands out.",
    "zh-CN":
      "此处接收命令，但没有任何密钥可以下达命令。请在 commands.keys 下添加密钥，或去掉 commands。",
  })),
};
