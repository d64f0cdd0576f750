import type { LedgerState } from "./core/ledger.ts";
import type { Wear } from "./core/wear.ts";
import { unitsOf } from "./directory.ts";
import type { Turn } from "./gateway-event.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import { Recorder } from "./recorder.ts";
import type { RecorderParts } from "./recorder-parts.ts";
import { TimeKeeper } from "./time-keeper.ts";
import { WearWatch } from "./wear-watch.ts";

type Parts = Pick<GatewayParts, "world" | "config">;

/** How long the very first reading waits for its commit, in milliseconds. */
const FIRST_COMMIT_MS = 100;

/** What brings the readings and events of a gateway to its ledger. */
export function recorderOf(
  { world, config, ledger, news }: Parts & Pick<GatewayParts, "ledger" | "news">,
  more: Pick<RecorderParts, "ledgerState" | "time" | "own" | "onRecorded">,
  signal: AbortSignal,
): Recorder {
  const { commitMs, commitMsOf } = config.buffer;
  const fixed = { commitMs, commitMsOf, firstMs: FIRST_COMMIT_MS, unitOf: unitsOf(config) };
  const onEvent: RecorderParts["onEvent"] = (event) => news.onEvent(event);
  return new Recorder({ world, ledger, ...fixed, ...more, onEvent }, signal);
}

/** Watches the clock of a gateway, whose turns `tell` takes. */
export function timeKeeperOf(
  { world, config }: Parts,
  { held }: Pick<LedgerState, "held">,
  tell: (turn: Turn) => void,
): TimeKeeper {
  return new TimeKeeper({
    clock: world.clock,
    gateway: config.gateway.id,
    holdMs: config.buffer.holdUnsyncedMs,
    held,
    onTurn: tell,
  });
}

/** Watches how the buffer wears out its card, which `recorder` has remembered. */
export function wearWatchOf(
  { world, config }: Parts,
  { wear: remembered }: Pick<LedgerState, "wear">,
  recorder: Pick<Recorder, "noteWear">,
  tell: (turn: Turn) => void,
): WearWatch {
  const onChange = (wear: Wear) => recorder.noteWear(wear);
  return new WearWatch({
    clock: world.clock,
    limits: config.buffer.card,
    ...{ remembered, onChange, tell },
  });
}
