import { entry, nearestText } from "./problem-entry.ts";

/** What is wrong with a centre that a standard is spoken with. */
export const CENTRE_PROBLEMS = {
  "centre-password": entry("error", ({ protocol }: { readonly protocol: string }) => ({
    en:
      protocol === "sl651"
        ? "what is referred to is no password of SL 651. Allowed: 4 hexadecimal digits, such as 03E8."
        : "what is referred to is no password of HJ 212. Allowed: 1 to 32 printable ASCII characters without ',', ';' and '&'; the standard has 6.",
    "zh-CN":
      protocol === "sl651"
        ? "所引用的内容不是 SL 651 密码。允许：4 位十六进制数，例如 03E8。"
        : "所引用的内容不是 HJ 212 密码。允许：1 至 32 个可打印 ASCII 字符，不含“,”“;”“&”；标准为 6 个字符。",
  })),
  "centre-text": entry("error", ({ point }: { readonly point: string }) => ({
    en: `point '${point}' holds text, which the standard has no form for. Allowed: a point that is a number or a bool.`,
    "zh-CN": `测点“${point}”是文本，标准中没有对应的格式。允许：数值或 bool 类型的测点。`,
  })),
  "centre-nothing": entry("warning", () => ({
    en: "nothing is told to this centre: no point is named.",
    "zh-CN": "未指定任何测点，不会向该中心上报数据。",
  })),
  "element-tag": entry(
    "error",
    (tag: { readonly name: string; readonly nearest: string | null }) => ({
      en: `there is no element '${tag.name}' that is a number.${nearestText(tag.nearest).en} Allowed: the tags of SL 651-2014, table C.1, such as Z, PT, Q and VT.`,
      "zh-CN": `没有名为“${tag.name}”的数值要素。${nearestText(tag.nearest)["zh-CN"]}允许：SL 651-2014 表 C.1 的标识符，例如 Z、PT、Q、VT。`,
    }),
  ),
  "factor-code": entry("error", ({ name }: { readonly name: string }) => ({
    en: `'${name}' is no code of a factor. Allowed: 1 to 20 of 0-9, A-Z and a-z, such as w01018.`,
    "zh-CN": `“${name}”不是污染因子编码。允许：1 至 20 个 0-9、A-Z、a-z，例如 w01018。`,
  })),
};
