import { readFileSync } from "node:fs";

/** A published or built frame of HJ 212 and what stands in it. */
export type Hj212Vector = {
  readonly id: string;
  readonly message: string;
  readonly crcInMessage: string;
  readonly crcComputed: string;
  readonly crcValid: boolean;
  readonly declaredLength: number;
  readonly segmentLength: number;
  /** By the names of the standard. */
  readonly header: Readonly<Record<string, string>>;
  readonly flag: {
    readonly raw: number;
    readonly version: number;
    readonly hasPacketNumbers: boolean;
    readonly ackRequired: boolean;
  } | null;
  readonly cp: readonly Readonly<Record<string, string>>[];
  readonly source: string;
};

/** Frames of HJ 212, each with its source, and check sums beside those of Modbus. */
export const HJ212: {
  readonly frames: readonly Hj212Vector[];
  readonly crcComparison: readonly {
    readonly input: string;
    readonly hj212: string;
    readonly modbus: string;
  }[];
} = load("hj212.json");

/** One element of a published frame of SL 651. */
export type Sl651VectorElement = {
  /** The lead byte of its identifier, in hex. */
  readonly id: string;
  readonly tag?: string;
  readonly lengthBytes?: number;
  readonly decimals?: number;
  readonly raw?: string;
  readonly value?: number;
  readonly values?: readonly (number | null)[];
  readonly statusBits?: number;
  readonly observeTime?: string;
};

/** A published frame of SL 651 and what stands in it. */
export type Sl651Vector = {
  readonly id: string;
  readonly hex: string;
  readonly crcInFrame: string;
  readonly crcComputed: string;
  readonly crcValid: boolean;
  readonly direction: string;
  readonly centerAddress: number;
  readonly stationAddress: string;
  readonly password: string;
  readonly functionCode: string;
  readonly bodyLength: number;
  readonly start: string;
  readonly end: string;
  readonly serial?: number;
  readonly sendTime?: string;
  readonly bodyStation?: string;
  readonly stationType?: string;
  readonly elements?: readonly Sl651VectorElement[];
  readonly manualText?: string;
  readonly packetTotal?: number;
  readonly packetSeq?: number;
  readonly source: string;
};

/** A frame of SL 651 that was built by the rules, for what nobody published. */
export type Sl651Built = {
  readonly id: string;
  readonly hex: string;
  readonly expect: Readonly<Record<string, string | number | null>>;
  readonly source: string;
};

/** Frames of SL 651, each with its source. */
export const SL651: {
  readonly published: readonly Sl651Vector[];
  readonly built: readonly Sl651Built[];
} = load("sl651.json");

function load<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
}
