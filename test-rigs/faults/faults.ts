import { BUS_STORIES } from "./bus-faults.ts";
import { CLOCK_FAULTS } from "./clock-faults.ts";
import { DEVICE_STORIES } from "./device-faults.ts";
import type { Fault } from "./fault.ts";
import { GATEWAY_FAULTS } from "./gateway-faults.ts";
import { alone, type LineStory } from "./line-story.ts";
import { MACHINE_FAULTS } from "./machine-faults.ts";
import { POINT_STORIES } from "./point-faults.ts";
import { UPKEEP_FAULTS } from "./upkeep-faults.ts";
import { UPLINK_FAULTS } from "./uplink-faults.ts";

/** Faults that can happen beside each other, each on a line of its own. */
export const LINE_STORIES: readonly LineStory[] = [
  ...BUS_STORIES,
  ...DEVICE_STORIES,
  ...POINT_STORIES,
];

/** Every fault that the doctor is held to; one file a group. */
export const FAULTS: readonly Fault[] = [
  ...LINE_STORIES.map(alone),
  ...GATEWAY_FAULTS,
  ...UPLINK_FAULTS,
  ...CLOCK_FAULTS,
  ...MACHINE_FAULTS,
  ...UPKEEP_FAULTS,
];
