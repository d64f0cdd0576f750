import type { Survey } from "../../buffer/survey.ts";
import { loadConfig } from "../../config/load.ts";
import type { WallMs } from "../../edge/core/time.ts";
import type { BufferFacts } from "../../edge/doctor/buffer-facts.ts";
import type { Facts } from "../../edge/doctor/facts.ts";
import type { MachineFacts } from "../../edge/doctor/machine-facts.ts";
import type { UplinkFacts } from "../../edge/doctor/uplink-facts.ts";
import type { Disk } from "../../edge/world/disks.ts";
import type { Reach } from "../../edge/world/reach.ts";
import { aStatus, TOLD_AT } from "./a-status.ts";

export const DAY = 86_400_000;

const YAML = `gateway: { id: gw-0001 }
buses: { line: { kind: modbus-tcp, host: 127.0.0.1 } }
devices: { a: { bus: line, unit: 1, points: { x: { area: holding, address: 0, type: uint16 } } } }
destinations: { centre: { kind: mqtt, url: "mqtts://broker.example" } }
buffer: { dir: /var/lib/lifeline }`;

/** What is known of a gateway with which nothing is wrong, with `some` of it different. */
export function someFacts(some: Partial<Facts> = {}): Facts {
  return {
    at: TOLD_AT as WallMs,
    config: aConfig(),
    configuredAt: null,
    status: aStatus(),
    unasked: null,
    buses: [],
    places: [],
    history: [],
    events: [],
    uplinks: [],
    machine: aMachine(),
    buffer: aBuffer(),
    ...some,
  };
}

function aConfig(): Facts["config"] {
  const nothing = { profiles: new Map(), readFile: () => "", env: () => undefined, folder: "/" };
  const { config, problems } = loadConfig(YAML, nothing);
  if (config === null) throw new Error(JSON.stringify(problems));
  // As `aStatus` says that it runs.
  return { ...config, fingerprint: "sha256:0" };
}

/** A machine with which nothing is wrong. */
export function aMachine(some: Partial<MachineFacts> = {}): MachineFacts {
  return {
    bootedAt: (TOLD_AT - 30 * DAY) as WallMs,
    disks: [aDisk()],
    power: null,
    temperatures: [{ zone: "cpu-thermal", celsius: 48, limitCelsius: 80 }],
    memory: {
      totalBytes: 1e9,
      availableBytes: 6e8,
      swapBytes: 0,
      swapFreeBytes: 0,
      killed: 0,
    },
    process: { residentBytes: 1e8, swappedBytes: 0 },
    clock: {
      isSynced: true,
      daemon: "timesyncd",
      isEnabled: true,
      server: "192.0.2.1",
      offMs: 0.4,
      driftPpm: 12,
    },
    proof: { at: (TOLD_AT - 1000) as WallMs, file: "/var/lib/lifeline/lifeline.db" },
    network: {
      links: [
        { name: "eth0", kind: "cable", state: "up", hasCarrier: true, addresses: ["192.0.2.20"] },
      ],
      defaultRoutes: [{ via: "192.0.2.1", link: "eth0" }],
      neighbours: [],
      nameServers: ["192.0.2.1"],
    },
    files: [],
    secrets: null,
    slots: null,
    updates: null,
    onDisk: { file: "gateway.yaml", changedAt: null, isOnTrial: false, candidate: null },
    firstBoot: null,
    ...some,
  };
}

/** A card with room. */
export function aDisk(some: Partial<Disk> = {}): Disk {
  return {
    path: "/var/lib/lifeline",
    mount: "/",
    device: "/dev/mmcblk0p2",
    type: "ext4",
    isReadOnly: false,
    totalBytes: 16e9,
    freeBytes: 8e9,
    totalInodes: 1_000_000,
    freeInodes: 900_000,
    card: null,
    ...some,
  };
}

/** A way to `centre` that ended as `failed` says. */
export function anUplink(failed: Reach["failed"], some: Partial<Reach> = {}): UplinkFacts {
  const reach = {
    host: "broker.example",
    port: 8883,
    addresses: ["198.51.100.7"],
    failed,
    answersPing: null,
    chain: [],
    tookMs: { name: 3, connect: 20 },
    ...some,
  };
  return { destination: "centre", url: "mqtts://broker.example", reach };
}

/** A buffer of which all was delivered, with `some` of what it holds different. */
export function aBuffer(some: Partial<Survey> = {}): BufferFacts {
  const span = { from: 1, to: 100, stream: "R", count: 100, fromAt: 0, toAt: TOLD_AT };
  const survey: Survey = {
    file: "/var/lib/lifeline/lifeline.db",
    gateway: "gw-0001",
    readings: { ...span, readings: 1000, isCounted: true, thinned: [] },
    events: span,
    bytes: { onDisk: 2e6, used: 1e6, max: 2e9, diskFree: 8e9 },
    destinations: [
      { destination: "centre", isConfigured: true, readings: 0, events: 0, sinceAt: null },
    ],
    forecast: null,
    wear: null,
    aside: [],
    ...some,
  };
  return { kind: "read", survey };
}
