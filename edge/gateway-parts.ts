import type { GatewayConfig } from "../config/gateway-config.ts";
import type { Bundling } from "./command/bundling.ts";
import type { Reconfigure } from "./command/carry-out.ts";
import type { CalibrationStore } from "./core/calibration.ts";
import type { FirstBootNotes } from "./core/first-boot.ts";
import type { IdentityKeeper } from "./core/identity.ts";
import type { StartStatus } from "./core/last-run.ts";
import type { Ledger } from "./core/ledger.ts";
import type { News } from "./news.ts";
import type { Updating } from "./update/updating.ts";
import type { World } from "./world.ts";

/** What a gateway is made of. */
export type GatewayParts = {
  readonly world: World;
  readonly config: GatewayConfig;
  readonly ledger: Ledger;
  readonly news: News;
  /** Version of the runtime. */
  readonly release: string;
  /** How the run before this one ended; left out where nobody knows, or this is no new run. */
  readonly start?: StartStatus;
  /** Where calibrations are kept; left out where the gateway is not to be calibrated. */
  readonly calibrations?: CalibrationStore;
  /** Sees to the gateway's identity; left out where nobody is asked to certify it. */
  readonly identity?: IdentityKeeper;
  /** What its card brought, and who shows how far it is; left out where no card brings anything. */
  readonly firstBoot?: FirstBootNotes;
  /** How the configuration is changed by commands; left out where it cannot be. */
  readonly reconfigure?: Reconfigure;
  /** Its part in its being replaced; left out where nobody replaces it. */
  readonly updating?: Updating;
  /** Ends the process, to be started anew; left out where nobody would start it. */
  readonly restart?: () => void;
  /** Makes bundles for support; left out where none can be made. */
  readonly bundling?: Bundling;
};
