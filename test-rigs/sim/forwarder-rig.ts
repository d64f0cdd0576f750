import type { HttpDestination } from "../../config/http-config.ts";
import type { MqttDestination } from "../../config/mqtt-config.ts";
import type { Batch } from "../../edge/core/batch.ts";
import type { Event } from "../../edge/core/event.ts";
import type { HttpClient } from "../../edge/core/http.ts";
import { type Delivered, NOTHING_DROPPED } from "../../edge/core/ledger.ts";
import type { WallMs } from "../../edge/core/time.ts";
import type { CertificateNews } from "../../edge/forward/certificate-watch.ts";
import type { CommandPort } from "../../edge/forward/command-line.ts";
import { Forwarder } from "../../edge/forward/forwarder.ts";
import type { Turn } from "../../edge/gateway-event.ts";
import type { DrainNews } from "../../edge/news.ts";
import type { World } from "../../edge/world.ts";
import { SimClock } from "./clock.ts";
import { FakeBroker } from "./fake-broker.ts";
import { FakeLedger } from "./fake-ledger.ts";

/** A destination as it is when nothing is said of it, but for a smaller window. */
export const DESTINATION: MqttDestination = {
  kind: "mqtt",
  format: "json",
  template: null,
  name: "centre",
  urls: ["mqtt://127.0.0.1"],
  returnAfterMs: 600_000,
  version: null,
  username: null,
  password: null,
  tls: {},
  keepAliveS: 60,
  sessionExpiryS: 0,
  encoding: "json",
  compression: "none",
  batch: null,
  window: 8,
  needsSubscriber: true,
  commands: false,
  backlogPerS: null,
  selection: { readings: null, events: null },
};

/** A server, as it is when nothing is said of it, but for a longer patience. */
export const SERVER: HttpDestination = {
  kind: "http",
  name: "centre",
  url: "http://127.0.0.1/in",
  headers: {},
  tls: {},
  timeoutMs: 120_000,
  template: null,
  selection: { readings: null, events: null },
  encoding: "json",
  compression: "none",
  batch: null,
  window: 4,
  needsSubscriber: false,
  backlogPerS: null,
};

/** The url of another broker than that of `DESTINATION`. */
export const SECOND = "mqtt://127.0.0.2";

/**
 * One forwarder over a ledger and a broker in memory, in virtual time; `told` of `destination`. With
 * `server` it serves that instead of a broker.
 */
export function forwarderRig(
  destination: Partial<MqttDestination> = {},
  commands?: CommandPort,
  server?: HttpClient,
) {
  const clock = new SimClock();
  const ledger = new FakeLedger(clock);
  const broker = new FakeBroker(clock);
  const second = new FakeBroker(clock);
  const stop = new AbortController();
  const delivered = new Map<string, Delivered>();
  const turns: string[] = [];
  const holds: unknown[] = [];
  const events: Turn[] = [];
  const told: DrainNews[] = [];
  const certificates: CertificateNews[] = [];
  const world = {
    clock,
    random: () => 0.5,
    log: () => {},
    connectMqtt: (...args: Parameters<FakeBroker["connect"]>) =>
      (args[0].url === SECOND ? second : broker).connect(...args),
    openHttp: () => Promise.resolve(server),
  } as unknown as World;
  const start = async () => {
    const state = ledger.state();
    await clock.advance(1);
    const ledgerState = { ...(await state), delivered: [...delivered.values()] };
    const forwarder = new Forwarder(
      {
        world,
        ledger,
        destination: server === undefined ? { ...DESTINATION, ...destination } : SERVER,
        gateway: "gw",
        release: "0",
        fingerprint: "sha256:0",
        ledgerState,
        ...(commands !== undefined && { commands }),
        upTo: () => Infinity,
        onDelivered: (entry) => delivered.set(entry.kind, entry),
        onLost: () => {},
        tell: (turn) => events.push(turn),
        onTurn: (to) => turns.push(to),
        onHold: (why) => holds.push(why),
        onCertificate: (news) => certificates.push(news),
        onDrain: (news) => told.push(news),
      },
      stop.signal,
    );
    return { forwarder, running: forwarder.run().catch(() => {}) };
  };
  const commit = async (forwarder: Forwarder | null, what: "reading" | "event") => {
    const batch = batchOf(1);
    const event: Event = {
      kind: "bus",
      subject: "line",
      from: "a",
      to: "b",
      cause: "c",
      at: 0 as WallMs,
      clock: "synced",
    };
    const done = ledger.commit(what === "reading" ? { batches: [batch] } : { events: [event] });
    await clock.advance(6);
    await done;
    forwarder?.onRecorded({
      batches: what === "reading" ? ledger.batches.slice(-1) : [],
      events: what === "event" ? ledger.events.slice(-1) : [],
      dropped: NOTHING_DROPPED,
      spared: [],
    });
  };
  /** Stores `count` batches of so many readings that were there before the gateway started. */
  const fill = (count: number, readings = 1) => {
    for (let seq = 1; seq <= count; seq++) ledger.batches.push({ seq, batch: batchOf(readings) });
  };
  return {
    clock,
    ledger,
    broker,
    second,
    delivered,
    turns,
    holds,
    events,
    told,
    certificates,
    start,
    commit,
    fill,
    stop,
  };
}

function batchOf(readings: number): Batch {
  const t = Array.from({ length: readings }, (_, i) => i);
  const series = [{ point: "d.x", unit: null, t, v: t, q: null }];
  return { at: 0 as WallMs, clock: "synced", series };
}
