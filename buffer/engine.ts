import { join } from "node:path";
import type Database from "better-sqlite3";
import { GatewayError, messageOf } from "../edge/core/errors.ts";
import { setAside } from "./aside.ts";
import { CardWrites } from "./card-writes.ts";
import { type Opening, openDatabase, reopenDatabase } from "./database.ts";
import { makeDirectory } from "./directory.ts";
import { takeLock } from "./lock.ts";
import type { EngineAnswers, EngineOptions, EngineRequest } from "./requests.ts";
import { guarded, isDamage } from "./sqlite-errors.ts";
import { Store } from "./store.ts";

/**
 * The buffer's SQLite database, one process's own. Synchronous: every call returns when the disk
 * has it. The write-ahead log is flushed at every commit, so a commit that returned survives a
 * power cut, but for one that says that it could not be flushed.
 */
export class Engine {
  readonly #file: string;
  readonly #options: EngineOptions;
  readonly #wait: Opening["wait"];
  readonly #lock: Database.Database;
  readonly #writes: CardWrites | null;
  /** Null while the database is closed. */
  #store: Store | null = null;
  #isGivenUp = false;

  /**
   * Opens or makes the buffer. `wait` is called before a database that seems damaged is opened
   * again; `counts` tells whether this thread is its own, so that what it writes can be counted.
   * Throws `buffer.io`, `buffer.read-only`, `buffer.full`, `buffer.busy` or `buffer.version`.
   */
  constructor(options: EngineOptions, wait: Opening["wait"] = stopThread, counts = false) {
    this.#file = join(options.dir, "lifeline.db");
    this.#options = options;
    this.#wait = wait;
    const lock = join(options.dir, "lifeline.lock");
    this.#lock = guarded(lock, () => {
      makeDirectory(options.dir);
      return takeLock(lock);
    });
    this.#writes = counts ? new CardWrites(options.dir) : null;
    try {
      this.#store = guarded(this.#file, () => this.#open(openDatabase));
    } catch (error) {
      this.#lock.close();
      throw error;
    }
  }

  /**
   * Answers one request. Throws `buffer.io`, `buffer.read-only`, `buffer.full` or
   * `buffer.damaged`; a commit that threw has stored nothing. After `buffer.damaged` only a new engine can go on.
   */
  answer(request: EngineRequest): EngineAnswers[EngineRequest["kind"]] {
    return guarded(this.#file, () => {
      if (request.kind === "close") return this.#close();
      if (this.#isGivenUp) throw new GatewayError("buffer.damaged", `${this.#file} is damaged`);
      try {
        this.#store ??= this.#open(reopenDatabase);
        return answerFrom(this.#store, request);
      } catch (error) {
        if (!isDamage(error)) throw error;
        return this.#makeSure(request);
      }
    });
  }

  /** The settings on which durability rests, as SQLite has them. */
  settings(): Partial<ReturnType<Store["settings"]>> {
    return this.#store?.settings() ?? {};
  }

  /** Asks once more of the database opened anew, and only then gives it up. */
  #makeSure(request: Question): EngineAnswers[EngineRequest["kind"]] {
    try {
      this.#closeStore();
      this.#store = this.#open(reopenDatabase);
      this.#store.isLookedAtTwice = true;
      return answerFrom(this.#store, request);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#giveUp(error);
      throw error;
    }
  }

  #giveUp(damage: unknown): void {
    this.#isGivenUp = true;
    this.#closeStore();
    if (this.#options.isOnTrial === true) return;
    try {
      setAside(this.#file);
    } catch (error) {
      const text = `${messageOf(damage)}; it could not be set aside: ${messageOf(error)}`;
      throw new GatewayError("buffer.damaged", text, { cause: error });
    }
  }

  #open(open: typeof openDatabase): Store {
    const db = open(this.#file, { ...this.#options, wait: this.#wait });
    try {
      return new Store(db, this.#options, this.#writes);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  #close(): null {
    this.#closeStore();
    this.#lock.close();
    return null;
  }

  #closeStore(): void {
    this.#store?.close();
    this.#store = null;
  }
}

/** What needs the database open. */
type Question = Exclude<EngineRequest, { readonly kind: "close" }>;

/** The thread does nothing but wait for the disk anyway. */
function stopThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function answerFrom(store: Store, request: Question): EngineAnswers[EngineRequest["kind"]] {
  switch (request.kind) {
    case "series":
      return store.series();
    case "commit":
      return store.commit(request.commit);
    case "batches":
      return store.batches(request.from, request.limit);
    case "texts":
      return store.texts(request.from, request.limit);
    case "events":
      return store.events(request.from, request.limit);
    case "queued-texts":
      return store.queuedTexts(request.queue, request.from, request.limit);
    case "queued-events":
      return store.queuedEvents(request.queue, request.from, request.limit);
    case "stored":
      return store.stored(request.from, request.limit);
    case "flush":
      return store.flush();
    case "state":
      return store.state();
  }
}
