import type { Remark, RemarkList } from "../remark-list.ts";

/** What can be wrong with a frame, so that it is not to be acted upon. */
export type FaultKind =
  /** It does not begin with `##`; `found` bytes stand before one, or -1 where there is none. */
  | "no-head"
  /** The four characters of the length are no digits but `given`. */
  | "length-digits"
  /** The length says `said` and the data segment has `found` bytes. */
  | "length"
  /** The frame ends `missing` bytes early. */
  | "too-short"
  /** `extra` bytes stand behind the check sum. */
  | "trailing"
  /** The check sum `given` is no four hexadecimal digits. */
  | "crc-digits"
  /** The check sum is `given`, and the data segment's is `computed`. */
  | "crc"
  /** There is no `CP=`. */
  | "no-cp"
  /** CP does not begin with `&&`. */
  | "cp-open"
  /** CP does not end with `&&`. */
  | "cp-close"
  /** `text` stands where `name=value` belongs. */
  | "no-equals"
  /** The field `name` is missing. */
  | "field-missing"
  /** The field `name` has the value `value`, which it cannot have. */
  | "field-value"
  /** The field `name` stands there twice. */
  | "field-twice"
  /** `name`, or its value, is no UTF-8. */
  | "not-utf8"
  /** Packet `pno` of `pnum`. */
  | "packet-number";

/** What departs from the standard and is understood all the same. */
export type NoteKind =
  /** No CR LF behind the check sum. */
  | "no-tail"
  /** The check sum is written in lower case. */
  | "crc-case"
  /** The check sum is CRC-16/MODBUS; beside the fault `crc`, unless such are taken. */
  | "modbus-crc"
  /** No QN, or no Flag: the 2005 edition. */
  | "edition-2005"
  /** MN is `mn`, and not 24 hexadecimal digits. */
  | "mn-form"
  /** PW has other than 6 characters. */
  | "pw-length"
  /** The field `name` is missing, which need not be. */
  | "field-absent"
  /** There is no field `name` before CP. */
  | "field-unknown"
  /** The fields stand in another order than the standard gives. */
  | "field-order"
  /** No system is `st`. */
  | "system-unknown"
  /** No command is `cn`. */
  | "command-unknown"
  /** Flag says that PNUM and PNO follow, and they do not. */
  | "packets-missing"
  /** PNUM and PNO are there, and Flag does not say so. */
  | "packets-unflagged"
  /** An item is empty: mostly a semicolon too many before the closing `&&`. */
  | "item-empty"
  /** BeginTime and EndTime are joined by a comma, as in 2005. */
  | "comma-times"
  /** The data segment has `found` bytes, more than `max`. */
  | "segment-long"
  /** CP has `found` bytes, more than `max`. */
  | "cp-long"
  /** The value of `name` is `value`, and should be a time. */
  | "time-form"
  /** The value of `name` is `value`, and should be a number. */
  | "number-form"
  /** No mark is `value`. */
  | "mark-unknown";

/** Something that is wrong. */
export type Fault = Remark<FaultKind>;

/** Something that is remarkable. */
export type Note = Remark<NoteKind>;

/** What was remarked so far. */
export type Remarks = RemarkList<FaultKind, NoteKind>;
