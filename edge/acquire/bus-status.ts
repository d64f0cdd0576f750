import type { AddressRange, ReadRequest } from "../../drivers/driver.ts";
import type { BoardFault } from "../core/board.ts";
import type { WallMs } from "../core/time.ts";
import type { BusState } from "./line.ts";

/** A device that is read, and whether it does not answer. */
export type Polled = { readonly device: string; readonly isSilent: boolean };

/** What is known of a board. */
export type BoardStatus = {
  /** Name and version. */
  readonly firmware: string;
  /** What it should read and has no value of, and why. */
  readonly faults: readonly { readonly source: string; readonly fault: BoardFault }[];
};

/** A part of a device that is not answered. */
export type Unread = AddressRange & {
  readonly device: string;
  /** The points in it, `device.point`. */
  readonly points: readonly string[];
};

/** Figures of one bus for `status`. */
export type BusStatus = {
  /** Left out but on a board that is open. */
  readonly board?: BoardStatus;
  readonly bus: string;
  readonly state: BusState;
  readonly since: WallMs | null;
  /** Why it is closed, or null. */
  readonly trouble: string | null;
  /**
   * `SessionCounters`, summed over all times the bus was opened; of what was asked for besides,
   * `operations` carried out and `operationsRefused` because too many waited; and what was done
   * while nothing answered: `flushes`, `renewals`, `rebinds`.
   */
  readonly counters: Readonly<Record<string, number>>;
  /** Due times skipped because the line had no time for them. */
  readonly missed: number;
  /** Devices that do not answer. */
  readonly silent: readonly string[];
  /** What is not answered by devices that answer otherwise. */
  readonly unanswered: readonly Unread[];
  /** Devices that are left alone because frames come from them that nobody asked for. */
  readonly disturbed: readonly string[];
};

/** `request` as a part of its device that is not answered. */
export function unreadOf({ device, area, address, count, points }: ReadRequest): Unread {
  return { device, area, address, count, points: points.map(({ point }) => point.id) };
}
