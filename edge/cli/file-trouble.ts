import { readFailure, systemCode } from "../../config/read-failure.ts";
import type { Lang, Text } from "../core/errors.ts";

/** Why a file could not be read or written, where that is not as for a configuration. */
const REASONS: ReadonlyMap<string, Text> = new Map([
  ["ENOENT", { en: "it, or its folder, is not there", "zh-CN": "该文件或其文件夹不存在" }],
  ["EACCES", { en: "this user may not", "zh-CN": "当前用户无权访问" }],
  ["EPERM", { en: "this user may not", "zh-CN": "当前用户无权访问" }],
  ["EEXIST", { en: "it is there already; name another", "zh-CN": "已存在，请另取文件名" }],
  ["ENOSPC", { en: "the disk is full", "zh-CN": "磁盘已满" }],
  ["EDQUOT", { en: "the disk is full for this user", "zh-CN": "当前用户的磁盘配额已满" }],
  ["EROFS", { en: "the disk is read-only", "zh-CN": "磁盘只读" }],
]);

/** Why a file could not be read or written, in the words of `lang` where it has any. */
export function fileTrouble(error: unknown, lang: Lang): string {
  const known = REASONS.get(systemCode(error) ?? "");
  return (known ?? readFailure(error))[lang];
}

/** `fileTrouble`, behind the path that the system names. */
export function namedTrouble(error: unknown, lang: Lang): string {
  const { path } = error as NodeJS.ErrnoException;
  const why = fileTrouble(error, lang);
  return path === undefined || systemCode(error) === null ? why : `${path}: ${why}`;
}
