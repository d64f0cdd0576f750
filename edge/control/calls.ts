import type { Attuned, AttuneOrder } from "../acquire/attune.ts";
import type { AlarmOrder } from "../alarm/alarm-order.ts";
import type { StepTaken } from "../calibrate/orders.ts";
import type { Done } from "../command/result.ts";
import type { MadeDocument } from "../interlock/journal.ts";
import type { InterlockAnswer } from "../interlock/orders.ts";
import type { AlarmActionOutcome, RecordOutcome } from "../running-gateway.ts";
import type { Permission } from "../update/permission.ts";
import type { RestartOrder } from "../update/restarting.ts";
import type { EventPage, ReadingPage } from "./feed.ts";
import type { FieldReading, Probed, Told } from "./field-desk.ts";
import type { ReadOrder, WriteOrder } from "./field-orders.ts";
import type { FollowOrder } from "./follow-order.ts";
import type { LogPage } from "./log-ring.ts";
import type { PduAnswer, PduOrder } from "./pdu-order.ts";
import type { ProbeOrder } from "./probe-order.ts";
import type { RawWriteOrder } from "./raw-write.ts";
import type { Status } from "./status.ts";
import type { TellOrder } from "./told-desk.ts";
import type { Trace } from "./trace.ts";

/*
 * What the local control socket takes and answers, version 1: `control-v1.schema.json` is made of
 * these types, and says it in JSON Schema. Who acts is never a parameter: the gateway finds out.
 */

type NoParams = Readonly<Record<string, never>>;

/** The alarm that an order is about. */
type OfAlarm = { readonly alarm: string };

/** Why an alarm is silenced or called back, in 1 to 200 characters. */
type Reasoned = OfAlarm & { readonly reason: string };

/** Every call by its method: what it takes, and what it answers. */
export type Calls = {
  /** Everything that the gateway says of itself. */
  readonly status: { readonly params?: NoParams; readonly result: Status };
  /** What serves the socket. */
  readonly version: { readonly params?: NoParams; readonly result: ControlVersion };
  /** This description, as JSON Schema. */
  readonly describe: { readonly params?: NoParams; readonly result: object };
  /** What went over a bus; null where the gateway has no such bus. */
  readonly trace: {
    readonly params: {
      readonly bus: string;
      /** The first record that is wanted; null: from now on. */
      readonly from?: number | null;
    };
    readonly result: Trace | null;
  };
  /** What the gateway's log told lately. */
  readonly log: {
    readonly params?: {
      /** The first line that is wanted; null: the oldest that is there. */
      readonly from?: number | null;
    };
    readonly result: LogPage;
  };
  /**
   * Readings as they are measured, alarms judged by them; beside `from` what is asked for may be
   * left out. Kept for a minute after somebody asked: whoever asks first asks from null.
   */
  readonly readings: { readonly params: Partial<FollowOrder>; readonly result: ReadingPage };
  /** Events as they happen, most before they are stored. */
  readonly events: {
    readonly params: Partial<Omit<FollowOrder, "points">>;
    readonly result: EventPage;
  };
  /** Tells values of points on a bus of kind local, of now. */
  readonly tell: { readonly params: TellOrder; readonly result: { readonly told: number } };
  readonly acknowledge: { readonly params: OfAlarm; readonly result: AlarmActionOutcome };
  readonly reset: { readonly params: OfAlarm; readonly result: AlarmActionOutcome };
  readonly shelve: {
    readonly params: Reasoned & Pick<Extract<AlarmOrder, { readonly kind: "shelve" }>, "forMs">;
    readonly result: AlarmActionOutcome;
  };
  readonly unshelve: { readonly params: OfAlarm; readonly result: AlarmActionOutcome };
  /** Takes an alarm out of service. */
  readonly remove: { readonly params: Reasoned; readonly result: AlarmActionOutcome };
  /** Puts an alarm back into service. */
  readonly return: { readonly params: Reasoned; readonly result: AlarmActionOutcome };
  /** Tests, overrides or releases an interlock. */
  readonly interlock: {
    readonly params: { readonly interlock: string } & (
      | { readonly action: "test" | "release" }
      | {
          readonly action: "override";
          /** In milliseconds, 60000 to 86400000. */
          readonly forMs: number;
          /** 1 to 200 characters. */
          readonly reason: string;
        }
    );
    readonly result: InterlockAnswer;
  };
  /** Records a document that was made at the box in the hash-chained log. */
  readonly document: {
    readonly params: Omit<MadeDocument, "who">;
    readonly result: { readonly outcome: RecordOutcome };
  };
  /** How a point is calibrated, or what its instrument tells now. */
  readonly calibration: {
    readonly params: { readonly point: string; readonly action: "show" | "sample" };
    readonly result: unknown;
  };
  /** Does a step of the work of a calibration. */
  readonly calibrate: {
    readonly params: { readonly point: string } & (
      | {
          readonly action: "begin";
          /** How long the alarms are out of service at most, in milliseconds. */
          readonly forMs: number;
        }
      | {
          readonly action: "adopt";
          readonly steps: readonly StepTaken[];
          readonly adjust: boolean;
          /** In the point's unit; null for what its configuration says. */
          readonly tolerance: number | null;
          readonly note: string | null;
        }
      | {
          readonly action: "left";
          readonly n: number;
          readonly left: readonly (number | null)[];
        }
      | { readonly action: "end" | "revert" }
    );
    readonly result: unknown;
  };
  /** Reads points, or what stands at an address, now. */
  readonly read: { readonly params: ReadOrder; readonly result: readonly FieldReading[] };
  /** Writes a point or by address: what came of it, of each value where by address. */
  readonly write: {
    readonly params: Omit<WriteOrder, "who"> | Omit<RawWriteOrder, "who">;
    readonly result: Told | readonly Told[];
  };
  /** Asks a unit of which nothing is known. */
  readonly probe: { readonly params: ProbeOrder; readonly result: Probed };
  /** Asks units of a silent bus at other settings of its line, and goes back to its own. */
  readonly attune: { readonly params: AttuneOrder; readonly result: Attuned };
  /** Sends any request to a unit. */
  readonly exchange: { readonly params: Omit<PduOrder, "who">; readonly result: PduAnswer };
  /** Takes a signed command that was brought by hand; answers as on the topic `results`. */
  readonly command: { readonly params: { readonly envelope: string }; readonly result: object };
  /**
   * Goes back to the configuration before, keeps what is on trial, or tries the one that was left beside
   * the file, as `FILE.proposed`: who may do that is told by the rights of the folder. Null where none of
   * it can be.
   */
  readonly configuration: {
    readonly params:
      | {
          readonly action: "rollback" | "confirm";
          /** The fingerprint of what is to be kept; left out: whatever is on trial. */
          readonly configuration?: string;
        }
      | {
          readonly action: "try";
          /** It must do well within so long, 30,000 to 3,600,000 milliseconds. */
          readonly withinMs: number;
        };
    readonly result: Done | null;
  };
  /** Whether the gateway may be restarted now, to start another release. */
  readonly "update.permit": { readonly params: RestartOrder; readonly result: Permission };
  /** Ends the gateway in good order, to be started anew, where that is permitted. */
  readonly "update.restart": { readonly params: RestartOrder; readonly result: Permission };
};

/** What serves a control socket. */
export type ControlVersion = {
  /** Of the calls: a client of another version is refused with `control.version`. */
  readonly v: 1;
  readonly gateway: string;
  readonly release: string;
  readonly pid: number;
};

/** The calls that change something: of each it is recorded who made it. */
const CHANGES = [
  "acknowledge",
  "reset",
  "shelve",
  "unshelve",
  "remove",
  "return",
  "interlock",
  "calibrate",
  "document",
  "write",
  "tell",
  "exchange",
  "command",
  "configuration",
  "update.restart",
] as const satisfies readonly (keyof Calls)[];

/** Whether a call of `method` changes something, so that it must be known who makes it. */
export function changes(method: string): boolean {
  return CHANGES.some((each) => each === method);
}
