import type { BusConfig, TalkerConfig, TalkPointConfig } from "../../config/gateway-config.ts";
import type { Protocol, TalkPlace } from "../../edge/core/talker.ts";
import type { Faults } from "../sim/bus-faults.ts";
import type { Random } from "../sim/random.ts";
import { TALK_FAULTS, type TalkFault, TEXT_EXPRESSION } from "../sim/talker-line.ts";

/** A line with a sensor that talks, and what befalls it. */
export type TalkClimate = {
  readonly config: Extract<BusConfig, { readonly kind: "serial" }>;
  readonly talker: TalkerConfig;
  /** How often it talks by itself, in milliseconds. */
  readonly sayMs: number;
  readonly faults: Faults<TalkFault>;
  readonly splits: number;
};

/** Without a value for so long a point is bad, in milliseconds. */
const SILENT_AFTER_MS = 5000;

/** Draws no line with a sensor that talks, one or two. */
export function drawTalkers(random: Random): readonly TalkClimate[] {
  return Array.from({ length: random.integer(0, 2) }, (_, index) => drawTalker(random, index));
}

function drawTalker(random: Random, index: number): TalkClimate {
  const name = `talk-${index}`;
  const kind = random.pick(["text", "nmea", "binary"] as const);
  const isAsked = kind === "text" && random.chance(0.5);
  const everyMs = random.pick([500, 1000, 2000]);
  const serial = { path: `/dev/${name}`, baud: random.pick([4800, 9600]), format: "8N1" } as const;
  const points = PLACES[kind].map((place, at): TalkPointConfig => {
    const value = {
      measurement: null,
      type: "float64",
      scale: 1,
      offset: 0,
      unit: null,
      write: false,
    } as const;
    const rule = { everyMs, silentAfterMs: SILENT_AFTER_MS };
    return { id: `${name}.p${at}`, device: name, place, ...value, ...rule };
  });
  const isCalm = random.chance(0.2);
  const shareOf = () => (isCalm || random.chance(0.4) ? 0 : random.between(0, 0.15));
  return {
    config: { kind: "serial", name, serial },
    talker: {
      ...{ name, bus: name, profile: null, points, protocol: PROTOCOLS[kind] },
      ask: isAsked ? [...Buffer.from("R\n")] : null,
    },
    sayMs: random.pick([200, 700, 2300]),
    faults: Object.fromEntries(TALK_FAULTS.map((fault) => [fault, shareOf()])),
    splits: random.next(),
  };
}

const PROTOCOLS = {
  text: {
    ...{ kind: "text", ending: null, decimal: "point" },
    layout: { kind: "match", expression: TEXT_EXPRESSION },
  },
  nmea: { kind: "nmea" },
  binary: {
    ...{ kind: "binary", header: [0x42, 0x4d], length: 32, tail: [] },
    checksum: { kind: "sum16", from: 0 },
  },
} as const satisfies Readonly<Record<string, Protocol>>;

const NUMBER = { kind: "number", suffix: null } as const;

/** Where the two values of a message stand. */
const PLACES: Readonly<Record<keyof typeof PROTOCOLS, readonly TalkPlace[]>> = {
  text: ["first", "second"].map((group) => ({ kind: "group", group, text: NUMBER })),
  nmea: [1, 3].map((field) => {
    return { kind: "sentence", sentence: "WIMWV", field, only: null, valid: null, text: NUMBER };
  }),
  binary: [4, 6].map((byte) => ({ kind: "frame", byte, type: "uint16", order: "ABCD" })),
};
