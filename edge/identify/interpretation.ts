import type { ByteOrder, PointType } from "../core/point.ts";

/** How some registers may make a number. */
export type Interpretation = {
  readonly type: Exclude<PointType, "bool" | "string">;
  readonly order: ByteOrder;
};

/** A number by an interpretation: itself, and its place among all that its type can hold. */
export type Told = {
  readonly value: number;
  /** Grows with the value, by 1 from each to the next that the type can tell from it. */
  readonly rank: number;
};

const BOTH = ["ABCD", "CDAB"] as const;
const ALL = ["ABCD", "CDAB", "BADC", "DCBA"] as const;

/** Every interpretation of so many registers. */
export const INTERPRETATIONS: Readonly<Record<1 | 2 | 4, readonly Interpretation[]>> = {
  1: [
    { type: "uint16", order: "ABCD" },
    { type: "int16", order: "ABCD" },
    { type: "uint16", order: "BADC" },
    { type: "int16", order: "BADC" },
    { type: "bcd16", order: "ABCD" },
  ],
  2: [
    ...ALL.map((order) => ({ type: "float32", order }) as const),
    ...ALL.map((order) => ({ type: "uint32", order }) as const),
    ...ALL.map((order) => ({ type: "int32", order }) as const),
    ...BOTH.map((order) => ({ type: "bcd32", order }) as const),
  ],
  4: [
    ...ALL.map((order) => ({ type: "float64", order }) as const),
    ...BOTH.map((order) => ({ type: "uint64", order }) as const),
    ...BOTH.map((order) => ({ type: "int64", order }) as const),
  ],
};

const BYTES = new DataView(new ArrayBuffer(8));

/** What `words`, as they arrived, are by `interpretation`; null where that is no number. */
export function numberBy(words: readonly number[], { type, order }: Interpretation): Told | null {
  const ordered = inOrder(words, order);
  for (const [i, word] of ordered.entries()) BYTES.setUint16(2 * i, word);
  switch (type) {
    case "uint16":
      return whole(BYTES.getUint16(0));
    case "int16":
      return whole(BYTES.getInt16(0));
    case "uint32":
      return whole(BYTES.getUint32(0));
    case "int32":
      return whole(BYTES.getInt32(0));
    case "uint64":
      return whole(Number(BYTES.getBigUint64(0)));
    case "int64":
      return whole(Number(BYTES.getBigInt64(0)));
    case "bcd16":
    case "bcd32":
      return decimal(ordered);
    case "float32":
      return finite(BYTES.getFloat32(0), BYTES.getInt32(0), 2 ** 31);
    case "float64":
      return finite(BYTES.getFloat64(0), Number(BYTES.getBigInt64(0)), 2 ** 63);
  }
}

function inOrder(words: readonly number[], order: ByteOrder): readonly number[] {
  const turned = order === "CDAB" || order === "DCBA" ? words.toReversed() : words;
  const isSwapped = order === "BADC" || order === "DCBA";
  return isSwapped ? turned.map((word) => ((word & 0xff) << 8) | (word >> 8)) : turned;
}

function whole(value: number): Told {
  return { value, rank: value };
}

/** `bits` are those of the float as a signed number, `half` that of which the sign is the bit. */
function finite(value: number, bits: number, half: number): Told | null {
  if (!Number.isFinite(value)) return null;
  return { value, rank: bits < 0 ? -(bits + half) : bits };
}

function decimal(words: readonly number[]): Told | null {
  let value = 0;
  for (const word of words) {
    for (const shift of [12, 8, 4, 0]) {
      const digit = (word >> shift) & 0xf;
      if (digit > 9) return null;
      value = 10 * value + digit;
    }
  }
  return whole(value);
}
