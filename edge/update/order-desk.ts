import type { OrderUpdate } from "../command/carry-out.ts";
import type { CommandDesk } from "../command/command-desk.ts";
import type { Done } from "../command/result.ts";
import type { Clock } from "../core/time.ts";
import type { UpdateFiles } from "../core/update-files.ts";
import {
  type JournalLine,
  orderText,
  trialIn,
  type UpdateOrder,
  updateOrderIn,
} from "../core/update-notes.ts";
import { isDoneInTime } from "../patience.ts";

/** How long the disk is waited for before the answer goes without it, in milliseconds. */
const PATIENCE_MS = 10_000;

/** What is needed of the desk that took the command. */
export type Commands = Pick<CommandDesk, "underWay" | "update" | "ordered" | "conclude">;

export type OrderDeskParts = {
  readonly clock: Clock;
  readonly files: UpdateFiles;
  /** The configured ones; null: what the release that runs is for. */
  readonly hardware: string | null;
  readonly channel: string | null;
  readonly commands: () => Commands;
};

/**
 * Hands signed orders for releases to whoever installs them, in a file, and tells the platform later
 * what became of them, be it another process of another release that tells it.
 */
export class OrderDesk {
  readonly #parts: OrderDeskParts;
  #last: UpdateOrder | null = null;
  /** Settles when what is done with the order is done. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(parts: OrderDeskParts) {
    this.#parts = parts;
  }

  /**
   * Does what a command `update` says; what a disk that hangs makes of it nobody knows. Rejects with
   * `update.unwritten`.
   */
  readonly order: OrderUpdate = async (order, who, isStillGood) => {
    const ordering = this.#alone(() => this.#order(order, who, isStillGood));
    const { clock } = this.#parts;
    const isDone = await isDoneInTime(ordering, Promise.resolve(PATIENCE_MS), clock);
    return isDone ? await ordering : UNKNOWN;
  };

  async #order(...[order, who, isStillGood]: Parameters<OrderUpdate>): Promise<Done> {
    const { files, clock } = this.#parts;
    const { release, notBefore, until } = order;
    if (files.slot === null) return refused("command.unsupported", "it runs from no slot");
    if (trialIn(await files.trial()) !== null) {
      return refused("command.busy", "a release is on trial");
    }
    if (release === null) return await this.#takeBack();
    const why = this.#misfit(release);
    if (why !== null) return why;
    if (!isStillGood()) return refused("command.expired", "it took too long");
    if (until !== null && until <= clock.now()) return refused("update.too-late", "until is over");
    const commands = this.#parts.commands();
    const command = { key: who, nonce: commands.underWay ?? "" };
    const written: UpdateOrder = { v: 1, release, by: who, notBefore, until, command };
    await files.write("order", orderText(written));
    this.#last = written;
    commands.conclude(refused("update.superseded", `${release} was ordered`));
    commands.ordered(release);
    return { ...ACCEPTED, result: { state: "accepted", release } };
  }

  /** What was ordered and not done at the last look. */
  get written(): UpdateOrder | null {
    return this.#last;
  }

  /** Reads what is ordered. */
  async read(): Promise<UpdateOrder | null> {
    this.#last = updateOrderIn(await this.#parts.files.order());
    return this.#last;
  }

  /** The release that the command `id` ordered, by what it left; null where it left nothing. */
  orderedBy(id: string): string | null {
    return this.#last?.command?.nonce === id ? this.#last.release : null;
  }

  /** Takes back what has not begun in time. Rejects with `update.unwritten`. */
  look(): Promise<void> {
    return this.#alone(() => this.#look());
  }

  async #look(): Promise<void> {
    const { files, clock } = this.#parts;
    const order = await this.read();
    const until = order?.until ?? null;
    if (order === null || until === null || clock.state() === "unsynced") return;
    if (clock.now() < until || trialIn(await files.trial()) !== null) return;
    await files.removeOrder();
    this.#last = null;
    if (this.#isIts(order.command?.nonce ?? null)) {
      this.#conclude(refused("update.too-late", "until is over"));
    }
  }

  /** A step was told: it may be the outcome of what was ordered. */
  told({ step, release, reason, command }: JournalLine): void {
    const pending = this.#parts.commands().update;
    if (pending === null) return;
    const isIts = command ? command === pending.id : nameIn(pending.release) === release;
    if (!isIts) return;
    const result = { state: step, release, ...(reason !== null && { reason }) };
    if (step === "committed") this.#conclude({ outcome: "done", code: null, result });
    if (step !== "rolled-back" && step !== "refused") return;
    const outcome = step === "refused" ? "refused" : "failed";
    const detail = `${release} was ${step}${reason === null ? "" : `: ${reason}`}`;
    this.#conclude({ outcome, code: "command.failed", detail, result });
  }

  /** One after the other: nobody removes what another has just written. */
  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#before.then(work);
    this.#before = done.catch(() => {});
    return done;
  }

  async #takeBack(): Promise<Done> {
    const { files } = this.#parts;
    const order = await this.read();
    if (order === null) return refused("command.failed", "nothing is ordered");
    await files.removeOrder();
    this.#last = null;
    this.#conclude(refused("update.taken-back", "the order was taken back"));
    return { outcome: "done", code: null, result: { state: "taken-back", release: order.release } };
  }

  #misfit(release: string): Done | null {
    const { files, hardware, channel } = this.#parts;
    const own = files.slot?.release ?? null;
    const [itsHardware = "", itsChannel = ""] = release.split("/");
    const classes = hardware === null ? own?.hardware : [hardware];
    if (classes !== undefined && !classes.includes(itsHardware)) {
      return refused("ota.hardware", `this gateway is ${classes.join(", ")}`);
    }
    const followed = channel ?? own?.channel ?? itsChannel;
    if (followed === itsChannel) return null;
    return refused("ota.channel", `this gateway follows ${followed}`);
  }

  #isIts(nonce: string | null): boolean {
    return nonce !== null && this.#parts.commands().update?.id === nonce;
  }

  #conclude(done: Done): void {
    this.#parts.commands().conclude(done);
  }
}

const UNKNOWN: Done = {
  ...{ outcome: "unknown", code: "update.unwritten" },
  detail: "the disk has not answered yet",
};

const ACCEPTED = { outcome: "done", code: null, stage: "accepted" } as const;

/** The version in the name of a target: `amd64/stable/0.2.0`, or that of its manifest. */
function nameIn(target: string): string {
  const [, , name = ""] = target.split("/");
  return name.replace(/\.release\.json$/, "");
}

function refused(code: NonNullable<Done["code"]>, detail: string): Done {
  return { outcome: "refused", code, detail };
}
