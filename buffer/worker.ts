import { parentPort } from "node:worker_threads";
import { GatewayError } from "../edge/core/errors.ts";
import { Engine } from "./engine.ts";
import type { WorkerAnswer, WorkerRequest } from "./worker-port.ts";

/**
 * The thread in which the engine runs: a flush of the disk stops this thread for its whole
 * length, and nobody else.
 */
const post = (answer: WorkerAnswer) => parentPort?.postMessage(answer);

function attempt(id: number, work: () => unknown): void {
  try {
    post({ id, kind: "result", result: work() });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    post({ id, kind: "failure", code: error.code, message: error.message });
  }
}

let engine: Engine | null = null;

function answer(request: WorkerRequest["request"]): unknown {
  if (request.kind !== "open") return engine?.answer(request);
  engine = new Engine(request.options, undefined, true);
  return null;
}

parentPort?.on("message", ({ id, request }: WorkerRequest) => {
  attempt(id, () => answer(request));
  if (request.kind === "close") parentPort?.close();
});
