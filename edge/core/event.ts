import type { AlarmStateName, Severity } from "./alarm.ts";
import type { AlarmCondition } from "./alarm-condition.ts";
import type { InterlockStateName } from "./interlock.ts";
import type { Reason, Value } from "./reading.ts";
import type { ClockState, UptimeMs, WallMs } from "./time.ts";
import type { Bounds } from "./time-truth.ts";

/**
 * Why an alarm moved: the condition that came, `returned` when it went, what somebody did, or
 *
 * - `shelf-over`: the time of a shelf has run out
 * - `suppressed`, `unsuppressed`: it is not in force, or a graver one of its group stands; no more
 * - `realarm`: it was acknowledged long ago, and stands
 * - `configuration`: its rule was changed or removed, and no reading moved it
 */
export type AlarmCause =
  | AlarmCondition["limit"]
  | "returned"
  | "acknowledged"
  | "reset"
  | "shelved"
  | "unshelved"
  | "shelf-over"
  | "suppressed"
  | "unsuppressed"
  | "out-of-service"
  | "in-service"
  | "realarm"
  | "configuration";

/**
 * One transition of an alarm (contract v1, topic `events`). `from` and `to` are equal only where
 * an alarm that stands got another setpoint or severity, where the condition of one came or went
 * that is shelved, suppressed or out of service, or where a shelved one was shelved anew.
 */
export type AlarmEvent = {
  readonly kind: "alarm";
  readonly alarm: string;
  readonly point: string;
  readonly from: AlarmStateName;
  readonly to: AlarmStateName;
  readonly severity: Severity;
  /** The value that caused the transition; null where no reading did. */
  readonly value: Value | null;
  /** UCUM code of `value` and `setpoint`, or null. */
  readonly unit: string | null;
  /** What the value is judged by; null where a condition has none. */
  readonly setpoint: Value | null;
  readonly cause: AlarmCause;
  readonly at: WallMs;
  readonly clock: ClockState;
  /** Who acted; left out where no person did. */
  readonly who?: string;
  /** Why, in the words of who acted. */
  readonly reason?: string;
  /** Whether the condition is present; only where `to` does not tell: shelved and the like. */
  readonly active?: boolean;
  /** Raised while no other alarm of its group stood (OPC UA Part 9, FirstInGroupFlag). */
  readonly first?: true;
  /** Until when it is shelved, or out of service, at the latest. */
  readonly until?: WallMs;
};

/** One thing that happened to the gateway itself (contract v1, topic `events`). */
export type GatewayEvent = {
  readonly kind: "gateway" | "bus" | "device" | "buffer" | "destination" | "command";
  /** The gateway's, bus's, device's or destination's name; who gave the command. */
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  /** A code of the error table or a quality's reason. */
  readonly cause: string;
  readonly at: WallMs;
  readonly clock: ClockState;
  /** Numbers that explain it, for example how many readings were refused. */
  readonly detail?: Readonly<Record<string, number | string>>;
};

/**
 * A command to write a point, and what came of it (contract v1, topic `events`): a write that may
 * have been done is told just as one that was.
 */
export type WriteEvent = {
  readonly kind: "write";
  /**
   * `device.point`; or, where a value was written by address, its place: the bus, the unit, the
   * area and the PDU address, `line-a/3/holding/40`; or, where any request was sent that may have
   * changed the device, `line-a/3/pdu`, with the request in hexadecimal digits for a value.
   */
  readonly point: string;
  /** UCUM code of `old` and `value`, or null. */
  readonly unit: string | null;
  /** What was there before; null where it could not be read. */
  readonly old: Value | null;
  /** What was to be written. */
  readonly value: Value;
  readonly outcome: "done" | "not-done" | "unknown";
  /**
   * Why it is not done or not known to be; or the device confirmed it; or it came back as it was
   * sent, as a device confirms it and as a serial line may give it back by itself.
   */
  readonly cause: Reason | "confirmed" | "repeated";
  /** Who gave the command. */
  readonly who: string;
  readonly at: WallMs;
  readonly clock: ClockState;
};

/** Why an interlock went from one state to another. */
export type InterlockCause =
  /** An alarm of it is active, or its point has been bad for too long. */
  | "alarm"
  | "fault"
  /** What asked for it is over. */
  | "returned"
  /**
   * The output was read back; or nothing is, and the device confirmed the write; or nothing is, and
   * the write came back, as a device confirms it and as the line may give it back by itself.
   */
  | "verified"
  | "confirmed"
  | "repeated"
  /** The output was told and is not what it should be. */
  | "not-obeyed"
  /** The output was found other than it was left. */
  | "drifted"
  /** A permissive condition does not hold. */
  | "not-permitted"
  /** The longest time on is over. */
  | "max-on"
  /** Another interlock holds the same output. */
  | "shared"
  /** The gateway was started anew, or with another configuration. */
  | "restart"
  | "configuration"
  /** A person acted. */
  | "override"
  | "override-over"
  | "test"
  | "test-over"
  | "reset"
  /** The time-out of the device's own watchdog is not, or is again, the expected one. */
  | "dead-man-differs"
  | "dead-man-agrees";

/**
 * One transition of an interlock, or one thing to be told of it, then with `from` equal to `to`
 * (contract v1, topic `events`). Each is linked to the one before it by `chain`.
 */
export type InterlockEvent = {
  readonly kind: "interlock";
  readonly interlock: string;
  /** The output, `device.point`. */
  readonly point: string;
  readonly from: InterlockStateName;
  readonly to: InterlockStateName;
  readonly cause: InterlockCause;
  /** The alarm, or the point, that asks for it; null where none does. */
  readonly by: string | null;
  /** The key of the trip, `interlock/origin/number`; null where it does not belong to one. */
  readonly trip: string | null;
  /** What the output was told to be; null where it was told nothing. */
  readonly value: Value | null;
  /** What was read back of it, or of the watchdog; null where that is not known. */
  readonly readBack: Value | null;
  /** UCUM code of `value` and `readBack`, or null. */
  readonly unit: string | null;
  /** Why the output could not be told; left out where it could. */
  readonly reason?: Reason | "differs" | "expired" | "not-stored";
  /** How often the output was told. */
  readonly attempts?: number;
  /** Who acted, until when, and why; left out where no person did. */
  readonly who?: string;
  readonly until?: WallMs;
  readonly note?: string;
  readonly at: WallMs;
  readonly clock: ClockState;
  readonly chain: ChainLink;
};

/** What a document is about. */
export type DocumentKind = "commissioning" | "calibration";

/**
 * A document was made (contract v1, topic `events`). It is linked in the same chain as the events of
 * interlocks, so that a document that was changed or exchanged afterwards shows.
 */
export type DocumentEvent = {
  readonly kind: "document";
  readonly document: DocumentKind;
  /** Its number, as it stands on it. */
  readonly number: string;
  /** SHA-256 of the bytes of its files, 64 hexadecimal digits each. */
  readonly sha256: { readonly json: string; readonly pdf: string };
  /** Who made it. */
  readonly who: string;
  readonly at: WallMs;
  readonly clock: ClockState;
  readonly chain: ChainLink;
};

/** How an event is linked to the one before it, see `edge/interlock/chain.ts`. */
export type ChainLink = {
  /** From 1, without a gap. */
  readonly n: number;
  /** The hash of event `n` - 1. */
  readonly previous: string;
  /** SHA-256 of the event's canonical form, 64 hexadecimal digits. */
  readonly hash: string;
};

/** What is stored and sent one a message, never behind readings. */
export type Event = (AlarmEvent | GatewayEvent | WriteEvent | InterlockEvent | DocumentEvent) & {
  /** The moment `at` in elapsed time of its boot: what `at` may be corrected by later. */
  readonly uptime?: UptimeMs;
  /** Where `at` lies for certain, where `clock` is `unsynced` and that is known. */
  readonly between?: Bounds;
};
