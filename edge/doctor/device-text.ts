import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about devices. */
export const DEVICE_FINDINGS = {
  "device.dead": {
    meaning: { en: "the device does not answer", "zh-CN": "设备没有应答" },
    cause: {
      en: "it has no power, its cable is off, or it is broken; others on the bus answer",
      "zh-CN": "设备没有供电、接线脱落或已损坏；同一总线上的其他设备有应答",
    },
    remedy: {
      en: "check the supply at its terminals, then its branch of the cable",
      "zh-CN": "先检查其端子上的供电，再检查其支线",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of them. */
export const DEVICE_EVIDENCE = {
  silentDevice: {
    en: "{device} is silent, and others on {bus} answer",
    "zh-CN": "{device} 无应答，而 {bus} 上的其他设备有应答",
  },
} as const satisfies Record<string, Text>;
