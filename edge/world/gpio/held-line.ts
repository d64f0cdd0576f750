import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { BoardAnswer, BoardFault } from "../../core/board.ts";
import { messageOf } from "../../core/errors.ts";
import type { Tools } from "./tools.ts";

/** A process that holds a line ends at once when it is told to; one that does not is killed. */
const END_MS = 300;
/** And is gone then, unless the kernel hangs in it. */
const GONE_MS = 1_000;
/** So long the kernel may take to tell that the line is held. */
const HELD_MS = 2_000;
const LOOK_MS = 3;
/** A process that lives has its line, unless the chip is gone: the kernel is asked so often. */
const ASK_MS = 10_000;

/** A line and how it is driven. */
export type DrivenLine = { readonly offset: number; readonly activeLow: boolean };

/** The process that holds a line, while it lives. */
type Holder = {
  readonly child: ChildProcess;
  readonly level: number;
  readonly ended: Promise<void>;
  isAlive: boolean;
  /** When the kernel told last that it has the line (`performance.now`). */
  heldAt: number;
  complaint: string;
};

/**
 * An output line: a process of `gpioset` holds it at its level. What it is, is what that process was
 * begun with, once the kernel tells that the line is an output and held.
 */
export class HeldLine {
  readonly #tools: Tools;
  readonly #line: DrivenLine;
  readonly #onTrouble: (text: string) => void;
  /** What the line was told last, be it that nobody knows whether it is so. */
  #level = 0;
  #holder: Holder | null = null;
  /** How many orders there were. */
  #orders = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** `onTrouble` is told what a tool says that cannot tell of the chip. */
  constructor(tools: Tools, line: DrivenLine, onTrouble: (text: string) => void) {
    this.#onTrouble = onTrouble;
    this.#tools = tools;
    this.#line = line;
  }

  /**
   * Has the line be at `level`, 0 or 1; not any more from `by` on (`performance.now`), nor once
   * another order came behind it. What is refused is not done later either. Never rejects.
   */
  drive(level: number, by: number): Promise<BoardAnswer> {
    const order = ++this.#orders;
    const isOver = () => order !== this.#orders || performance.now() >= by;
    return this.#inTurn(() => this.#hold(level, isOver));
  }

  /**
   * What the line is; one whose process has ended is held anew. An order does not wait for it.
   * Never rejects.
   */
  async look(): Promise<BoardAnswer> {
    const holder = this.#holder;
    if (holder?.isAlive && holder.level === this.#level) {
      const answer = await this.#safely(() => this.#confirm(holder));
      if (holder === this.#holder && holder.isAlive) return answer;
    }
    return await this.#inTurn(() => this.#hold(this.#level));
  }

  /** As `look`, but a process that has the line is believed for a while. Never rejects. */
  async glance(): Promise<BoardAnswer> {
    const holder = this.#holder;
    const isFresh = holder !== null && performance.now() - holder.heldAt < ASK_MS;
    if (!isFresh || !holder.isAlive || holder.level !== this.#level) return await this.look();
    return { kind: "level", level: holder.level };
  }

  /** Lets go of the line. */
  close(): void {
    this.#isClosed = true;
    // Whoever opens the chip next must not find the line held.
    if (this.#holder?.isAlive) void this.#safely(async () => await end(this.#holder as Holder));
  }

  #inTurn(act: () => Promise<BoardAnswer>): Promise<BoardAnswer> {
    const answer = this.#turn.then(() => this.#safely(act));
    this.#turn = answer;
    return answer;
  }

  async #safely(act: () => Promise<BoardAnswer>): Promise<BoardAnswer> {
    try {
      return await act();
    } catch (error) {
      const text = messageOf(error);
      this.#onTrouble(text);
      return { kind: "none", fault: faultOf(text) };
    }
  }

  /** Has a process hold the line at `level`, and sees to it that it does; nothing once `isOver`. */
  async #hold(level: number, isOver = () => false): Promise<BoardAnswer> {
    if (isOver()) return { kind: "none", fault: "no-answer" };
    const holder = this.#holder?.isAlive ? this.#holder : null;
    if (holder !== null && holder.level === level) {
      this.#level = level;
      return await this.#confirm(holder);
    }
    // Of a line that another holds nobody could tell whose it is, once ours is on its way.
    if (holder === null && (await this.#isHeld())) return { kind: "none", fault: "line-busy" };
    if (isOver()) return { kind: "none", fault: "no-answer" };
    if (holder !== null) await end(holder);
    if (this.#isClosed) return { kind: "none", fault: "lost" };
    const next = begin(this.#tools.hold(this.#line.offset, level, this.#line), level);
    this.#holder = next;
    const before = this.#level;
    this.#level = level;
    const answer = await this.#confirm(next);
    // It did not get the line: what was not done now is not done whenever that is free.
    if (answer.kind === "none" && !next.isAlive) this.#level = before;
    return answer;
  }

  /**
   * Waits until the kernel tells that `holder` has the line, or it has ended; one that has not got
   * it by then is ended, for it must not get it late.
   */
  async #confirm(holder: Holder): Promise<BoardAnswer> {
    const until = performance.now() + HELD_MS;
    while (holder.isAlive && performance.now() < until) {
      const isHeld = await this.#isHeld();
      if (isHeld && holder.isAlive) {
        holder.heldAt = performance.now();
        return { kind: "level", level: holder.level };
      }
      await sleep(LOOK_MS);
    }
    if (!holder.isAlive) return { kind: "none", fault: faultOf(holder.complaint) };
    await end(holder);
    return { kind: "none", fault: "no-answer" };
  }

  async #isHeld(): Promise<boolean> {
    const lines = await this.#tools.info();
    return lines.some((each) => each.offset === this.#line.offset && each.isHeld && each.isOutput);
  }
}

function begin(child: ChildProcess, level: number): Holder {
  const ended = Promise.withResolvers<void>();
  const holder: Holder = {
    child,
    level,
    ended: ended.promise,
    isAlive: true,
    heldAt: -Infinity,
    complaint: "",
  };
  const onEnd = () => {
    holder.isAlive = false;
    ended.resolve();
  };
  child.once("error", (error) => {
    holder.complaint = error.message;
    onEnd();
  });
  child.once("close", onEnd);
  child.stderr?.on("data", (bytes) => {
    holder.complaint += String(bytes);
  });
  return holder;
}

/** Ends what holds a line. Rejects where it cannot be ended. */
async function end({ child, ended }: Holder): Promise<BoardAnswer> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
  const given = sleep(END_MS + GONE_MS, false, { ref: false });
  const isGone = await Promise.race([ended.then(() => true), given]);
  clearTimeout(timer);
  if (!isGone) throw new Error(`the process ${child.pid} that holds a line does not end`);
  return { kind: "none", fault: "lost" };
}

/** Why a line cannot be had, by what a tool says of it. */
export function faultOf(complaint: string): BoardFault {
  if (/busy/i.test(complaint)) return "line-busy";
  return /invalid|out of range|cannot find|not found/i.test(complaint)
    ? "no-such-pin"
    : "no-answer";
}
