import type { Text } from "../edge/core/errors.ts";
import { messageOf } from "../edge/core/errors.ts";

const REASONS: ReadonlyMap<string, Text> = new Map([
  ["ENOENT", { en: "there is no such file", "zh-CN": "文件不存在" }],
  ["EACCES", { en: "this user may not read it", "zh-CN": "当前用户无权读取" }],
  ["EISDIR", { en: "it is a folder, not a file", "zh-CN": "它是文件夹而不是文件" }],
  ["ENOTDIR", { en: "a part of the path is not a folder", "zh-CN": "路径中有一级不是文件夹" }],
]);

/** The operating system's code of a failed call (`ENOENT`), or null. */
export function systemCode(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : null;
}

/** Why a file could not be read, in words that go into brackets. */
export function readFailure(error: unknown): Text {
  const code = systemCode(error);
  return REASONS.get(code ?? "") ?? { en: messageOf(error), "zh-CN": messageOf(error) };
}
