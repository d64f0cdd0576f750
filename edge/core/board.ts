import type { UptimeMs } from "./time.ts";

/** What a microcontroller board with Firmata firmware is to read and drive, and how to reach it. Plain data. */
export type BoardSettings = {
  /** Device file of its serial port. */
  readonly path: string;
  /** Bits per second. */
  readonly baud: number;
  /** Each with a source of its own. */
  readonly tasks: readonly BoardTask[];
};

/** One quantity that a board reads again and again, or one pin that it drives. */
export type BoardTask = {
  readonly source: string;
  /** The period of reading, in milliseconds; chips that need longer take longer. */
  readonly everyMs: number;
  readonly input: BoardInput;
};

/** Where a board finds a quantity. */
export type BoardInput =
  /** Volts at an analog pin, `A0` being channel 0, as a share of the reference: 0 to 1. */
  | { readonly kind: "analog"; readonly channel: number }
  /** The level at a pin: 1 is high. */
  | { readonly kind: "digital"; readonly pin: number; readonly pullUp: boolean }
  /** The level that the board says it drives a pin with: 1 is high. */
  | { readonly kind: "output"; readonly pin: number }
  | LineInput
  /** What a sensor chip on I2C measures, in the unit of `QUANTITY_UNITS`. */
  | {
      readonly kind: "chip";
      readonly chip: SensorChip;
      /** 8 to 119, seven bits. */
      readonly address: number;
      readonly quantity: ChipQuantity;
    }
  /** Volts between two inputs of an ADS1115 on I2C. */
  | {
      readonly kind: "ads1115";
      readonly address: number;
      readonly between: AdsPair;
      /** Full scale, in millivolts. */
      readonly rangeMv: AdsRange;
    }
  /** What a program on this machine tells of itself: no board reads it. */
  | { readonly kind: "told"; readonly type: "float64" | "bool" };

/** The sensor chips that are read by johnny-five. */
export type SensorChip = "bmp280" | "bme280";

export type ChipQuantity = "temperature" | "pressure" | "humidity";

/** In which unit a chip tells a quantity (UCUM). */
export const QUANTITY_UNITS = { temperature: "Cel", pressure: "kPa", humidity: "%" } as const;

/** What each chip measures. */
export const CHIP_QUANTITIES: Readonly<Record<SensorChip, readonly ChipQuantity[]>> = {
  bmp280: ["temperature", "pressure"],
  bme280: ["temperature", "pressure", "humidity"],
};

/** The inputs between which an ADS1115 measures (data sheet SBAS444, table 8-3, MUX 000 to 011). */
export const ADS_PAIRS = ["0-1", "0-3", "1-3", "2-3"] as const;
export type AdsPair = (typeof ADS_PAIRS)[number];

/** Its full scales in millivolts, from its setting 000 on (table 8-3, PGA). */
export const ADS_RANGES = [6144, 4096, 2048, 1024, 512, 256] as const;
export type AdsRange = (typeof ADS_RANGES)[number];

/**
 * Why a source has no value.
 *
 * - `no-answer`: the chip does not answer on I2C, or with fewer bytes than it was asked for
 * - `other-chip`: what answers is not the chip that it should be
 * - `not-measuring`: the chip lost its settings, or tells that it has not measured
 * - `out-of-range`: the value is beyond what the chip can measure
 * - `no-such-pin`: the board has no such pin, or it cannot be used so
 * - `line-busy`: another program, or a driver of the kernel, holds the line
 */
export type BoardFault =
  | "no-answer"
  | "other-chip"
  | "not-measuring"
  | "out-of-range"
  | "no-such-pin"
  | "line-busy";

/** What a board tells of one source, and when it was there. */
export type BoardNews = { readonly source: string; readonly uptime: UptimeMs } & (
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "fault"; readonly fault: BoardFault }
);

/**
 * What an output was found to be, or why nobody knows: `lost` where the board went before it
 * answered.
 */
export type BoardAnswer =
  | { readonly kind: "level"; readonly level: number }
  | { readonly kind: "none"; readonly fault: BoardFault | "lost" };

/** A board, or a GPIO chip of this machine, that is read and whose outputs are driven. */
export interface BoardLink {
  /** Name and version of its firmware, or of what reads the chip. */
  readonly firmware: string;
  /** The one listener for what it tells. */
  onNews: ((news: BoardNews) => void) | null;
  /** Resolves once, with why, when the board is gone, whoever closed it. Never rejects. */
  readonly closed: Promise<string>;
  /**
   * Has the output `source` be high (1) or low (0) at once, and tells what it is then. What could
   * not be told to the board within `withinMs`, at most `ORDER_MS`, is not told it late. Never
   * rejects.
   */
  drive(source: string, level: number, withinMs?: number): Promise<BoardAnswer>;
  /** What the output `source` is. Never rejects. */
  look(source: string): Promise<BoardAnswer>;
  /** Ends the reading. May be called more than once. */
  close(): void;
}

/** An order to an output that waited for longer than this is not carried out, in milliseconds. */
export const ORDER_MS = 1_000;

/** How a line that is read is pulled where nothing drives it; `as-is` leaves that alone. */
export const LINE_BIASES = ["as-is", "disabled", "pull-up", "pull-down"] as const;
export type LineBias = (typeof LINE_BIASES)[number];

/** A line of a GPIO chip of this machine: 1 is high, or low where it is `activeLow`. */
export type LineInput =
  | {
      readonly kind: "line";
      /** Its number on the chip, from 0, or its name. */
      readonly line: number | string;
      readonly activeLow: boolean;
      readonly bias: LineBias;
    }
  | {
      readonly kind: "line-output";
      readonly line: number | string;
      readonly activeLow: boolean;
    };

/** What of a GPIO chip of this machine is to be read and driven. Plain data. */
export type LineSettings = {
  /** Its name, such as gpiochip0, or its device file. */
  readonly chip: string;
  readonly tasks: readonly (Omit<BoardTask, "input"> & { readonly input: LineInput })[];
};

/** Whether what is told of `input` is a level, 0 or 1. */
export function isLevel(input: BoardInput): boolean {
  const { kind } = input;
  if (kind === "told") return input.type === "bool";
  return kind === "digital" || kind === "output" || kind === "line" || kind === "line-output";
}

/** Whether `input` is an output. */
export function isOutput({ kind }: BoardInput): boolean {
  return kind === "output" || kind === "line-output";
}

/** The name of an input: the same for all that read the same. */
export function sourceOf(input: BoardInput): string {
  switch (input.kind) {
    case "analog":
      return `A${input.channel}`;
    case "digital":
    case "output":
      return `D${input.pin}`;
    case "line":
    case "line-output":
      return typeof input.line === "number" ? `L${input.line}` : `L:${input.line}`;
    case "chip":
      return `${input.chip}@${input.address} ${input.quantity}`;
    case "ads1115":
      return `ads1115@${input.address} ${input.between} ${input.rangeMv}mV`;
    case "told":
      return "told";
  }
}
