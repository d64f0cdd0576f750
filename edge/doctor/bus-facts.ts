/** What was found out about one bus beside the status. */
export type BusFacts = {
  readonly bus: string;
  readonly port: PortFacts | null;
};

/** The device file of a serial bus. */
export type PortFacts = {
  /** As it is configured. */
  readonly path: string;
  readonly isThere: boolean;
  /** Other serial ports of the machine that no bus uses, by their lasting names. */
  readonly others: readonly string[];
};
