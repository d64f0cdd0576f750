import type { Text } from "../core/errors.ts";
import { BUFFER_EVIDENCE, BUFFER_FINDINGS } from "./buffer-text.ts";
import { BUS_EVIDENCE, BUS_FINDINGS } from "./bus-text.ts";
import { CERTIFICATE_EVIDENCE, CERTIFICATE_FINDINGS } from "./certificate-text.ts";
import { CLOCK_EVIDENCE, CLOCK_FINDINGS } from "./clock-text.ts";
import { DEVICE_EVIDENCE, DEVICE_FINDINGS } from "./device-text.ts";
import type { FindingText } from "./finding-text.ts";
import { GATEWAY_EVIDENCE, GATEWAY_FINDINGS } from "./gateway-text.ts";
import { IDENTITY_EVIDENCE, IDENTITY_FINDINGS } from "./identity-text.ts";
import { MACHINE_EVIDENCE, MACHINE_FINDINGS } from "./machine-text.ts";
import { POINT_EVIDENCE, POINT_FINDINGS } from "./point-text.ts";
import { RELEASE_EVIDENCE, RELEASE_FINDINGS } from "./release-text.ts";
import { UPKEEP_EVIDENCE, UPKEEP_FINDINGS } from "./upkeep-text.ts";
import { UPLINK_EVIDENCE, UPLINK_FINDINGS } from "./uplink-text.ts";

/** Everything that the doctor can find, by its code. One file an area. */
export const FINDINGS = {
  ...GATEWAY_FINDINGS,
  ...BUS_FINDINGS,
  ...DEVICE_FINDINGS,
  ...POINT_FINDINGS,
  ...UPLINK_FINDINGS,
  ...CERTIFICATE_FINDINGS,
  ...MACHINE_FINDINGS,
  ...CLOCK_FINDINGS,
  ...BUFFER_FINDINGS,
  ...UPKEEP_FINDINGS,
  ...RELEASE_FINDINGS,
  ...IDENTITY_FINDINGS,
} as const satisfies Record<string, FindingText>;

/** Every sentence that evidence is told with. */
export const EVIDENCE = {
  ...GATEWAY_EVIDENCE,
  ...BUS_EVIDENCE,
  ...DEVICE_EVIDENCE,
  ...POINT_EVIDENCE,
  ...UPLINK_EVIDENCE,
  ...CERTIFICATE_EVIDENCE,
  ...MACHINE_EVIDENCE,
  ...CLOCK_EVIDENCE,
  ...BUFFER_EVIDENCE,
  ...UPKEEP_EVIDENCE,
  ...RELEASE_EVIDENCE,
  ...IDENTITY_EVIDENCE,
} as const satisfies Record<string, Text>;

export type FindingCode = keyof typeof FINDINGS;
export type EvidenceKey = keyof typeof EVIDENCE;
