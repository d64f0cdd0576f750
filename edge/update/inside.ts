import { healthOf } from "../command/health.ts";
import type { LedgerState } from "../core/ledger.ts";
import type { Delivery } from "../delivery.ts";
import type { Turn } from "../gateway-event.ts";
import { type Inside, loopsOf, statusOf } from "../gateway-status.ts";
import type { Recorder } from "../recorder.ts";
import type { Restarting } from "./restarting.ts";
import type { UpdateInside } from "./updating.ts";

/** What is kept of the journal of updates: up to which byte events have told of it. */
const TOLD = "update.journal";

/** The pieces of a gateway by which it takes part in its being replaced. */
export type UpdatePieces = Pick<UpdateInside, "commands"> & {
  readonly restarting: () => Restarting;
  readonly inside: () => Inside;
  readonly ledgerState: Pick<LedgerState, "counters" | "setAside">;
  readonly recorder: Recorder;
  readonly delivery: Delivery;
  readonly tell: (turn: Turn) => void;
};

/** What a gateway of these pieces lets be seen and done. */
export function insideOf(pieces: UpdatePieces): UpdateInside {
  const { restarting, inside, ledgerState, recorder, delivery, commands, tell } = pieces;
  const { counters, setAside } = ledgerState;
  const look = () => {
    const { failing, commits } = recorder.status();
    const { parts } = inside();
    return {
      loops: loopsOf(inside()),
      health: healthOf(statusOf(inside()), parts.config),
      isStoring: failing === null && commits > 0,
      isSetAside: setAside !== null,
      residentBytes: parts.world.residentBytes(),
    };
  };
  return {
    ...{ look, commands, tell },
    restart: restarting().restart,
    restartFacts: () => restarting().facts,
    restate: () => delivery.restate(),
    toldTo: counters.find(({ name }) => name === TOLD)?.value ?? 0,
    noteTold: (value) => void recorder.noteCounter({ name: TOLD, value }),
  };
}
