import type { Attuned } from "../acquire/attune.ts";
import type { Exchange } from "./exchanges.ts";

/** What was found out about one bus beside the status. */
export type BusFacts = {
  readonly bus: string;
  /** Null where it has no device file. */
  readonly port: PortFacts | null;
  /** The last minutes on the wire, the oldest first; empty where nobody could be asked. */
  readonly exchanges: readonly Exchange[];
  /** What was heard at other settings of the line; null where that was not tried. */
  readonly attuned: Attuned | null;
  /** Units that answer, and are no configured device, each with what it was asked for. */
  readonly strangers: readonly Stranger[];
};

/** The device file of a serial bus. */
export type PortFacts = {
  /** As it is configured. */
  readonly path: string;
  readonly isThere: boolean;
  /** Serial ports beside it that no bus uses, by their lasting names. */
  readonly others: readonly string[];
};

/** A unit that answers where a silent device's register was asked for. */
export type Stranger = {
  /** The silent device. */
  readonly device: string;
  readonly unit: number;
  /** Whether it told the value, and did not refuse. */
  readonly hasPlace: boolean;
};
