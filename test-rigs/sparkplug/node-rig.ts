import type { PointConfig } from "../../config/gateway-config.ts";
import type { SparkplugSettings } from "../../config/mqtt-config.ts";
import type { WriteOrder } from "../../edge/control/field-orders.ts";
import type { AlarmRule } from "../../edge/core/alarm.ts";
import type { Batch } from "../../edge/core/batch.ts";
import type { Event } from "../../edge/core/event.ts";
import { type Counter, type Delivered, NOTHING_DROPPED } from "../../edge/core/ledger.ts";
import type { Quality, Value } from "../../edge/core/reading.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { EdgeNode } from "../../edge/forward/sparkplug/edge-node.ts";
import type { Turn } from "../../edge/gateway-event.ts";
import { realWorld } from "../../edge/world/real.ts";
import { POINT } from "../sim/a-point.ts";
import { FakeLedger } from "../sim/fake-ledger.ts";
import { DESTINATION } from "../sim/forwarder-rig.ts";

const point = (id: string, rest: Partial<PointConfig> = {}): PointConfig => ({
  ...POINT,
  id,
  device: id.split(".")[0] ?? "",
  ...rest,
});

/** Two devices on one bus: a sensor of gas and temperature, and a valve that may be written. */
const CONFIG = {
  points: [
    point("gas-1.gas", { type: "uint16", scale: 0.1, unit: "%[LEL]" }),
    point("gas-1.temp", { type: "int16" }),
    point("valve-1.shut", { area: "coil", type: "bool", write: true }),
    point("valve-1.setpoint", { type: "float32", write: true }),
    point("valve-1.opened", { type: "uint32" }),
  ],
  talkers: [],
  boards: [],
  derived: [],
  alarms: [{ name: "gas-high" } as AlarmRule],
  devices: ["gas-1", "valve-1"].map((name) => ({ name, bus: "line-a" }) as never),
  buses: [{ name: "line-a" } as never],
};

const SETTINGS: SparkplugSettings = {
  group: "city",
  node: null,
  primaryHost: null,
  takesCommands: true,
  graceMs: 200,
};

/** What is different with one rig. */
export type RigSettings = Partial<SparkplugSettings> & {
  readonly urls: readonly [string, ...string[]];
  readonly version?: "3.1.1" | "5";
};

/** An edge node over a ledger in memory, at real brokers; `gw-0001` of group `city`. */
export function nodeRig({ urls, version = "5", ...sparkplug }: RigSettings) {
  const world = realWorld(
    () => true,
    ({ text }) => text,
  );
  const ledger = new FakeLedger(world.clock, 1);
  const delivered = new Map<string, Delivered>();
  const counters = new Map<string, Counter>();
  const writes: WriteOrder[] = [];
  const told: Turn[] = [];
  const turns: string[] = [];
  const holds: (string | null)[] = [];
  const stop = new AbortController();
  let node: EdgeNode | null = null;
  let running: Promise<void> | null = null;
  const start = async () => {
    const state = await ledger.state();
    node = new EdgeNode(
      {
        world,
        ledger,
        destination: { ...DESTINATION, name: "scada", urls, version, window: 32 },
        sparkplug: { ...SETTINGS, ...sparkplug },
        config: CONFIG,
        gateway: "gw-0001",
        release: "0.1.0",
        fingerprint: "sha256:0123456789abcdef",
        ledgerState: {
          ...state,
          delivered: [...delivered.values()],
          counters: [...counters.values()],
        },
        upTo: () => Infinity,
        onDelivered: (entry) => delivered.set(entry.kind, entry),
        onLost: () => {},
        onTurn: (to, cause) => turns.push(`${to}: ${cause}`),
        onHold: (why) => holds.push(why),
        onCertificate: () => {},
        onDrain: () => {},
        noteCounter: async (counter) => {
          counters.set(counter.name, counter);
          await world.clock.sleep(1);
          return true;
        },
        write: async (order) => {
          await world.clock.sleep(1);
          writes.push(order);
        },
        tell: (turn) => told.push(turn),
      },
      stop.signal,
    );
    running = node.run().catch((error) => {
      if (error !== stop.signal.reason) throw error;
    });
  };
  const recorded = { dropped: NOTHING_DROPPED, spared: [] };
  /** Stores a batch, as the recorder does. */
  const store = (batch: Batch) => {
    const row = { seq: ledger.batches.length + 1, batch };
    ledger.batches.push(row);
    node?.onRecorded({ ...recorded, batches: [row], events: [] });
  };
  const read = (point: string, value: Value | null, quality: Quality = "good", ageMs = 0) =>
    store({
      at: (world.clock.now() - ageMs) as WallMs,
      clock: "synced",
      series: [{ point, unit: null, t: [0], v: [value], q: quality === "good" ? null : [quality] }],
    });
  const happen = (event: Record<string, unknown>) => {
    const full = { at: world.clock.now(), clock: "synced", cause: "test", ...event } as Event;
    const row = { seq: ledger.events.length + 1, event: full };
    ledger.events.push(row);
    node?.onRecorded({ ...recorded, batches: [], events: [row] });
  };
  const finish = async (graceMs = 3000) => {
    node?.finish(graceMs);
    await running;
    node = null;
  };
  const close = async () => {
    stop.abort();
    await running;
  };
  const deliveredTo = (kind: "readings" | "events") => delivered.get(kind)?.ranges.at(-1)?.to ?? 0;
  return {
    ...{ ledger, delivered, counters, writes, told, turns, holds, start, store, read, happen },
    ...{ finish, close, deliveredTo, status: () => node?.status() ?? null, clock: world.clock },
  };
}

export type NodeRig = ReturnType<typeof nodeRig>;
