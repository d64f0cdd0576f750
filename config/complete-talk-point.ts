import type { Measurement } from "../edge/core/measurement.ts";
import type { FrameType, TalkPlace, TalkPoint, TextForm } from "../edge/core/talker.ts";
import { bytesOf } from "../edge/core/talker.ts";
import type { PointNote } from "./complete-point.ts";
import type { Expected } from "./expected.ts";
import { MEASURE_KEYS, measurementOf } from "./measurement.ts";
import { nearest } from "./nearest.ts";
import type { PointInput } from "./point-schema.ts";
import type { Kind } from "./problems-talk.ts";
import { dataEnd, type ResolvedProtocol } from "./resolve-protocol.ts";
import { isKnownUnit, nearestUnit } from "./units.ts";

/** A point by itself, without the device it belongs to. */
export type CompleteTalkPoint = Omit<TalkPoint, "id"> & {
  readonly unit: string | null;
  readonly measurement: Measurement | null;
};

/** Keys that a point of each kind of protocol may have. */
const KEYS = {
  match: ["group", "suffix", "type", "scale", "offset", "unit", "every", "commit"],
  columns: ["column", "suffix", "type", "scale", "offset", "unit", "every", "commit"],
  nmea: [
    "sentence",
    "field",
    "only",
    "valid",
    "suffix",
    "type",
    "scale",
    "offset",
    "unit",
    "every",
    "commit",
  ],
  binary: ["byte", "type", "order", "scale", "offset", "unit", "every", "commit"],
} as const satisfies Partial<Record<Kind, readonly (keyof PointInput)[]>>;

/** Keys that are for people, in profiles. */
const TOLD: ReadonlySet<string> = new Set(["title", "values", "bits"]);

const MEASURE: ReadonlySet<string> = new Set(MEASURE_KEYS);

/**
 * The point `name` of a device that speaks `resolved`, with its defaults, or null when something
 * essential is wrong; all faults are noted.
 */
export function completeTalkPoint(
  name: string,
  point: PointInput,
  resolved: ResolvedProtocol,
  note: PointNote,
): CompleteTalkPoint | null {
  checkKeys(point, resolved, note);
  if (point.unit !== undefined && !isKnownUnit(point.unit)) {
    note("unknown-unit", { unit: point.unit, nearest: nearestUnit(point.unit) }, "unit");
  }
  if (point.scale === 0) note("scale-zero", null, "scale");
  const place = placeOf(name, point, resolved, note);
  if (place === null) return null;
  const measurement = measurementOf(point, point.type !== "string", note);
  const { scale = 1, offset = 0, unit = null, sentinels = [] } = point;
  return { place, scale, offset, unit, sentinels, measurement };
}

function kindOf({ protocol }: ResolvedProtocol): keyof typeof KEYS {
  return protocol.kind === "text" ? protocol.layout.kind : protocol.kind;
}

function checkKeys(point: PointInput, resolved: ResolvedProtocol, note: PointNote): void {
  const here = kindOf(resolved);
  const allowed: readonly string[] = KEYS[here];
  for (const key of Object.keys(point) as (keyof PointInput)[]) {
    if (TOLD.has(key) || MEASURE.has(key) || allowed.includes(key)) continue;
    note("key-elsewhere", { name: key, here, allowed }, key);
  }
  if (point.type !== "string") return;
  for (const key of ["scale", "offset"] as const) {
    if (point[key] !== undefined) note("scale-without-number", { type: "string", key }, key);
  }
  if (point.suffix !== undefined) {
    const params = {
      name: "suffix",
      here: "string",
      allowed: ["group", "column", "field"],
    } as const;
    note("key-elsewhere", params, "suffix");
  }
}

function placeOf(
  name: string,
  point: PointInput,
  resolved: ResolvedProtocol,
  note: PointNote,
): TalkPlace | null {
  const { protocol, groups } = resolved;
  if (protocol.kind === "binary") return framePlace(point, dataEnd(protocol), note);
  const text = textForm(point, note);
  if (protocol.kind === "nmea") return sentencePlace(point, text, note);
  if (protocol.layout.kind === "columns") {
    return columnPlace(point, text, protocol.layout.columns, note);
  }
  const group = point.group ?? name;
  if (groups.includes(group)) return { kind: "group", group, text };
  const params = { name: group, nearest: nearest(group, groups), known: groups };
  note("unknown-group", params, point.group === undefined ? null : "group");
  return null;
}

function textForm({ type, suffix }: PointInput, note: PointNote): TextForm {
  if (type === "string") return { kind: "string" };
  if (type !== undefined) note("type-in-text", { type }, "type");
  return { kind: "number", suffix: suffix ?? null };
}

function columnPlace(
  { column }: PointInput,
  text: TextForm,
  columns: number | null,
  note: PointNote,
): TalkPlace | null {
  if (column === undefined) {
    lacks("column", { kind: "whole", min: 1, max: 64 }, note);
    return null;
  }
  if (columns !== null && column > columns) note("beyond-columns", { column, columns }, "column");
  return { kind: "column", column, text };
}

function sentencePlace(point: PointInput, text: TextForm, note: PointNote): TalkPlace | null {
  const { sentence, field, only = null, valid = null } = point;
  if (sentence === undefined) lacks("sentence", { kind: "sentence" }, note);
  if (field === undefined) lacks("field", { kind: "whole", min: 1, max: 64 }, note);
  if (sentence === undefined || field === undefined) return null;
  return { kind: "sentence", sentence, field, only, valid, text };
}

function framePlace(point: PointInput, end: number, note: PointNote): TalkPlace | null {
  const { byte, type, order = "ABCD" } = point;
  if (byte === undefined) lacks("byte", { kind: "whole", min: 0, max: 255 }, note);
  if (type === undefined) lacks("type", { kind: "choice", values: FRAME_TYPES }, note);
  else if (!isFrameType(type)) note("type-in-frame", { type }, "type");
  if (byte === undefined || type === undefined || !isFrameType(type)) return null;
  const width = bytesOf(type);
  if (byte + width > end) note("beyond-frame", { byte, width, end }, "byte");
  return { kind: "frame", byte, type, order };
}

function lacks(key: keyof PointInput, expected: Expected, note: PointNote): void {
  note("missing-key", { expected }, key);
}

const FRAME_TYPES: readonly FrameType[] = [
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "float32",
  "float64",
  "bcd16",
  "bcd32",
];

function isFrameType(type: NonNullable<PointInput["type"]>): type is FrameType {
  return type !== "bool" && type !== "string";
}
