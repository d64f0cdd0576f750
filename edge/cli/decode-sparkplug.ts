import { hexOf } from "../../drivers/wire-text.ts";
import type { Lang } from "../core/errors.ts";
import { faultsOf, labelOf } from "../forward/sparkplug/checks.ts";
import { type DataType, dataTypeOf, valueIn } from "../forward/sparkplug/data-types.ts";
import { decodePayload } from "../forward/sparkplug/decode.ts";
import { hostStateIn } from "../forward/sparkplug/host-state.ts";
import {
  carriedBy,
  type Metric,
  type Payload,
  type PropertyValue,
  type Whole,
} from "../forward/sparkplug/payload.ts";
import type { Fault } from "../forward/sparkplug/remarks.ts";
import { type MessageType, type Topic, topicOf } from "../forward/sparkplug/topics.ts";
import { isoTime } from "../world/wall-text.ts";
import { saySparkplug, saySparkplugFault, saySparkplugNote } from "./decode-sparkplug-text.ts";
import type { Row, SaidRemark, Told } from "./decode-told.ts";

/**
 * What a message of Sparkplug B says, and what is wrong with it. With its `topic` it is also held
 * against what its type must have; without, against what holds for all.
 */
export function tellSparkplug(bytes: Uint8Array, lang: Lang, topic: string | null = null): Told {
  const place = topic === null ? null : topicOf(topic);
  // A payload begins with the tag of one of its fields, 0x08 to 0x2a; JSON with a brace.
  if (place?.kind === "state" || bytes[0] === 0x7b) return tellState(bytes, place, topic, lang);
  const { payload, faults, notes } = decodePayload(bytes);
  const type = place?.type ?? null;
  // What could not be read says nothing that could be wrong.
  const meant = faults.length === 0 ? faultsOf(payload, type) : [];
  return {
    heading: [topic ?? [], hexOf(bytes)].flat().join(" "),
    summary: summaryOf(place, lang),
    rows: rowsOf(payload, lang),
    faults: [...faults, ...meant].map((fault) => said(fault, lang)),
    notes: notes.map((note) => ({ ...note, text: saySparkplugNote(lang, note.kind, note.data) })),
    json: jsonOf(payload, bytes, topic, place),
  };
}

function said(fault: Fault, lang: Lang): SaidRemark {
  return { ...fault, text: saySparkplugFault(lang, fault.kind, fault.data) };
}

/** What a host says of itself. */
function tellState(bytes: Uint8Array, place: Topic | null, topic: string | null, lang: Lang): Told {
  const text = Buffer.from(bytes).toString("utf8");
  const state = hostStateIn(bytes);
  const host = place?.kind === "state" ? place.host : null;
  const fault: Fault = { kind: "host-state", at: null, data: {} };
  return {
    heading: [topic ?? [], text].flat().join(" "),
    summary: saySparkplug(lang, "state", { host: host ?? "?" }),
    rows:
      state === null
        ? []
        : [
            ["online", String(state.isOnline), saySparkplug(lang, online(state.isOnline))],
            ["timestamp", String(state.timestamp), timeText(state.timestamp)],
          ],
    faults: state === null ? [said(fault, lang)] : [],
    notes: [],
    json: {
      framing: "sparkplug",
      text,
      topic,
      type: "STATE",
      host,
      online: state?.isOnline ?? null,
      timestamp: state?.timestamp ?? null,
    },
  };
}

function online(isOnline: boolean): "online" | "offline" {
  return isOnline ? "online" : "offline";
}

function summaryOf(place: Topic | null, lang: Lang): string {
  if (place === null || place.kind === "state") return saySparkplug(lang, "unnamed");
  const { type, group, node } = place;
  const device = place.kind === "device" ? `/${place.device}` : "";
  const id = `${group}/${node}${device}`;
  const colon = lang === "en" ? ": " : "：";
  return `${saySparkplug(lang, "summary", { type, id })}${colon}${saySparkplug(lang, type)}`;
}

function rowsOf({ timestamp, seq, uuid, body, metrics = [] }: Payload, lang: Lang): readonly Row[] {
  const head: readonly (Row | null)[] = [
    timestamp === undefined ? null : ["timestamp", String(timestamp), timeText(timestamp)],
    seq === undefined ? null : ["seq", String(seq)],
    uuid === undefined ? null : ["uuid", uuid],
    body === undefined ? null : ["body", saySparkplug(lang, "bytes", { count: body.length })],
  ];
  const told = metrics.flatMap((metric) => metricRows(metric, lang));
  return [...head.filter((row) => row !== null), ...told];
}

function metricRows(metric: Metric, lang: Lang): readonly Row[] {
  const { name, alias, timestamp, datatype, isHistorical, isTransient } = metric;
  const type = datatype === undefined ? null : dataTypeOf(datatype);
  const remarks = [
    type ?? (datatype === undefined ? null : String(datatype)),
    name === undefined || alias === undefined
      ? null
      : saySparkplug(lang, "alias", { alias: String(alias) }),
    timestamp === undefined ? null : timeText(timestamp),
    isHistorical ? saySparkplug(lang, "historical") : null,
    isTransient ? saySparkplug(lang, "transient") : null,
  ];
  const meaning = remarks.filter((each) => each !== null).join(lang === "en" ? ", " : "，");
  const label = labelOf(metric);
  const row: Row = [label, metricText(metric, type, lang), meaning];
  const { keys = [], values = [] } = metric.properties ?? {};
  const properties = values.map(
    (value, index): Row => [`${label}: ${keys[index] ?? "?"}`, propertyText(value, lang)],
  );
  return [row, ...properties];
}

function metricText(metric: Metric, type: DataType | null, lang: Lang): string {
  const { datasetValue: table, templateValue: template } = metric;
  if (metric.isNull) return saySparkplug(lang, "null");
  if (table !== undefined) {
    const { columns = [], rows = [] } = table;
    return saySparkplug(lang, "dataSet", { columns: columns.length, rows: rows.length });
  }
  if (template !== undefined) {
    const { metrics = [], isDefinition, templateRef = "?" } = template;
    const counts = { metrics: metrics.length, ref: templateRef };
    return saySparkplug(lang, isDefinition ? "definition" : "instance", counts);
  }
  return plainText(metric, type, lang);
}

function propertyText(value: PropertyValue, lang: Lang): string {
  if (value.isNull) return saySparkplug(lang, "null");
  const type = value.type === undefined ? null : dataTypeOf(value.type);
  return plainText(value, type, lang);
}

function plainText(carrier: Metric | PropertyValue, type: DataType | null, lang: Lang): string {
  const { bytesValue, extensionValue } = carrier;
  const bytes = bytesValue ?? extensionValue;
  if (bytes !== undefined) return saySparkplug(lang, "bytes", { count: bytes.length });
  const raw = carriedBy(carrier);
  if (raw === undefined) return "?";
  const value = (type === null ? null : valueIn(type, raw)) ?? raw;
  return type === "DateTime" ? timeText(Number(value)) : String(value);
}

/** The latest moment that a calendar here knows, in Unix milliseconds (ECMAScript, 21.4.1.1). */
const LAST_MS = 8.64e15;

/** The moment in UTC; nothing where no calendar goes so far. */
function timeText(ms: Whole): string {
  return ms <= LAST_MS ? isoTime(Number(ms)) : "";
}

function jsonOf(
  payload: Payload,
  bytes: Uint8Array,
  topic: string | null,
  place: Topic | null,
): object {
  const type: MessageType | null = place === null || place.kind === "state" ? null : place.type;
  const { timestamp, seq, uuid, body, metrics = [] } = payload;
  return {
    framing: "sparkplug",
    hex: hexOf(bytes),
    topic,
    type,
    // A payload has no check sum: MQTT and TCP answer for its bytes.
    crcValid: null,
    timestamp: timestamp ?? null,
    seq: seq ?? null,
    uuid: uuid ?? null,
    body: body === undefined ? null : hexOf(body),
    metrics: metrics.map(metricJson),
  };
}

function metricJson(metric: Metric): object {
  const { name, alias, timestamp, datatype, isHistorical, isTransient, isNull, properties } =
    metric;
  const { metadata, datasetValue, templateValue, bytesValue, extensionValue } = metric;
  const type = datatype === undefined ? null : dataTypeOf(datatype);
  const bytes = bytesValue ?? extensionValue;
  const { keys = [], values = [] } = properties ?? {};
  return {
    name: name ?? null,
    alias: alias ?? null,
    timestamp: timestamp ?? null,
    type: type ?? datatype ?? null,
    value: jsonValue(metric, type),
    historical: isHistorical ?? false,
    transient: isTransient ?? false,
    null: isNull ?? false,
    properties: values.map((value, index) => ({
      key: keys[index] ?? null,
      type: value.type === undefined ? null : (dataTypeOf(value.type) ?? value.type),
      value: jsonValue(value, value.type === undefined ? null : dataTypeOf(value.type)),
    })),
    ...(bytes === undefined ? {} : { bytes: hexOf(bytes) }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(datasetValue === undefined ? {} : { dataset: plain(datasetValue) }),
    ...(templateValue === undefined ? {} : { template: plain(templateValue) }),
  };
}

function jsonValue(carrier: Metric | PropertyValue, type: DataType | null): unknown {
  const raw = carriedBy(carrier);
  if (raw === undefined) return null;
  const value = (type === null ? null : valueIn(type, raw)) ?? raw;
  // JSON has neither NaN nor infinities.
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** `part` with its bytes in hex. */
function plain(part: unknown): unknown {
  if (part instanceof Uint8Array) return hexOf(part);
  if (Array.isArray(part)) return part.map(plain);
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, plain(value)]));
}
