import type { GatewayConfig } from "../config/gateway-config.ts";
import type { AlarmOrder, AlarmOrderOutcome } from "./alarm/alarm-order.ts";
import type { CalibrationOrder } from "./calibrate/orders.ts";
import type { Reconfigure } from "./command/carry-out.ts";
import type { FieldDesk } from "./control/field-desk.ts";
import type { Status } from "./control/status.ts";
import type { ToldDesk } from "./control/told-desk.ts";
import type { Trace } from "./control/trace.ts";
import type { LoopHealth } from "./core/progress.ts";
import type { DryRead } from "./dry-read.ts";
import type { Turn } from "./gateway-event.ts";
import type { MadeDocument } from "./interlock/journal.ts";
import type { InterlockAnswer, InterlockOrder } from "./interlock/orders.ts";
import type { Restarting } from "./update/restarting.ts";

/** A gateway that has been started. */
export type RunningGateway = {
  /** Resolves when it has stopped; rejects when one of its loops died. */
  readonly done: Promise<void>;
  /** Stops reading, stores what is left, sends what it can within `graceMs`, says goodbye. */
  stop(graceMs: number): void;
  status(): Omit<Status, "pid">;
  /** Whether each of its loops goes on. */
  loops(): readonly LoopHealth[];
  /** What went over `bus` from record `from` on (null: from now on); null for an unknown bus. */
  trace(bus: string, from: number | null): Trace | null;
  /** Reads and writes that somebody asks for. */
  readonly field: FieldDesk;
  /** Does what `order` says with `alarm`; answers once that is stored. */
  actOnAlarm(alarm: string, order: AlarmOrder): Promise<AlarmActionOutcome>;
  /** Tests, overrides or releases an interlock; resolves when that is done. */
  actOnInterlock(order: InterlockOrder): Promise<InterlockAnswer>;
  /** Records a document that was made; resolves once that is stored. */
  record(document: MadeDocument): Promise<RecordOutcome>;
  /** Does what somebody wants of a calibration; rejects with `calibration.refused` and the like. */
  calibrate(order: CalibrationOrder): Promise<unknown>;
  /** Takes a signed command that was brought by hand; resolves with the answer to it. */
  command(bytes: Uint8Array): Promise<string>;
  /** How its configuration is changed; null where it cannot be from here. */
  readonly reconfigure: Reconfigure | null;
  /** Reads the points of a configuration that it does not run with, once. */
  dryRead(candidate: GatewayConfig): Promise<DryRead>;
  /** Takes what programs tell of points on buses of kind local. */
  readonly told: Pick<ToldDesk, "tell">;
  /** What speaks for or against restarting it now, and what does that. */
  readonly restarting: Restarting;
  /** Stores and tells an event. */
  tell(turn: Turn): void;
};

/**
 * What became of an order about an alarm: what the desk makes of it, or
 *
 * - `done`: it is stored
 * - `not-stored`: it holds for this run, but the disk has not taken it yet
 * - `stopping`: the gateway takes no more
 */
export type AlarmActionOutcome = AlarmOrderOutcome | "not-stored" | "stopping";

/** What became of the record of a document; see `AlarmActionOutcome`. */
export type RecordOutcome = "done" | "not-stored" | "stopping";
