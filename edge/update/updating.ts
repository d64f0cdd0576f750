import type { GatewayConfig } from "../../config/gateway-config.ts";
import { after, type Clock, type UptimeMs } from "../core/time.ts";
import type { UpdateFiles } from "../core/update-files.ts";
import {
  type JournalLine,
  journalIn,
  type ReleaseTrial,
  type UpdateStep,
  type UpdateWork,
  workIn,
} from "../core/update-notes.ts";
import type { VersionClaims } from "../core/version-proof.ts";
import { isDoneInTime } from "../patience.ts";
import { beforeIn, beforeText } from "./before.ts";
import { Candidate, type CandidateParts, ownTrial } from "./candidate.ts";
import { insideOf, type UpdatePieces } from "./inside.ts";
import type { Before } from "./judge.ts";
import { type Commands, OrderDesk } from "./order-desk.ts";
import type { UpdateStatus } from "./update-status.ts";

export type UpdatingParts = {
  readonly clock: Clock;
  readonly config: GatewayConfig;
  /** Version of the program that runs. */
  readonly release: string;
  readonly files: UpdateFiles;
  /** The most memory that the process may take, in bytes. */
  readonly memoryMaxBytes: number;
  /** Signs with the key of the gateway's identity; null where there is none. */
  readonly sign: (claims: VersionClaims) => string | null;
};

/** What a gateway lets it see and do. */
export type UpdateInside = Pick<CandidateParts, "look" | "restartFacts" | "restart" | "tell"> & {
  readonly commands: Commands;
  /** Up to which byte the journal was told, as the buffer remembers it. */
  readonly toldTo: number;
  /** Has that remembered, together with whatever is told at the same moment. */
  readonly noteTold: (to: number) => void;
  /** What the gateway says of itself has changed. */
  readonly restate: () => void;
};

/** How often it is looked at what others have written, in milliseconds. */
const LOOK_MS = 5_000;
/** How often a candidate is looked at, in milliseconds. */
const JUDGE_MS = 1_000;
/** A proof is made anew after so long though nothing has changed, in milliseconds. */
const PROOF_MS = 24 * 3_600_000;
/** No more steps are told at once: of a journal that the buffer knows nothing of, the last. */
const TOLD_MAX = 20;

/** How each step changes how it stands with a release. */
const TURNS: Readonly<Record<Exclude<UpdateStep, "tried">, readonly [string, string]>> = {
  installed: ["absent", "installed"],
  activated: ["installed", "trial"],
  committed: ["trial", "committed"],
  "rolled-back": ["trial", "rolled-back"],
  refused: ["absent", "refused"],
};

/**
 * A gateway's part in its being replaced: it judges itself while it is on trial, tells what the
 * installer and the boot guard wrote, hands on orders, and proves which release it is. It holds up
 * nothing: what cannot be read or written now is tried at the next look.
 */
export class Updating {
  readonly #parts: UpdatingParts;
  readonly #desk: OrderDesk;
  #inside: UpdateInside | null = null;
  #candidate: Candidate | null = null;
  #trial: ReleaseTrial | null = null;
  /** What did well, as the release before left it. */
  #before: Before | null = null;
  #last: JournalLine | null = null;
  #work: UpdateWork | null = null;
  /** The command that ordered the release that runs. */
  #command: string | null = null;
  #proof: { readonly of: string; readonly until: UptimeMs; readonly text: string } | null = null;

  /** Begins with what others have written so far. */
  static async open(parts: UpdatingParts): Promise<Updating> {
    const updating = new Updating(parts);
    await updating.#read();
    return updating;
  }

  private constructor(parts: UpdatingParts) {
    const { config, files, clock } = parts;
    const { hardware = null, channel = null } = config.update ?? {};
    this.#parts = parts;
    const commands = () => this.#commands();
    this.#desk = new OrderDesk({ clock, files, hardware, channel, commands });
  }

  async #read(): Promise<void> {
    const { files, clock } = this.#parts;
    this.#trial = await ownTrial(files);
    this.#before = beforeIn(await files.before(), clock.now());
    await this.#desk.read();
    this.#work = workIn(await files.progress());
    const lines = journalIn((await files.journal(0)).text);
    this.#last = lines.at(-1) ?? null;
    const own = lines.findLast(({ release, command }) => release === files.slot?.name && command);
    this.#command = own?.command ?? null;
  }

  /** Carries out commands `update`. */
  get order(): OrderDesk["order"] {
    return this.#desk.order;
  }

  /** The release that the command with this id ordered; null where none. */
  orderedBy(id: string): string | null {
    return this.#desk.orderedBy(id);
  }

  /** What is signed of the version; null where there is no identity to sign it by. */
  proof(): string | null {
    const { clock, config, release, files, sign } = this.#parts;
    const trial = this.#trial !== null;
    const of = `${trial} ${this.#command}`;
    const uptime = clock.uptime();
    if (this.#proof?.of === of && uptime < this.#proof.until) return this.#proof.text;
    const text = sign({
      gateway: config.gateway.id,
      release,
      counter: files.slot?.release?.counter ?? null,
      slot: files.slot?.name ?? null,
      boot: clock.boot,
      uptimeMs: Math.round(uptime),
      at: clock.now(),
      trial,
      command: this.#command,
    });
    this.#proof = text === null ? null : { of, until: after(uptime, PROOF_MS), text };
    return text;
  }

  status(): UpdateStatus {
    const { files } = this.#parts;
    const order = this.#desk.written;
    const trial = this.#trial;
    return {
      slot: files.slot?.name ?? null,
      counter: files.slot?.release?.counter ?? null,
      channel: files.slot?.release?.channel ?? null,
      trial: trial === null ? null : (this.#candidate?.status(trial) ?? null),
      order: order && {
        ...{ release: order.release, by: order.by },
        ...{ notBefore: order.notBefore, until: order.until },
      },
      work: this.#work,
      last: this.#last && shown(this.#last),
    };
  }

  /**
   * Leaves what does well now for the release that is started next. Rejects with `update.unwritten`.
   */
  async leave(): Promise<void> {
    if (this.#inside === null) return;
    const { health, isStoring } = this.#inside.look();
    const { files, clock } = this.#parts;
    await files.write("before", beforeText({ ...health, isStoring }, clock.now()));
  }

  /** The gateway of these pieces runs; see `begin`. */
  join(
    pieces: UpdatePieces,
    signal: AbortSignal,
  ): readonly { readonly run: () => Promise<void> }[] {
    return [this.begin(insideOf(pieces), signal)];
  }

  /** The gateway runs: its loop, which ends with the reason of `signal`. */
  begin(inside: UpdateInside, signal: AbortSignal): { readonly run: () => Promise<void> } {
    this.#inside = inside;
    this.#candidate = this.#trial === null ? null : this.#candidateOf(inside);
    return { run: () => this.#run(inside, signal) };
  }

  async #run(inside: UpdateInside, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    let told = inside.toldTo;
    let due = clock.uptime();
    const step = async () => {
      await this.#candidate?.look();
      if (clock.uptime() < due) return;
      told = await this.#look(inside, told);
      due = after(clock.uptime(), LOOK_MS);
    };
    while (!signal.aborted) {
      // A disk that hangs is waited for, but not by whoever ends the gateway.
      await isDoneInTime(step(), forEver(), clock, signal);
      const isJudging = this.#candidate !== null && !this.#candidate.isJudged;
      await clock.sleep(isJudging ? JUDGE_MS : LOOK_MS, signal);
    }
    throw signal.reason;
  }

  /** Looks at what others have written since `told`; gives up to where that was told. */
  async #look(inside: UpdateInside, told: number): Promise<number> {
    const { files } = this.#parts;
    const { text, end } = await files.journal(told);
    const fresh = journalIn(text).slice(-TOLD_MAX);
    for (const line of fresh) this.#tell(line, inside);
    if (end !== told) inside.noteTold(end);
    await this.#trialOver(inside);
    this.#work = workIn(await files.progress());
    try {
      await this.#desk.look();
    } catch {
      // A disk that does not let an order be removed: at the next look.
    }
    return end;
  }

  #tell(line: JournalLine, { tell }: UpdateInside): void {
    this.#last = line;
    if (line.step === "tried") return;
    const { step, release, from, reason, at, command, note } = line;
    const { gateway } = this.#parts.config;
    const [was, is] = TURNS[step];
    const detail = {
      ...{ release, at },
      ...(from !== null && { before: from }),
      ...(reason !== null && { reason }),
      ...(command ? { command } : {}),
      ...(note !== undefined && { note }),
    };
    const turn = { kind: "gateway", subject: gateway.id, from: was, to: is } as const;
    tell({ ...turn, cause: `update.${step}`, detail });
    if (release === this.#parts.files.slot?.name && command) this.#command = command;
    this.#desk.told(line);
  }

  /**
   * A trial is over once nobody has it on: then the release that runs is kept, unless another is started
   * next. That this one was kept it must not prove then.
   */
  async #trialOver({ restate }: UpdateInside): Promise<void> {
    const { files } = this.#parts;
    const trial = await ownTrial(files);
    if (trial === null && (await files.current()) !== files.slot?.name) return;
    const isOver = this.#trial !== null && trial === null;
    this.#trial = trial;
    if (!isOver) return;
    this.#candidate = null;
    restate();
  }

  #candidateOf(inside: UpdateInside): Candidate {
    const { clock, config, files, memoryMaxBytes } = this.#parts;
    const before = this.#before;
    const windowMs = config.update?.healthWindowMs ?? WINDOW_MS;
    const { look, restartFacts, restart, tell } = inside;
    return new Candidate(
      {
        ...{ clock, files, look, restartFacts, restart, tell, gateway: config.gateway.id },
        yardstick: { before, config, windowMs, memoryMaxBytes },
      },
      files.slot?.name ?? "",
    );
  }

  #commands(): Commands {
    if (this.#inside !== null) return this.#inside.commands;
    throw new Error("an order before the gateway runs");
  }
}

/** A new one each time: what waits for it is forgotten with it. */
function forEver(): Promise<never> {
  return new Promise(() => {});
}

/** How long a candidate must do well where nobody says so, in milliseconds. */
const WINDOW_MS = 2 * 60_000;

function shown({ boot: _, command: __, ...line }: JournalLine): NonNullable<UpdateStatus["last"]> {
  return line;
}
