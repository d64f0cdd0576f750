import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { type ErrorCode, GatewayError } from "../../edge/core/errors.ts";
import { LEAST_PACE } from "../../ota/trust/pace.ts";
import { TrustClient, type TrustSettings } from "../../ota/trust/trust-client.ts";
import { SIM_EPOCH, SimClock } from "../sim/clock.ts";
import { scratchDirectory } from "../sim/scratch.ts";
import { MemoryTransport } from "./memory-transport.ts";
import { SignedRepository } from "./signed-repository.ts";

/** So much virtual time passes at once, in milliseconds, while the machine does the rest. */
const STEP_MS = 1_000;

/** A repository, a gateway's folder, and clients that speak with one over the other. */
export class TrustRig {
  readonly repository: SignedRepository;
  readonly clock = new SimClock();
  readonly transport: MemoryTransport;
  readonly folder: string;
  readonly signal = new AbortController().signal;
  readonly #anchor: Uint8Array;
  readonly #mirrors: readonly string[];

  constructor(
    t: ExecutionContext,
    repository = new SignedRepository().publish(),
    others: Readonly<Record<string, ReadonlyMap<string, Uint8Array>>> = {},
    mirrors: readonly string[] = ["repo"],
  ) {
    this.repository = repository;
    this.transport = new MemoryTransport({ repo: repository.files, ...others }, this.clock);
    this.folder = scratchDirectory();
    this.#anchor = repository.root(1);
    this.#mirrors = mirrors;
    t.teardown(() => rmSync(this.folder, { recursive: true }));
    mkdirSync(this.metadata);
  }

  get metadata(): string {
    return join(this.folder, "metadata");
  }

  get targets(): string {
    return join(this.folder, "targets");
  }

  /** A client as a new process would make it. */
  client(change: Partial<TrustSettings> = {}): TrustClient {
    return new TrustClient({
      reader: { transport: this.transport, clock: this.clock, pace: LEAST_PACE },
      random: () => 0.5,
      patience: { backoff: { firstMs: 1_000, maxMs: 60_000 }, triesMax: 3 },
      metadataDir: this.metadata,
      floorFiles: [join(this.folder, "floor-a"), join(this.folder, "floor-b")],
      anchor: this.#anchor,
      builtAtMs: SIM_EPOCH,
      mirrors: this.#mirrors.map((host) => ({
        metadataUrl: `mem://${host}/metadata`,
        targetsUrl: `mem://${host}/targets`,
      })),
      ...change,
    });
  }

  /** What `promise` comes to, while virtual time passes. */
  async passing<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    promise.then(end, end);
    while (!isOver) {
      // Files are real: give the disk some turns before time passes.
      for (let turn = 0; turn < 20 && !isOver; turn++) await new Promise(setImmediate);
      if (!isOver) await this.clock.advance(STEP_MS);
    }
    return promise;
  }

  refresh(change: Partial<TrustSettings> = {}) {
    return this.passing(this.client(change).refresh(this.signal));
  }

  /** Finds and fetches, as a new process would. */
  async fetch(path: string, change: Partial<TrustSettings> = {}): Promise<Buffer> {
    const client = this.client(change);
    const target = await this.passing(client.find(path, this.signal));
    const file = await this.passing(client.download(target, this.targets, this.signal));
    return readFileSync(file);
  }

  /** All that is trusted, by the names of the files. */
  state(): Readonly<Record<string, string>> {
    const files = [
      ...readdirSync(this.metadata)
        .filter((name) => name.endsWith(".json"))
        .map((name) => join(this.metadata, name)),
      ...["floor-a", "floor-b"].map((name) => join(this.folder, name)),
    ];
    return Object.fromEntries(files.map((file) => [file, readFileSync(file, "utf8")]));
  }
}

/** The code that `promise` is refused with; what else it comes to. */
export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | string> {
  try {
    await promise;
    return "accepted";
  } catch (error) {
    return error instanceof GatewayError ? error.code : `not coded: ${error}`;
  }
}
