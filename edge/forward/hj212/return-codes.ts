import type { Text } from "../../core/errors.ts";
import type { FaultKind } from "./remarks.ts";

/** How a request is answered, `QnRtn` of 9011 (HJ 212-2017, table 7). */
export const QN_RTN: Readonly<Record<string, Text>> = {
  "1": { en: "ready to carry it out", "zh-CN": "准备执行请求" },
  "2": { en: "refused", "zh-CN": "请求被拒绝" },
  "3": { en: "PW is wrong", "zh-CN": "PW 错误" },
  "4": { en: "MN is wrong", "zh-CN": "MN 错误" },
  "5": { en: "ST is wrong", "zh-CN": "ST 错误" },
  "6": { en: "Flag is wrong", "zh-CN": "Flag 错误" },
  "7": { en: "QN is wrong", "zh-CN": "QN 错误" },
  "8": { en: "CN is wrong", "zh-CN": "CN 错误" },
  "9": { en: "the check sum is wrong", "zh-CN": "CRC 校验错误" },
  "100": { en: "unknown error", "zh-CN": "未知错误" },
};

/** What came of a request, `ExeRtn` of 9012 (HJ 212-2017, table 6). */
export const EXE_RTN: Readonly<Record<string, Text>> = {
  "1": { en: "done", "zh-CN": "执行成功" },
  "2": { en: "failed, for a reason that is not known", "zh-CN": "执行失败，原因未知" },
  "3": { en: "the command or a condition is wrong", "zh-CN": "命令请求条件错误" },
  "4": { en: "communication timed out", "zh-CN": "通讯超时" },
  "5": { en: "the system is busy", "zh-CN": "系统繁忙不能执行" },
  "6": { en: "system fault", "zh-CN": "系统故障" },
  "100": { en: "no data", "zh-CN": "没有数据" },
};

const OF_FIELD: Readonly<Record<string, string>> = {
  PW: "3",
  MN: "4",
  ST: "5",
  Flag: "6",
  QN: "7",
  CN: "8",
};

/** The `QnRtn` that a request with this fault is answered with. */
export function qnRtnOf({
  kind,
  data,
}: {
  readonly kind: FaultKind;
  readonly data: Readonly<Record<string, string | number>>;
}): string {
  if (kind === "crc" || kind === "crc-digits") return "9";
  const isField = kind === "field-value" || kind === "field-missing" || kind === "field-twice";
  return (isField ? OF_FIELD[String(data.name)] : undefined) ?? "100";
}
