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

function load<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
}
