import type { Ledger } from "../edge/core/ledger.ts";
import { LedgerClient } from "./client.ts";
import { Engine } from "./engine.ts";
import type { EngineAnswers, EngineOptions, EnginePort, EngineRequest } from "./requests.ts";

/**
 * Opens the buffer in this thread. `before` is awaited in front of every request, so that a
 * simulated disk can take its time or refuse. `whenDoubted` is called in place of the wait before
 * a database that seems damaged is opened again.
 */
export async function openLocalLedger(
  options: EngineOptions,
  before: (request: EngineRequest) => Promise<void> = () => Promise.resolve(),
  whenDoubted: () => void = () => {},
): Promise<Ledger> {
  const engine = new Engine(options, whenDoubted);
  const port: EnginePort = {
    died: new Promise(() => {}),
    turn: () => Promise.resolve(),
    async call<Request extends EngineRequest>(request: Request) {
      await before(request);
      return engine.answer(request) as EngineAnswers[Request["kind"]];
    },
  };
  return await LedgerClient.open(port);
}
