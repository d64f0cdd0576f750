import type { GatewayEvent } from "./core/event.ts";
import type { Ledger, LedgerState } from "./core/ledger.ts";
import type { OwnStreams } from "./own-streams.ts";
import type { Recorded } from "./recorded.ts";
import type { TimeKeeper } from "./time-keeper.ts";
import type { World } from "./world.ts";

/** What a recorder is made of. */
export type RecorderParts = {
  readonly world: World;
  readonly ledger: Ledger;
  /** What the ledger held when the gateway started. */
  readonly ledgerState: Pick<LedgerState, "untold" | "bytes">;
  /** Time between group commits, and of the points for which it is another, in milliseconds. */
  readonly commitMs: number;
  readonly commitMsOf: ReadonlyMap<string, number>;
  /**
   * How long the very first reading waits for the first commit of all groups, in milliseconds: who
   * starts a gateway wants to see that it measures. Left out, it waits as all others do.
   */
  readonly firstMs?: number;
  readonly unitOf: (point: string) => string | null;
  readonly time: TimeKeeper;
  /** What goes into queues; left out where there are none. */
  readonly own?: OwnStreams;
  /**
   * Called after every commit that returned, with the bytes that the card had to write since the
   * buffer was opened, null where nobody counts. Must not throw.
   */
  readonly onRecorded: (recorded: Recorded, written: number | null) => void;
  /** What happens to the buffer itself, each once. Must not throw. */
  readonly onEvent: (event: GatewayEvent) => void;
};
