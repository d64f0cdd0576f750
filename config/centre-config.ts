import type { TcpSettings } from "../edge/core/link.ts";

/** A centre that speaks HJ 212 over TCP. */
export type Hj212Destination = {
  readonly kind: "hj212";
  readonly name: string;
  readonly tcp: TcpSettings;
  readonly edition: 2017 | 2025;
  /** ST, two characters. */
  readonly system: string;
  readonly mn: string;
  readonly password: string;
  /** Whether the centre answers data: without, what was sent counts as delivered. */
  readonly wantsAnswers: boolean;
  /** How long an answer is waited for, in milliseconds. */
  readonly timeoutMs: number;
  /** How often data go again that are not answered. */
  readonly repeats: number;
  /** Between two real-time data, in milliseconds; null for none until the centre asks. */
  readonly realTimeMs: number | null;
  /** How long the period of minute data is, in milliseconds. */
  readonly minuteMs: number;
  /** Between two heartbeats of the 2025 edition, in milliseconds. */
  readonly heartbeatMs: number;
  /** Whether `all` samples of a period must be normal, or `most`: three in four. */
  readonly validity: "all" | "most";
  /** What the centre may set. */
  readonly remote: Readonly<Record<Hj212Settable, boolean>>;
  readonly factors: readonly Hj212Factor[];
  readonly equipment: readonly Hj212Equipment[];
};

/** A piece of equipment whose state is told, 2021. */
export type Hj212Equipment = {
  /** `SB1`. */
  readonly code: string;
  /** The point that says whether it runs, `device.point`; null where none does. */
  readonly point: string | null;
  readonly holdMs: number;
  /** The alarms that put it into the state of alarm, 4. */
  readonly alarms: readonly string[];
};

/** What a centre that speaks HJ 212 may set: 1012, 1000, 1062 (2011, 2012), and 1064. */
export type Hj212Settable = "clock" | "timeout" | "realTime" | "minute";

/** A quantity that is reported to a centre, and how its number is written. */
export type ReportedPoint = {
  /** By which the centre knows it. */
  readonly code: string;
  /** `device.point`. */
  readonly point: string;
  /** What is told is the value times this. */
  readonly scale: number;
  /** So long a value holds until there is another, in milliseconds. */
  readonly holdMs: number;
};

export type Hj212Factor = ReportedPoint & {
  /** Digits behind the point. */
  readonly decimals: number;
  /** How its total comes about; null where none is told. */
  readonly total: {
    /** The flow that the value is multiplied with, `device.point`; null for the value alone. */
    readonly flow: string | null;
    /** The total is the value (times the flow) times seconds times this. */
    readonly scale: number;
  } | null;
};

/** A centre that speaks SL 651 over TCP. */
export type Sl651Destination = {
  readonly kind: "sl651";
  readonly name: string;
  readonly tcp: TcpSettings;
  /** Address of the centre, 1 to 255. */
  readonly centre: number;
  /** Address of the station, ten digits. */
  readonly station: string;
  /** One letter. */
  readonly stationClass: string;
  /** Four hexadecimal digits. */
  readonly password: string;
  readonly encoding: "hex" | "ascii";
  /** Whether the centre confirms reports (M2, M3); without (M1) what was sent counts as delivered. */
  readonly wantsConfirmation: boolean;
  /** How long a confirmation is waited for, in milliseconds. */
  readonly timeoutMs: number;
  /** The most bytes of a body; a longer one goes as several packets. */
  readonly bodyMax: number;
  /** Between two keep-alives while nothing else is sent, in milliseconds. */
  readonly keepAliveMs: number;
  /** Whether there are hourly reports, 34. */
  readonly isHourly: boolean;
  /** Between two timed reports, 32, in hours: 1, 2, 3, 4, 6, 8, 12 or 24; null for none. */
  readonly timedH: number | null;
  /** The step of hourly reports at equal steps, 31, in milliseconds; null for none. */
  readonly uniformMs: number | null;
  /** Between two extra reports, 33, in milliseconds; null where only alarms make them. */
  readonly extraMs: number | null;
  /** What the centre may set: its clock (4A) and report times (42). */
  readonly remote: Readonly<Record<"clock" | "times", boolean>>;
  /** By the tags of the elements. */
  readonly elements: readonly ReportedPoint[];
  /** The bits of the state word that alarms set. */
  readonly state: readonly { readonly bit: number; readonly alarms: readonly string[] }[];
};
