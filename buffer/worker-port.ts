import { Worker } from "node:worker_threads";
import { type ErrorCode, GatewayError } from "../edge/core/errors.ts";
import type { Ledger } from "../edge/core/ledger.ts";
import { LedgerClient } from "./client.ts";
import type { EngineAnswers, EngineOptions, EnginePort, EngineRequest } from "./requests.ts";

/**
 * Room for what the thread makes and forgets at once, a batch a second as a rule: by itself it
 * would take three times as much, and keep it. Holds only while no `--max-semi-space-size` is set.
 */
const YOUNG_MB = 3;

/** What is posted to the worker; the opening first. */
export type WorkerRequest = {
  readonly id: number;
  readonly request: EngineRequest | { readonly kind: "open"; readonly options: EngineOptions };
};

/** What it posts: the answer to request `id`. */
export type WorkerAnswer =
  | { readonly id: number; readonly kind: "result"; readonly result: unknown }
  | {
      readonly id: number;
      readonly kind: "failure";
      readonly code: ErrorCode;
      readonly message: string;
    };

/**
 * Opens the buffer in a worker thread, by default one of its own; `turn` is that of `EnginePort`.
 * Rejects with `buffer.io`, `buffer.read-only`, `buffer.full`, `buffer.busy` or `buffer.version`.
 * When the worker dies, `died` and every call reject with an error that is none of the operating
 * errors: the gateway cannot go on without its memory.
 */
export async function openLedger(
  options: EngineOptions,
  turn?: () => Promise<void>,
  thread: BufferThread = new BufferThread(),
): Promise<Ledger> {
  try {
    await thread.open(options, turn);
    return await LedgerClient.open(thread);
  } catch (error) {
    await thread.end();
    throw error;
  }
}

type Waiting = { resolve(result: unknown): void; reject(error: Error): void };

/**
 * A thread in which one buffer can be opened. Begun before it is known which, it has that sooner; what
 * it dies of until then is told to who opens it. Who opens none ends it, or the process.
 */
export class BufferThread implements EnginePort {
  readonly died: Promise<never>;
  turn: () => Promise<void> = () => Promise.resolve();
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  readonly #waiting = new Map<number, Waiting>();
  readonly #tellDied: (death: Error) => void;
  #lastId = 0;
  #death: Error | null = null;

  constructor() {
    const { promise, reject } = Promise.withResolvers<never>();
    this.died = promise;
    this.#tellDied = reject;
    // Who closes the ledger has no use for it.
    promise.catch(() => {});
    this.#worker.on("message", (answer: WorkerAnswer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#die(error));
    this.#worker.on("exit", (code) => this.#die(new Error(`the buffer's thread ended (${code})`)));
  }

  /** Opens the buffer; rejects as `openLedger` does. */
  async open(options: EngineOptions, turn = this.turn): Promise<void> {
    this.turn = turn;
    await this.#post({ kind: "open", options });
  }

  async call<Request extends EngineRequest>(
    request: Request,
  ): Promise<EngineAnswers[Request["kind"]]> {
    return (await this.#post(request)) as EngineAnswers[Request["kind"]];
  }

  /** Ends the thread: a process would not exit while it runs. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #post(request: WorkerRequest["request"]): Promise<unknown> {
    const id = ++this.#lastId;
    const answer = this.#wait(id);
    this.#worker.postMessage({ id, request } satisfies WorkerRequest, bodiesOf(request));
    return answer;
  }

  #wait(id: number): Promise<unknown> {
    if (this.#death !== null) return Promise.reject(this.#death);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #settle(answer: WorkerAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === "result") waiting?.resolve(answer.result);
    else waiting?.reject(new GatewayError(answer.code, answer.message));
  }

  #die(error: unknown): void {
    this.#death ??= new Error("the buffer's thread died", { cause: error });
    this.#tellDied(this.#death);
    for (const { reject } of this.#waiting.values()) reject(this.#death);
    this.#waiting.clear();
  }
}

/** Encoded batches are handed over, not copied. */
function bodiesOf(request: WorkerRequest["request"]): ArrayBuffer[] {
  if (request.kind !== "commit") return [];
  return request.commit.batches.map(({ body }) => body.buffer as ArrayBuffer);
}
