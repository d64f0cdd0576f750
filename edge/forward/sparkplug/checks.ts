import { RemarkList } from "../remark-list.ts";
import { DATA_TYPES, dataTypeOf, isFieldOf, valueIn } from "./data-types.ts";
import { type Carried, carriedBy, type Metric, type Payload, type PropertySet } from "./payload.ts";
import type { Fault, Remarks } from "./remarks.ts";
import type { MessageType } from "./topics.ts";

/** The values of the property Quality: bad, good, stale (Sparkplug B 3.0, 6.4.14). */
const QUALITIES = [0, 192, 500];

/** Of these every metric has its name and data type. */
const BIRTHS: readonly MessageType[] = ["NBIRTH", "DBIRTH"];
/** These are numbered with what the node sends, all but its death. */
const NUMBERED: readonly MessageType[] = ["NBIRTH", "DBIRTH", "DDEATH", "NDATA", "DDATA"];

/** What is wrong with what `payload` says, in a message of `type` where that is known. */
export function faultsOf(payload: Payload, type: MessageType | null): readonly Fault[] {
  const remarks: Remarks = new RemarkList();
  for (const metric of payload.metrics ?? []) checkMetric(metric, type, remarks);
  checkAliases(payload.metrics ?? [], remarks);
  checkSeq(payload, type, remarks);
  if (type !== null) checkType(payload, type, remarks);
  return remarks.faults;
}

function checkMetric(metric: Metric, type: MessageType | null, remarks: Remarks): void {
  const { name, alias, datatype, timestamp, properties } = metric;
  const label = labelOf(metric);
  if (name === undefined && alias === undefined) remarks.fault("no-name", null);
  if (datatype !== undefined) checkValue(metric, datatype, label, remarks);
  checkPresence(metric, label, remarks);
  if (properties !== undefined) checkProperties(properties, label, remarks);
  if (type === null || type === "NDEATH") return;
  const isBirth = BIRTHS.includes(type);
  if (isBirth && name === undefined) remarks.fault("birth-name", null, { name: label });
  if (isBirth && datatype === undefined) remarks.fault("birth-type", null, { name: label });
  const isCommand = type === "NCMD" || type === "DCMD";
  if (!isCommand && timestamp === undefined) remarks.fault("metric-time", null, { name: label });
}

/** What a metric is called where it is spoken of. */
export function labelOf({ name, alias }: Metric): string {
  return name ?? (alias === undefined ? "?" : `#${alias}`);
}

function checkPresence(metric: Metric, name: string, remarks: Remarks): void {
  const hasValue = Object.keys(metric).some((key) => key.endsWith("Value"));
  if (metric.isNull === true && hasValue) remarks.fault("null-with-value", null, { name });
  if (metric.isNull !== true && !hasValue) remarks.fault("no-value", null, { name });
}

function checkValue(carrier: Carried, code: number, name: string, remarks: Remarks): void {
  const type = dataTypeOf(code);
  if (type === null) {
    remarks.fault("data-type", null, { name, given: code });
    return;
  }
  const field = Object.keys(carrier).find((key) => key.endsWith("Value"));
  if (field === undefined || field === "extensionValue") return;
  const raw = carriedBy(carrier);
  if (!isFieldOf(type, field)) remarks.fault("value-field", null, { name, type, field });
  else if (raw !== undefined && valueIn(type, raw) === null) {
    remarks.fault("value-range", null, { name, type, given: String(raw) });
  }
}

function checkProperties(
  { keys = [], values = [] }: PropertySet,
  name: string,
  remarks: Remarks,
): void {
  if (keys.length !== values.length) {
    const counts = { keys: keys.length, values: values.length };
    remarks.fault("property-count", null, { name, ...counts });
  }
  for (const [index, value] of values.entries()) {
    const key = keys[index] ?? "?";
    if (key === "Quality") {
      const isKnown = QUALITIES.includes(value.intValue ?? -1);
      const isInt32 = value.type === undefined || value.type === DATA_TYPES.Int32;
      if (!isKnown || !isInt32) remarks.fault("quality", null, { name });
    } else if (value.type !== undefined) {
      checkValue(value, value.type, `${name}: ${key}`, remarks);
    }
    if (value.propertysetValue !== undefined)
      checkProperties(value.propertysetValue, name, remarks);
  }
}

function checkAliases(metrics: readonly Metric[], remarks: Remarks): void {
  const owners = new Map<string, string>();
  for (const { name, alias } of metrics) {
    if (name === undefined || alias === undefined) continue;
    const owner = owners.get(String(alias));
    if (owner !== undefined && owner !== name) {
      remarks.fault("alias-twice", null, { name, alias: String(alias) });
    }
    owners.set(String(alias), name);
  }
}

function checkSeq({ seq }: Payload, type: MessageType | null, remarks: Remarks): void {
  if (seq !== undefined && (seq < 0 || seq > 255)) {
    remarks.fault("seq-range", null, { seq: String(seq) });
  }
  if (type === null) return;
  const isNumbered = NUMBERED.includes(type);
  if (isNumbered && seq === undefined) remarks.fault("seq-missing", null, { type });
  // A command with one is read all the same by every node (6.4.1 binds edge nodes).
  if (type === "NDEATH" && seq !== undefined) remarks.fault("seq-needless", null, { type });
  if (type === "NBIRTH" && seq !== undefined && seq !== 0) {
    remarks.fault("seq-not-zero", null, { seq: String(seq) });
  }
}

function checkType(
  { metrics = [], timestamp }: Payload,
  type: MessageType,
  remarks: Remarks,
): void {
  if (timestamp === undefined && type !== "NDEATH") remarks.fault("time-missing", null, { type });
  if (type !== "NBIRTH" && type !== "NDEATH") return;
  if (!metrics.some(({ name }) => name === "bdSeq")) {
    remarks.fault("bdseq-missing", null, { type });
  }
  if (type === "NDEATH" && metrics.length > 1) remarks.fault("bdseq-not-alone", null);
}
