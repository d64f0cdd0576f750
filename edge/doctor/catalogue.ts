import type { Text } from "../core/errors.ts";
import { BUS_EVIDENCE, BUS_FINDINGS } from "./bus-text.ts";
import { DEVICE_EVIDENCE, DEVICE_FINDINGS } from "./device-text.ts";
import type { FindingText } from "./finding-text.ts";
import { GATEWAY_EVIDENCE, GATEWAY_FINDINGS } from "./gateway-text.ts";
import { POINT_EVIDENCE, POINT_FINDINGS } from "./point-text.ts";

/** Everything that the doctor can find, by its code. One file an area. */
export const FINDINGS = {
  ...GATEWAY_FINDINGS,
  ...BUS_FINDINGS,
  ...DEVICE_FINDINGS,
  ...POINT_FINDINGS,
} as const satisfies Record<string, FindingText>;

/** Every sentence that evidence is told with. */
export const EVIDENCE = {
  ...GATEWAY_EVIDENCE,
  ...BUS_EVIDENCE,
  ...DEVICE_EVIDENCE,
  ...POINT_EVIDENCE,
} as const satisfies Record<string, Text>;

export type FindingCode = keyof typeof FINDINGS;
export type EvidenceKey = keyof typeof EVIDENCE;
