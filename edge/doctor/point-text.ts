import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about single points. */
export const POINT_FINDINGS = {
  "point.stuck": {
    meaning: { en: "the value does not move any more", "zh-CN": "数值不再变化" },
    cause: {
      en: "the sensor is blocked, fouled or frozen, or its electronics hang",
      "zh-CN": "传感器堵塞、结垢或冻结，或其电子部分死机",
    },
    remedy: {
      en: "clean the sensor, switch it off and on, and see whether a change arrives",
      "zh-CN": "清洁传感器，断电重启，确认变化能否传来",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of them. */
export const POINT_EVIDENCE = {
  stuckAt: { en: "{point} stays at {value}", "zh-CN": "{point} 一直是 {value}" },
} as const satisfies Record<string, Text>;
