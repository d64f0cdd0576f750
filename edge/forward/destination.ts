import type { ErrorCode } from "../core/errors.ts";
import type { Delivered, Ledger, LedgerState, StreamKind } from "../core/ledger.ts";
import type { Progress } from "../core/progress.ts";
import type { SeqRange } from "../core/seq-set.ts";
import type { WallMs } from "../core/time.ts";
import type { DrainNews, HoldReason } from "../news.ts";
import type { Recorded } from "../recorded.ts";
import type { World } from "../world.ts";
import type { CertificateNews } from "./certificate-watch.ts";
import type { CommandPort } from "./command-line.ts";
import type { DrainStatus } from "./drain.ts";

/** A loop that serves one central platform, however it is spoken to. */
export type Destination = {
  /** Takes note of what has become durable. */
  onRecorded(recorded: Recorded): void;
  /** Ends `run` within `graceMs`, whatever the platform does: sends what is owed first. */
  finish(graceMs: number): void;
  /** Runs until `finish` was called and the time for it is over, or the signal aborts. */
  run(): Promise<void>;
  status(): DestinationStatus;
  /** What its loop is doing. */
  readonly progress: Progress;
  /** It is owed a result of a command. */
  wake?(): void;
  /** What the gateway says of itself has changed: its status is told anew. */
  restate?(): void;
  /**
   * The gateway's newest certificate is the one with this serial number, or there is none any more
   * (null): a session that shows the gateway's identity by another one begins anew.
   */
  renewed?(serial: string | null): void;
  /** Limits what goes as backlog to so many readings a second; null for no limit. */
  setRate?(perS: number | null): void;
  /** Owes what is stored of `range` again, as backlog; resolves with how many messages that is; null where it cannot. */
  oweAgain?(kind: StreamKind, range: SeqRange): Promise<number | null>;
};

/** What every loop that serves a destination is given. */
export type DestinationParts = {
  readonly world: World;
  readonly ledger: Ledger;
  readonly gateway: string;
  readonly release: string;
  readonly fingerprint: string;
  /** What is signed of the version; left out, or null, where there is nothing to sign it by. */
  readonly proof?: () => string | null;
  /** The way of its commands; left out where it may give none. */
  readonly commands?: CommandPort;
  /** What the ledger held when the gateway started. */
  readonly ledgerState: LedgerState;
  readonly onDelivered: (delivered: Delivered) => void;
  /** Messages of `kind` up to this seq may go. */
  readonly upTo: (kind: StreamKind) => number;
  /** What was stored under `range`, of the queue's `stream`, cannot be read and will never be sent. */
  readonly onLost: (kind: StreamKind, range: SeqRange, stream?: string) => void;
  /** The destination was reached or lost; `cause` says why. */
  readonly onTurn: (to: DestinationState, cause: string) => void;
  /** Connected, it takes no messages for this reason, or takes them again (null); once a turn. */
  readonly onHold: (why: HoldReason | null) => void;
  /** A certificate of its session is about to expire, or has; once each. */
  readonly onCertificate: (news: CertificateNews) => void;
  /** How the delivery of its backlog goes. */
  readonly onDrain: (news: DrainNews) => void;
};

export type DestinationState = "connected" | "disconnected";

/** Figures of one destination for `status`. */
export type DestinationStatus = {
  readonly destination: string;
  readonly state: DestinationState;
  readonly since: WallMs | null;
  /** Which of its brokers has the session; left out where there is but one. */
  readonly broker?: string;
  /** Why it is not connected, or why nothing is taken; null when all is well. */
  readonly trouble: string | null;
  /** The code of the error that keeps it away, where one does; left out where none does. */
  readonly code?: ErrorCode;
  /** Messages committed and not acknowledged. */
  readonly owed: Readonly<Record<StreamKind, number>>;
  /** Messages published and not answered. */
  readonly inFlight: number;
  /** Messages acknowledged since the gateway started. */
  readonly acknowledged: number;
  /** How the backlog gets on; null while it is not connected, and where there is none. */
  readonly drain: DrainStatus | null;
};
