import fc from "fast-check";

/** The bytes of a text. */
export function bytesIn(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** `bytes`, cut into pieces anywhere. */
export function anySplit(bytes: Uint8Array): fc.Arbitrary<readonly Uint8Array[]> {
  return fc.uniqueArray(fc.integer({ min: 0, max: bytes.length })).map((places) => {
    const ends = [...places.toSorted((a, b) => a - b), bytes.length];
    return ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
  });
}
