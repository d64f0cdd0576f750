import type { Text } from "../core/errors.ts";

/** What the help says of `doctor` and its options, in every language. */
export const DOCTOR_HELP = {
  doctor: {
    en: "Name the cause of each fault, with what speaks for it and what to do.",
    "zh-CN": "指出每个故障的原因、依据和处理方法。",
  },
  doctorDeepOption: {
    en: "ask every unit, and tune silent lines too that an interlock writes to",
    "zh-CN": "查询全部单元号，并调试联锁写入的无应答线路",
  },
  doctorQuickOption: {
    en: "only by what is known already; nothing is asked on any bus",
    "zh-CN": "仅凭已知信息；不在任何总线上查询",
  },
} as const satisfies Record<string, Text>;
