import { BUS_FAULTS } from "./bus-faults.ts";
import type { Fault } from "./fault.ts";

/** Every fault that the doctor is held to; one file a group. */
export const FAULTS: readonly Fault[] = [...BUS_FAULTS];
