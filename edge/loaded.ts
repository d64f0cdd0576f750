import type { GatewayConfig } from "../config/gateway-config.ts";
import type { OpenTalker } from "./acquire/loop-of.ts";
import { calibrationModule } from "./calibrating.ts";
import type { CalibrationStore } from "./core/calibration.ts";
import type { Ledger, LedgerState } from "./core/ledger.ts";
import { selectingParts } from "./own-selections.ts";
import { OwnStreams } from "./own-streams.ts";

/** What is read and loaded before a gateway starts. */
export type Loaded = {
  /** Null where nothing is listened to. */
  readonly openTalker: OpenTalker | null;
  readonly own: OwnStreams;
  /** Null where no point was ever calibrated. */
  readonly calibrate: Awaited<ReturnType<typeof calibrationModule>>;
};

/** What a gateway needs for its configuration, and no more: what it does not use takes no memory. */
export async function loadedFor(
  parts: {
    readonly config: GatewayConfig;
    readonly ledger: Ledger;
    readonly calibrations?: CalibrationStore;
  },
  ledgerState: LedgerState,
): Promise<Loaded> {
  // The engine of the expressions takes 3 MB.
  const isListening = parts.config.talkers.length > 0;
  const serial = isListening ? await import("../drivers/serial/serial.ts") : null;
  const calibrate = await calibrationModule(parts.calibrations);
  const own = await OwnStreams.open(selectingParts(parts.config), parts.ledger, ledgerState);
  return { openTalker: serial?.openTalker ?? null, own, calibrate };
}
