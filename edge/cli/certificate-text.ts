import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What a certificate of calibration says, in every language. */
export const CERTIFICATE_TEXT = {
  title: { en: "Certificate of calibration", "zh-CN": "校准证书" },
  checkTitle: { en: "Certificate of a calibration check", "zh-CN": "校准核查证书" },
  gateway: { en: "Gateway", "zh-CN": "网关" },
  site: { en: "Site", "zh-CN": "站点" },
  asset: { en: "Asset", "zh-CN": "资产编号" },
  point: { en: "Point", "zh-CN": "测点" },
  unit: { en: "Unit", "zh-CN": "单位" },
  at: { en: "Carried out", "zh-CN": "校准时间" },
  unsynced: { en: "{at} (by a clock that was not set)", "zh-CN": "{at}（时钟未校准）" },
  by: { en: "By", "zh-CN": "校准人" },
  validUntil: { en: "Due again", "zh-CN": "下次校准日期" },
  note: { en: "References and notes", "zh-CN": "标准物与备注" },
  results: { en: "Results", "zh-CN": "校准结果" },
  reference: { en: "Reference", "zh-CN": "标准值" },
  indicated: { en: "Indicated, raw", "zh-CN": "原始示值" },
  found: { en: "As found", "zh-CN": "校准前示值" },
  error: { en: "Error as found", "zh-CN": "校准前误差" },
  left: { en: "As left", "zh-CN": "校准后示值" },
  leftError: { en: "Error as left", "zh-CN": "校准后误差" },
  scatter: { en: "Scatter", "zh-CN": "离散" },
  computed: { en: "{value} (computed)", "zh-CN": "{value}（计算值）" },
  tolerance: { en: "Tolerance as found", "zh-CN": "校准前允许误差" },
  verdict: { en: "Verdict as found", "zh-CN": "校准前结论" },
  within: { en: "within the tolerance", "zh-CN": "合格，在允许误差内" },
  beyond: { en: "beyond the tolerance", "zh-CN": "不合格，超出允许误差" },
  action: { en: "Action", "zh-CN": "处理" },
  adjustment: { en: "adjusted", "zh-CN": "已调整" },
  check: { en: "not adjusted", "zh-CN": "未调整" },
  pairs: { en: "In force: raw → true", "zh-CN": "生效的修正：原始值 → 真值" },
  none: { en: "none", "zh-CN": "无" },
  method: {
    en: "Each value is the mean of a window in which the instrument was steady; scatter is the standard deviation about its trend. As found is by the calibration before, as left by the one that this certificate is of. Meanwhile the readings were marked uncertain:function-check and the alarms were out of service.",
    "zh-CN":
      "各示值为仪表稳定窗口内的平均值；离散为相对趋势线的标准差。“校准前”按原有校准计算，“校准后”按本次校准。期间读数标记为 uncertain:function-check，报警停用。",
  },
  madeBy: { en: "Made by Lifeline Edge {release}", "zh-CN": "由 Lifeline Edge {release} 生成" },
  calibratedBy: { en: "Calibrated by", "zh-CN": "校准" },
  checkedBy: { en: "Checked by", "zh-CN": "复核" },
} as const satisfies Record<string, Text>;

/** The sentence of `CERTIFICATE_TEXT` under a key. */
export const sayCertificate = speaker<keyof typeof CERTIFICATE_TEXT>(CERTIFICATE_TEXT);
