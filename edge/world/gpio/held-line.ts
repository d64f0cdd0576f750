import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { BoardAnswer, BoardFault } from "../../core/board.ts";
import { messageOf } from "../../core/errors.ts";
import type { Tools } from "./tools.ts";

/** A process that holds a line ends at once when it is told to; one that does not is killed. */
const END_MS = 300;
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
  /** What the line was told last. */
  #level = 0;
  #holder: Holder | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** `onTrouble` is told what a tool says that cannot tell of the chip. */
  constructor(tools: Tools, line: DrivenLine, onTrouble: (text: string) => void) {
    this.#onTrouble = onTrouble;
    this.#tools = tools;
    this.#line = line;
  }

  /** Has the line be at `level`, 0 or 1; not any more from `by` on (`performance.now`). Never rejects. */
  drive(level: number, by: number): Promise<BoardAnswer> {
    return this.#inTurn(async () => {
      if (performance.now() >= by) return { kind: "none", fault: "no-answer" };
      this.#level = level;
      return await this.#hold();
    });
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
    return await this.#inTurn(() => this.#hold());
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
    this.#holder?.child.kill("SIGTERM");
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

  async #hold(): Promise<BoardAnswer> {
    const holder = this.#holder?.isAlive ? this.#holder : null;
    if (holder !== null && holder.level === this.#level) return await this.#confirm(holder);
    // Of a line that another holds nobody could tell whose it is, once ours is on its way.
    if (holder === null && (await this.#isHeld())) return { kind: "none", fault: "line-busy" };
    if (holder !== null) await end(holder);
    if (this.#isClosed) return { kind: "none", fault: "lost" };
    const next = begin(this.#tools.hold(this.#line.offset, this.#level, this.#line), this.#level);
    this.#holder = next;
    return await this.#confirm(next);
  }

  /** Waits until the kernel tells that `holder` has the line, or it has ended. */
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
    return { kind: "none", fault: holder.isAlive ? "no-answer" : faultOf(holder.complaint) };
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

async function end({ child, ended }: Holder): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await ended;
  clearTimeout(timer);
}

/** Why a line cannot be had, by what a tool says of it. */
export function faultOf(complaint: string): BoardFault {
  if (/busy/i.test(complaint)) return "line-busy";
  return /invalid|out of range|cannot find|not found/i.test(complaint)
    ? "no-such-pin"
    : "no-answer";
}
