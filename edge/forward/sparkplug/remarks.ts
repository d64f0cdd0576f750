import type { Remark, RemarkList } from "../remark-list.ts";

/** What can be wrong with a payload. */
export type FaultKind =
  /** It, or a message within it, ends `missing` bytes too early for the field `name`. */
  | "truncated"
  /** The number in the field `name` has more bits than it may have. */
  | "number-long"
  /** The field `name` is written as wire type `found`, and its own is `wanted`. */
  | "wire-type"
  /** There is no wire type `found`. */
  | "no-wire-type"
  /** There is no field 0. */
  | "field-zero"
  /** The field `name` is no UTF-8. */
  | "not-utf8"
  /** More than `max` messages stand within each other. */
  | "too-deep"
  /** `name` has more than one value. */
  | "value-twice"
  /** The metric has neither a name nor an alias. */
  | "no-name"
  /** `name` has neither a value nor `is_null`. */
  | "no-value"
  /** `name` has both. */
  | "null-with-value"
  /** `name` has data type `given`, which there is not. */
  | "data-type"
  /** `name` is of type `type`, whose value does not stand in `field`. */
  | "value-field"
  /** `name` is of type `type`, which does not have the value `given`. */
  | "value-range"
  /** `name` has `keys` keys and `values` values of properties. */
  | "property-count"
  /** The property Quality of `name` is no Int32 of 0, 192 or 500. */
  | "quality"
  /** `name` has the alias `alias` of another metric. */
  | "alias-twice"
  /** `seq` is not 0 to 255. */
  | "seq-range"
  /** `type` has a seq, or has none, or a birth of a node one that is not 0. */
  | "seq-needless"
  | "seq-missing"
  | "seq-not-zero"
  /** `type` has no payload timestamp. */
  | "time-missing"
  /** `type` has no bdSeq, or a death more than that. */
  | "bdseq-missing"
  | "bdseq-not-alone"
  /** The metric `name` of a birth has no name, no data type, or no timestamp. */
  | "birth-name"
  | "birth-type"
  | "metric-time"
  /** What a host says of itself is no JSON with `online` and `timestamp`. */
  | "host-state";

/** What departs from Sparkplug B 3.0 and is understood all the same. */
export type NoteKind =
  /** Message `message` has a field `number` that is not known. */
  "field-unknown";

export type Fault = Remark<FaultKind>;
export type Note = Remark<NoteKind>;
export type Remarks = RemarkList<FaultKind, NoteKind>;
