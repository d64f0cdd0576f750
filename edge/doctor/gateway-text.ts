import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about the gateway's process and what it was told. */
export const GATEWAY_FINDINGS = {
  "gateway.down": {
    meaning: { en: "the gateway does not run", "zh-CN": "网关未在运行" },
    cause: {
      en: "it was stopped, never started, or ends again at once",
      "zh-CN": "网关被停止、从未启动，或启动后立即退出",
    },
    remedy: {
      en: "start it: systemctl start lifeline, or lifeline run; its log says why it ended",
      "zh-CN": "启动网关：systemctl start lifeline 或 lifeline run；日志会说明退出原因",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of it. */
export const GATEWAY_EVIDENCE = {} as const satisfies Record<string, Text>;
