import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about buses. */
export const BUS_FINDINGS = {
  "bus.unplugged": {
    meaning: { en: "the serial adapter is not there", "zh-CN": "串口适配器不在" },
    cause: {
      en: "the adapter is pulled out, has no power, or is broken",
      "zh-CN": "适配器被拔出、没有供电，或已损坏",
    },
    remedy: {
      en: "plug the adapter in again; try another USB port, cable or adapter",
      "zh-CN": "重新插上适配器；换一个 USB 口、线缆或适配器再试",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of them. */
export const BUS_EVIDENCE = {
  portGone: { en: "there is no {path}", "zh-CN": "{path} 不存在" },
} as const satisfies Record<string, Text>;
