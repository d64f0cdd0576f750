import type { Remark, RemarkList } from "../remark-list.ts";

/** What can be wrong with a frame, so that it is not to be acted upon. */
export type FaultKind =
  /** It begins with neither 7E 7E nor SOH; `found` bytes stand before one, or -1 for none. */
  | "no-head"
  /** The frame ends `missing` bytes early. */
  | "too-short"
  /** `extra` bytes stand behind the check sum. */
  | "trailing"
  /** A frame of characters has `given` where hexadecimal digits belong. */
  | "not-hex"
  /** The direction is `given`, and neither 0 nor 8. */
  | "direction"
  /** The length says `said`, and `found` bytes stand between start and end mark. */
  | "length"
  /** `given` stands where STX or SYN belongs. */
  | "start-mark"
  /** `given` stands where an end mark belongs. */
  | "end-mark"
  /** The check sum is `given`, and should be `computed`. */
  | "crc"
  /** Packet `index` of `total`. */
  | "packet-number"
  /** The body ends `missing` bytes early within `what`. */
  | "body-short"
  /** The `what` is `given`, which is no time. */
  | "time"
  /** The identifier `given` is none, or its data definition is not the one that it needs. */
  | "identifier"
  /** The data of `name` is `given`, which are no BCD digits. */
  | "not-bcd"
  /** The data of `name` is `given`, which is no number. */
  | "not-number"
  /** `extra` bytes are left over behind the last data of `name`. */
  | "uneven";

/** What departs from the standard and is understood all the same. */
export type NoteKind =
  /** The check sum would be right with its two bytes exchanged; beside the fault `crc`. */
  | "crc-swapped"
  /** An end mark, `mark`, of the other direction. */
  | "end-mark-direction"
  /** The centre's address is 0. */
  | "centre-zero"
  /** The station's address, `given`, has digits that it cannot have. */
  | "station-form"
  /** The station in the body, `given`, is another than in the header. */
  | "station-differs"
  /** There is no function `given`. */
  | "function-unknown"
  /** There is no class of stations `given`. */
  | "class-unknown"
  /** No element or parameter is `given`. */
  | "identifier-unknown"
  /** The last of the characters is no blank. */
  | "no-blank";

/** Something that is wrong. */
export type Fault = Remark<FaultKind>;

/** Something that is remarkable. */
export type Note = Remark<NoteKind>;

/** What was remarked so far. */
export type Remarks = RemarkList<FaultKind, NoteKind>;
