import { GatewayError } from "../../edge/core/errors.ts";
import type { WallMs } from "../../edge/core/time.ts";
import type { Slot, UpdateFiles } from "../../edge/core/update-files.ts";
import type { JournalLine } from "../../edge/core/update-notes.ts";

/** The slot of a release that was updated to. */
export const SLOT: Slot = {
  name: "0.2.0",
  release: { counter: 17, hardware: ["amd64"], channel: "stable" },
};

/** The files of updates in memory, and what an installer and a boot guard write into them. */
export class UpdateFolder implements UpdateFiles {
  /** Of the release that is started next. */
  slot: Slot | null;
  readonly written = new Map<string, string>();
  journalText = "";
  trialText: string | null = null;
  progressText: string | null = null;
  /** The slot that is started next; null: the one that runs. */
  next: string | null = null;
  isOnline = true;
  /** Whether the disk takes anything. */
  takes = true;
  /** Whether it hangs instead. */
  hangs = false;

  constructor(slot: Slot | null = SLOT) {
    this.slot = slot;
  }

  /** Puts a release on trial, and back to this one's slot where it fails. */
  try(candidate: string, previous = "0.1.0"): void {
    this.trialText = `candidate=${candidate}\nprevious=${previous}\ncounter=17\ntries=1\n`;
  }

  /** Ends a trial, whatever it came to. */
  endTrial(): void {
    this.trialText = null;
  }

  /** Adds a step to the journal. */
  note(step: JournalLine["step"], more: Partial<JournalLine> = {}): void {
    const at = 1_795_000_000_000 as WallMs;
    const line = { at, boot: "b", step, release: "0.2.0", from: "0.1.0", reason: null, ...more };
    this.journalText += `${JSON.stringify(line)}\n`;
  }

  current(): Promise<string | null> {
    return Promise.resolve(this.next ?? this.slot?.name ?? null);
  }

  trial(): Promise<string | null> {
    return Promise.resolve(this.trialText);
  }

  journal(from: number): Promise<{ readonly text: string; readonly end: number }> {
    const begin = from > this.journalText.length ? 0 : from;
    const text = this.journalText.slice(begin);
    return Promise.resolve({ text, end: this.journalText.length });
  }

  order(): Promise<string | null> {
    return Promise.resolve(this.text("order"));
  }

  verdict(): Promise<string | null> {
    return Promise.resolve(this.text("verdict"));
  }

  progress(): Promise<string | null> {
    return Promise.resolve(this.progressText);
  }

  before(): Promise<string | null> {
    return Promise.resolve(this.text("before"));
  }

  async write(file: "order" | "verdict" | "before", text: string): Promise<void> {
    await this.#answer();
    this.written.set(file, text);
  }

  async removeOrder(): Promise<void> {
    await this.#answer();
    this.written.delete("order");
  }

  /** What stands in a file now; null where there is none. */
  text(file: "order" | "verdict" | "before"): string | null {
    return this.written.get(file) ?? null;
  }

  #answer(): Promise<void> {
    if (this.hangs) return new Promise(() => {});
    if (this.takes) return Promise.resolve();
    return Promise.reject(new GatewayError("update.unwritten", "the disk is full"));
  }

  hasNetwork(): boolean {
    return this.isOnline;
  }
}
