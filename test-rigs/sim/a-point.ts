import type { PointConfig } from "../../config/gateway-config.ts";

/** A point for tests in which it does not matter which: two registers from 10, every second. */
export const POINT: PointConfig = {
  id: "d.level",
  device: "d",
  area: "holding",
  address: 10,
  type: "int32",
  order: "ABCD",
  length: 0,
  scale: 1,
  offset: 0,
  sentinels: [],
  measurement: null,
  unit: null,
  everyMs: 1000,
  readAlone: false,
  readClears: false,
  write: false,
};
