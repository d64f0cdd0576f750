import type { Batch } from "../../core/batch.ts";
import type { Event } from "../../core/event.ts";
import type { ClockState } from "../../core/time.ts";
import type { Outgoing } from "../../core/uplink.ts";
import type { Catalog, CatalogDevice, CatalogMetric } from "./catalog.ts";
import { REBIRTH } from "./commands.ts";
import { DATA_TYPES } from "./data-types.ts";
import { encodePayload } from "./encode.ts";
import { alarmTold, type Latest } from "./latest.ts";
import { birthMetric, dataMetric, seriesMetrics, type Told } from "./metrics.ts";
import type { Metric, Payload } from "./payload.ts";
import { nextNumber } from "./sequence.ts";
import { type DeviceMessage, deviceTopic, type EdgeNode, nodeTopic } from "./topics.ts";

/** What a node says of itself in its birth. */
export type NodeFacts = {
  readonly release: string;
  /** Fingerprint of the configuration. */
  readonly configuration: string;
  readonly clock: ClockState;
};

/** So many readings go in one message at the most: some 40 kB. */
const READINGS_MAX = 2_000;

/**
 * The messages of one edge node in one session, numbered in the order in which they are made: each
 * must be sent, and in that order. `now` is always the wall time, in milliseconds.
 */
export class Messages {
  readonly #edge: EdgeNode;
  readonly #catalog: Catalog;
  readonly #latest: Latest;
  /** The number of this session (Sparkplug B 3.0, 6.4.25). */
  readonly #bdSeq: number;
  #seq: number | null = null;

  constructor(edge: EdgeNode, catalog: Catalog, latest: Latest, bdSeq: number) {
    this.#edge = edge;
    this.#catalog = catalog;
    this.#latest = latest;
    this.#bdSeq = bdSeq;
  }

  /** The will, and the farewell: the only message without a seq, and of QoS 1. */
  nodeDeath(now: number): Outgoing {
    const payload = { timestamp: now, metrics: [this.#bdSeqMetric(now)] };
    const topic = nodeTopic(this.#edge, "NDEATH");
    return { topic, payload: encodePayload(payload), retain: false, qos: 1 };
  }

  /** Begins to count anew: its seq is 0. */
  nodeBirth({ release, configuration, clock }: NodeFacts, now: number): Outgoing {
    this.#seq = null;
    const { release: first, configuration: second, clock: third, event, alarms } = this.#catalog;
    const text = (metric: CatalogMetric, value: string | null) =>
      birthMetric(metric, this.#told(value, now));
    const metrics: readonly Metric[] = [
      this.#bdSeqMetric(now),
      { name: REBIRTH, timestamp: now, datatype: DATA_TYPES.Boolean, booleanValue: false },
      text(first, release),
      text(second, configuration),
      text(third, clock),
      text(event, null),
      ...Array.from(alarms, ([name, metric]) =>
        birthMetric(metric, this.#latest.alarm(name) ?? this.#told("normal", now)),
      ),
    ];
    const topic = nodeTopic(this.#edge, "NBIRTH");
    return this.#numbered(topic, { timestamp: now, metrics });
  }

  /** With the last readings; `isForHistory` where it does not answer and only its past is told. */
  deviceBirth({ name, metrics }: CatalogDevice, isForHistory: boolean, now: number): Outgoing {
    const unknown = this.#told(null, now);
    const told = metrics.map((metric) => {
      const last = isForHistory ? undefined : this.#latest.point(metric.point);
      return birthMetric(metric, last ?? unknown);
    });
    return this.#ofDevice("DBIRTH", name, { timestamp: now, metrics: told });
  }

  deviceDeath(device: string, now: number): Outgoing {
    return this.#ofDevice("DDEATH", device, { timestamp: now });
  }

  /** What `batch` has of the devices that are `isWanted`, a message or more each. */
  data(
    batch: Batch,
    isHistorical: (device: string) => boolean,
    isWanted: (device: string) => boolean,
    now: number,
  ): readonly Outgoing[] {
    const byDevice = new Map<string, Metric[]>();
    for (const series of batch.series) {
      const known = this.#catalog.points.get(series.point);
      // What the configuration had before and has no more is known to no birth.
      if (known === undefined || !isWanted(known.device)) continue;
      const { device, metric } = known;
      const list = byDevice.get(device) ?? [];
      list.push(...seriesMetrics(metric, series, batch, isHistorical(device)));
      byDevice.set(device, list);
    }
    return Array.from(byDevice, ([device, metrics]) =>
      parts(metrics).map((part) =>
        this.#ofDevice("DDATA", device, { timestamp: now, metrics: part }),
      ),
    ).flat();
  }

  /** An event as the JSON of contract v1, and what it says of its alarm if it is of now. */
  event(event: Event, json: string, isHistorical: boolean, now: number): Outgoing {
    const { at, clock } = event;
    const told: Told = { value: json, quality: "good", at, clock };
    const metrics = [dataMetric(this.#catalog.event, told, isHistorical)];
    const alarm = event.kind === "alarm" ? this.#catalog.alarms.get(event.alarm) : undefined;
    if (event.kind === "alarm" && alarm !== undefined) {
      metrics.push(dataMetric(alarm, alarmTold(event), isHistorical));
    }
    return this.#numbered(nodeTopic(this.#edge, "NDATA"), { timestamp: now, metrics });
  }

  #told(value: string | null, at: number): Told {
    return { value, quality: value === null ? "bad:no-value" : "good", at, clock: "synced" };
  }

  #bdSeqMetric(now: number): Metric {
    const datatype = DATA_TYPES.Int64;
    return { name: "bdSeq", timestamp: now, datatype, longValue: this.#bdSeq };
  }

  #ofDevice(type: DeviceMessage, device: string, payload: Payload): Outgoing {
    return this.#numbered(deviceTopic(this.#edge, type, device), payload);
  }

  #numbered(topic: string, payload: Payload): Outgoing {
    this.#seq = nextNumber(this.#seq);
    const bytes = encodePayload({ ...payload, seq: this.#seq });
    return { topic, payload: bytes, retain: false, qos: 0 };
  }
}

/** `metrics` in parts that fit into a message. */
function parts(metrics: readonly Metric[]): readonly (readonly Metric[])[] {
  const count = Math.ceil(metrics.length / READINGS_MAX);
  return Array.from({ length: count }, (_, index) =>
    metrics.slice(index * READINGS_MAX, (index + 1) * READINGS_MAX),
  );
}
