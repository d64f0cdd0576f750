import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type BoardAnswer,
  type BoardLink,
  type BoardNews,
  type BoardSettings,
  ORDER_MS,
} from "../core/board.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { UptimeMs } from "../core/time.ts";
import { type ChildLine, childLine, type OrderLine } from "./firmata/pipe.ts";
import { uptimeNow } from "./uptime.ts";

const MAIN = fileURLToPath(new URL("./firmata/main.ts", import.meta.url));
/** It lives for years and keeps nothing. */
const FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=64", "--optimize-for-size"];
/** It tells that it lives every second; a machine that is busy may hold it up. */
const SILENT_MS = 10_000;
/** As much of what it says besides is told. */
const COMPLAINT_MAX = 300;
/** So many orders may wait for their answers; one more is not given. */
const ORDERS_MAX = 64;
const LOST: BoardAnswer = { kind: "none", fault: "lost" };

/**
 * Has a process of its own read the board, because the libraries for it cannot be closed and a
 * fault of theirs must not be the gateway's. Rejects with `link.refused`, when that process is gone.
 */
export async function openBoard(settings: BoardSettings, signal: AbortSignal): Promise<BoardLink> {
  await checkPort(settings.path);
  const board = new BoardProcess(start(), settings);
  const stop = () => board.close();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const why = await Promise.race([board.ready.then(() => null), board.closed]);
    if (why === null) return board;
    throw new GatewayError("link.refused", `cannot read the board at ${settings.path}: ${why}`);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

class BoardProcess implements BoardLink {
  firmware = "";
  onNews: ((news: BoardNews) => void) | null = null;
  readonly ready: Promise<void>;
  readonly closed: Promise<string>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ready: () => void;
  #why: string | null = null;
  #complaint = "";
  /** What waits for the answer to each order. */
  readonly #orders = new Map<number, (answer: BoardAnswer) => void>();
  #lastOrder = 0;
  #heardAt = performance.now();

  constructor(child: ChildProcessWithoutNullStreams, settings: BoardSettings) {
    const ready = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.#ready = ready.resolve;
    const closed = Promise.withResolvers<string>();
    this.closed = closed.promise;
    const watch = setInterval(() => {
      if (performance.now() - this.#heardAt > SILENT_MS) this.#kill("its reader hangs");
    }, SILENT_MS / 4);
    this.#child = child;
    void this.closed.then(() => this.#forget());
    // Before all else, because one that nobody listens to is thrown.
    child.once("error", (error) => {
      clearInterval(watch);
      closed.resolve(this.#why ?? error.message);
    });
    child.stdin.on("error", () => this.#kill("it takes no more"));
    child.stdin.write(`${JSON.stringify(settings)}\n`);
    createInterface({ input: child.stdout }).on("line", (text) => this.#take(text));
    child.stderr.on("data", (bytes) => {
      this.#complaint = `${this.#complaint}${bytes}`.slice(-COMPLAINT_MAX);
    });
    // Not "exit", which may come before what it said last.
    child.once("close", (code, signal) => {
      clearInterval(watch);
      const complaint = this.#complaint.trim();
      const how = `its reader ended with ${signal ?? code}${complaint && `: ${complaint}`}`;
      closed.resolve(this.#why ?? how);
    });
  }

  drive(source: string, level: number, withinMs = ORDER_MS): Promise<BoardAnswer> {
    return this.#order(source, level, Math.min(withinMs, ORDER_MS));
  }

  look(source: string): Promise<BoardAnswer> {
    return this.#order(source, null, ORDER_MS);
  }

  close(): void {
    this.#kill("closed by the gateway");
  }

  #order(source: string, level: number | null, withinMs: number): Promise<BoardAnswer> {
    if (this.#why !== null || this.#orders.size >= ORDERS_MAX) return Promise.resolve(LOST);
    const id = ++this.#lastOrder;
    const { promise, resolve } = Promise.withResolvers<BoardAnswer>();
    this.#orders.set(id, resolve);
    const order: OrderLine = { id, source, level, by: elapsedMs() + withinMs };
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    return promise;
  }

  /** Nobody answers any more. */
  #forget(): void {
    for (const answer of this.#orders.values()) answer(LOST);
    this.#orders.clear();
  }

  #kill(why: string): void {
    this.#why ??= why;
    this.#child.kill("SIGKILL");
  }

  #take(text: string): void {
    const line = childLine(text);
    if (line === null) {
      this.#kill(`its reader says ${text.slice(0, COMPLAINT_MAX)}`);
      return;
    }
    this.#heardAt = performance.now();
    switch (line.kind) {
      case "ready":
        this.firmware = line.firmware;
        this.#ready();
        break;
      case "alive":
        break;
      case "answer":
        this.#orders.get(line.id)?.(line.answer);
        this.#orders.delete(line.id);
        break;
      case "lost":
        this.#why ??= line.why;
        break;
      case "value":
      case "fault":
        // What was on its way when the board was lost is not told any more.
        if (this.#why === null) this.onNews?.(newsOf(line));
    }
  }
}

/** A board that is not there is tried for years, and a process takes its time to find that out. */
async function checkPort(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    const text = `cannot read the board at ${path}: ${messageOf(error)}`;
    throw new GatewayError("link.refused", text, { cause: error });
  }
}

/** Starts the process. Throws `link.refused` where the machine has no room for one more. */
function start(): ChildProcessWithoutNullStreams {
  const refused = (cause: unknown) => {
    const text = `cannot start the reader of a board: ${messageOf(cause)}`;
    return new GatewayError("link.refused", text, { cause });
  };
  let child: ChildProcessWithoutNullStreams;
  try {
    child = spawn(process.execPath, [...FLAGS, MAIN], { stdio: ["pipe", "pipe", "pipe"] });
  } catch (error) {
    throw refused(error);
  }
  // Without a descriptor left it has no pipes, and says so later.
  const { stdin } = child as Partial<ChildProcessWithoutNullStreams>;
  if (stdin) return child;
  child.once("error", () => {});
  throw refused(new Error("too many open files"));
}

/** The machine's CLOCK_MONOTONIC, in milliseconds. */
function elapsedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The two processes count elapsed time from different starts, by the same clock. */
function newsOf(line: Extract<ChildLine, { readonly kind: "value" | "fault" }>): BoardNews {
  const { at, ...news } = line;
  const ageMs = Math.max(0, elapsedMs() - at);
  return { ...news, uptime: (uptimeNow() - ageMs) as UptimeMs };
}
