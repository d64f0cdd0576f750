import {
  type BoardAnswer,
  type BoardFault,
  type BoardLink,
  type BoardNews,
  type BoardSettings,
  type BoardTask,
  isOutput,
} from "../../edge/core/board.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import { after, type UptimeMs } from "../../edge/core/time.ts";
import type { SimClock } from "./clock.ts";

/** What a source says at a moment; undefined where it says nothing. */
type Course = (uptime: UptimeMs) => number | BoardFault | undefined;

/** A board as the gateway's own process for it tells of it: with a plug, and a pipe that may lag. */
export class SimBoard {
  /** By the name of the source; a source without one says nothing. */
  readonly courses = new Map<string, Course>();
  firmware = "SimFirmata 2.5";
  /** How long what the board told is on its way. */
  lagMs = 0;
  /** What its firmware says that it drives each output with, by the name of the source. */
  readonly outputs = new Map<string, number>();
  /** Every order to an output so far, and when. */
  readonly orders: { readonly source: string; readonly level: number; readonly at: UptimeMs }[] =
    [];
  /** Whether it takes orders and drives its outputs on as before. */
  isStuck = false;
  /** How long an order and its answer take. */
  orderMs = 3;
  /** How often it was opened. */
  openings = 0;
  readonly #clock: SimClock;
  #isPlugged = true;
  #link: SimBoardLink | null = null;

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  /** Throws `GatewayError` `link.refused` while it is unplugged. */
  open(settings: Pick<BoardSettings, "tasks">): BoardLink {
    if (!this.#isPlugged) throw new GatewayError("link.refused", "the port is not there");
    this.#link?.end("opened anew");
    this.openings++;
    const link = new SimBoardLink(this.firmware, (source, level) => this.#obey(source, level));
    this.#link = link;
    for (const { source, input } of settings.tasks) {
      if (isOutput(input) && !this.outputs.has(source)) this.outputs.set(source, 0);
    }
    for (const task of settings.tasks) void this.#carryOut(task, link);
    return link;
  }

  unplug(): void {
    this.#isPlugged = false;
    this.#link?.end("the port is gone");
  }

  plug(): void {
    this.#isPlugged = true;
  }

  /** The reset button: its outputs fall. */
  reset(): void {
    for (const source of this.outputs.keys()) this.outputs.set(source, 0);
    this.#link?.end("the board was reset");
  }

  async #obey(source: string, level: number | null): Promise<BoardAnswer> {
    const link = this.#link;
    if (level !== null) {
      this.orders.push({ source, level, at: this.#clock.uptime() });
      if (!this.isStuck && this.outputs.has(source)) this.outputs.set(source, level);
    }
    await this.#clock.sleep(this.orderMs);
    const now = this.outputs.get(source);
    if (link !== this.#link || !link?.isOpen) return { kind: "none", fault: "lost" };
    return now === undefined
      ? { kind: "none", fault: "no-such-pin" }
      : { kind: "level", level: now };
  }

  /** The process that reads it is killed. */
  killReader(): void {
    this.#link?.end("its reader ended with SIGKILL");
  }

  async #carryOut({ source, everyMs, input }: BoardTask, link: SimBoardLink): Promise<void> {
    while (link.isOpen) {
      const uptime = this.#clock.uptime();
      const told = isOutput(input) ? this.outputs.get(source) : this.courses.get(source)?.(uptime);
      if (told !== undefined) void this.#deliver(newsOf(source, uptime, told), link);
      await this.#clock.sleep(everyMs / 2);
    }
  }

  async #deliver(news: BoardNews, link: SimBoardLink): Promise<void> {
    const due = after(news.uptime, this.lagMs);
    if (this.lagMs > 0) await this.#clock.sleep(due - this.#clock.uptime());
    if (link.isOpen) link.onNews?.(news);
  }
}

function newsOf(source: string, uptime: UptimeMs, told: number | BoardFault): BoardNews {
  return typeof told === "number"
    ? { kind: "value", source, uptime, value: told }
    : { kind: "fault", source, uptime, fault: told };
}

class SimBoardLink implements BoardLink {
  onNews: ((news: BoardNews) => void) | null = null;
  readonly firmware: string;
  readonly closed: Promise<string>;
  readonly #tellClosed: (why: string) => void;
  readonly #obey: (source: string, level: number | null) => Promise<BoardAnswer>;
  isOpen = true;

  constructor(
    firmware: string,
    obey: (source: string, level: number | null) => Promise<BoardAnswer>,
  ) {
    this.firmware = firmware;
    this.#obey = obey;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#tellClosed = resolve;
  }

  drive(source: string, level: number): Promise<BoardAnswer> {
    return this.#order(source, level);
  }

  look(source: string): Promise<BoardAnswer> {
    return this.#order(source, null);
  }

  async #order(source: string, level: number | null): Promise<BoardAnswer> {
    return this.isOpen ? await this.#obey(source, level) : { kind: "none", fault: "lost" };
  }

  close(): void {
    this.end("closed by the gateway");
  }

  end(why: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#tellClosed(why);
  }
}
