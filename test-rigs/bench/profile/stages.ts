/** What a reading goes through, and what goes on beside it, in the order of the page. */
export const STAGES = {
  bus: "bus: asking, receiving, decoding",
  judging: "judging: quality, derived points, alarms",
  columns: "columns of the buffer",
  commit: "commit: encoding, SQLite, the log's flush",
  message: "message",
  mqtt: "MQTT, TLS and its socket",
  gateway: "rest of the gateway",
  garbage: "collecting garbage",
  node: "rest of Node: turns of the loop, timers, V8",
} as const;

export type Stage = keyof typeof STAGES;

/** Where each stage is in the sources, by how their paths begin; the first that fits counts. */
const SOURCES: readonly (readonly [Stage, ...string[]])[] = [
  ["message", "edge/forward/", "edge/core/batch-text", "edge/core/json", "edge/core/seq-set"],
  ["mqtt", "edge/world/mqtt", ...["mqtt", "mqtt-packet", "readable-stream", "bl"].map(packageIn)],
  ["columns", "edge/reading-queue", "edge/unstored", "edge/core/round", "edge/core/batch.ts"],
  ["columns", "edge/time-keeper"],
  ["commit", "buffer/", "edge/recorder", "edge/commit-times", packageIn("better-sqlite3")],
  ["judging", "edge/measur", "edge/reading-path", "edge/alarm/", "edge/guard"],
  ["judging", "edge/core/alarm", "edge/core/measurement", "edge/core/formula"],
  ["bus", "drivers/", "edge/acquire/", packageIn("modbus-serial")],
  ["bus", "edge/world/tcp", "edge/world/udp", "edge/world/serial", "edge/doorbell"],
  ["gateway", "edge/", "config/", "ota/", packageIn("")],
];

function packageIn(name: string): string {
  return name === "" ? "node_modules/" : `node_modules/${name}/`;
}

/** The stage of the code of `source`, a path in the checkout; null where it is none of the gateway's. */
export function stageOf(source: string): Stage | null {
  const found = SOURCES.find(([, ...heads]) => heads.some((head) => source.startsWith(head)));
  return found?.[0] ?? null;
}
