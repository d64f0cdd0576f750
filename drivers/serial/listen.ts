import type { Link } from "../../edge/core/link.ts";
import { after, type Clock, type UptimeMs } from "../../edge/core/time.ts";
import type { Heard, Spoken } from "../heard.ts";
import type { Parser } from "./parser.ts";

/** What has happened on a session since it was opened. */
export type TalkCounters = {
  /** Requests sent. */
  readonly requests: number;
  /** Whole messages that said something about a point. */
  readonly messages: number;
  /** Whole lines or sentences that said nothing about any. */
  readonly misfits: number;
  /** Messages that did not pass their check sum. */
  readonly crcErrors: number;
  /** Received bytes that belong to no message, or lay in the port for too long to be new. */
  readonly discardedBytes: number;
};

export type TalkSettings = {
  /** What is sent to have the device answer; null for one that talks by itself. */
  readonly ask: Uint8Array | null;
  /** After this silence an unfinished message is given up, in milliseconds. */
  readonly gapMs: number;
};

/** How often a session notes that the program goes on, in milliseconds. */
const NOTE_EVERY_MS = 1000;
/** Where such a note is late by more than this, in milliseconds, the program stood still. */
const LATE_MS = 500;

/** An open line with a device that talks by itself, or answers when it is asked. */
export class TalkSession {
  /** The one listener for what the device says, each at the moment when its last byte is there. */
  onHeard: ((heard: Heard) => void) | null = null;
  /** Nothing is to be asked before: an answer to an earlier program may still be on its way. */
  readonly readyAt: UptimeMs;
  /** Resolves once, with why, when the line is gone, whoever closed it. Never rejects. */
  readonly closed: Promise<string>;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #parser: Parser;
  readonly #settings: TalkSettings;
  readonly #counters = { requests: 0, messages: 0, misfits: 0, crcErrors: 0 };
  readonly #end = new AbortController();
  #heardAt: UptimeMs;
  /** When the program was last seen to go on. */
  #awakeAt: UptimeMs;
  #lateBytes = 0;

  constructor(link: Link, clock: Clock, parser: Parser, settings: TalkSettings) {
    this.#link = link;
    this.#clock = clock;
    this.#parser = parser;
    this.#settings = settings;
    this.#heardAt = clock.uptime();
    this.readyAt = after(clock.uptime(), settings.gapMs);
    this.closed = link.closed;
    link.onData = (bytes) => this.#take(bytes);
    this.#awakeAt = clock.uptime();
    void link.closed.then(() => this.#end.abort());
    void this.#noteAwake();
  }

  /** Sends the request, if there is one. */
  ask(): void {
    const { ask } = this.#settings;
    if (ask === null) return;
    this.#counters.requests += 1;
    this.#link.write(ask);
  }

  /** Closes the line. May be called more than once. */
  close(): void {
    this.#end.abort();
    this.#link.onData = null;
    this.#link.close();
  }

  counters(): TalkCounters {
    return { ...this.#counters, discardedBytes: this.#parser.discarded + this.#lateBytes };
  }

  async #noteAwake(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      // Its end is known.
      await this.#clock.sleep(NOTE_EVERY_MS, signal).catch(() => {});
      this.#awakeAt = this.#clock.uptime();
    }
  }

  #take(bytes: Uint8Array): void {
    const now = this.#clock.uptime();
    // The program stood still: nobody knows how long this has waited, nor whether it is all.
    if (now > after(this.#awakeAt, NOTE_EVERY_MS + LATE_MS)) {
      this.#lateBytes += bytes.length;
      this.#parser.loseTrack();
      this.#heardAt = now;
      return;
    }
    if (now > after(this.#heardAt, this.#settings.gapMs)) this.#parser.breakOff();
    this.#heardAt = now;
    for (const heard of this.#parser.take(bytes)) {
      this.#count(heard);
      this.onHeard?.(heard);
    }
  }

  #count({ kind }: Spoken): void {
    switch (kind) {
      case "message":
        this.#counters.messages += 1;
        break;
      case "misfit":
        this.#counters.misfits += 1;
        break;
      case "damaged":
        this.#counters.crcErrors += 1;
        break;
    }
  }
}
