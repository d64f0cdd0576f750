import { entry, nearestText } from "./problem-entry.ts";

/** What is wrong with what a destination is to get. */
export const SELECTION_PROBLEMS = {
  "pattern-without-match": entry(
    "warning",
    ({ pattern, nearest }: { readonly pattern: string; readonly nearest: string | null }) => ({
      en: `'${pattern}' matches nothing.${nearestText(nearest).en} In points and except it is matched with the whole of device.point, and * stands for any characters.`,
      "zh-CN": `“${pattern}”不匹配任何内容。${nearestText(nearest)["zh-CN"]}points 和 except 中须与完整的“设备.测点”匹配，* 代表任意字符。`,
    }),
  ),
  "selects-nothing": entry("warning", () => ({
    en: "no point is selected, so no reading is sent. Write points: [] where that is meant.",
    "zh-CN": "没有选中任何测点，不会发送任何读数。如有意如此，请写 points: []。",
  })),
};
