import { BUS_FAULTS } from "./bus-faults.ts";
import { DEVICE_FAULTS } from "./device-faults.ts";
import type { Fault } from "./fault.ts";
import { GATEWAY_FAULTS, POINT_FAULTS } from "./point-faults.ts";

/** Every fault that the doctor is held to; one file a group. */
export const FAULTS: readonly Fault[] = [
  ...BUS_FAULTS,
  ...DEVICE_FAULTS,
  ...POINT_FAULTS,
  ...GATEWAY_FAULTS,
];
