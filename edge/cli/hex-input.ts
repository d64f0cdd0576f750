/** A place in a line of hex where it is none. */
export type HexProblem = {
  /** `character`: it is no hex digit; `odd`: it is one of an odd number of digits. */
  readonly kind: "character" | "odd";
  /** The character, or the digits that are an odd number. */
  readonly text: string;
};

/** What may stand between two bytes: libmodbus prints `[01][03]` and `<01><83>`. */
const BETWEEN = /[\s:,;[\]<>-]+|0x|\\x/gi;

/**
 * The bytes that a line of hex tells, however they are parted: `010300`, `01 03 00`, `1 3 0`,
 * `0x01, 0x03`, `01:03:00`, `\x01\x03`, `[01][03]`.
 */
export function parseHex(line: string): Uint8Array | HexProblem {
  const words = line.replaceAll(BETWEEN, " ").trim().split(" ").filter(Boolean);
  const bytes: number[] = [];
  for (const word of words) {
    const [character] = /[^0-9a-f]/i.exec(word) ?? [];
    if (character !== undefined) return { kind: "character", text: character };
    if (word.length > 2 && word.length % 2 === 1) return { kind: "odd", text: word };
    for (const [byte] of word.matchAll(/..?/g)) bytes.push(Number.parseInt(byte, 16));
  }
  return Uint8Array.from(bytes);
}

/**
 * The lines that a command's operands tell: all of them together make one, as a frame typed
 * without quotes does, unless one of them is a frame by itself, with blanks or several lines.
 */
export function linesOfOperands(operands: readonly string[]): readonly string[] {
  const isParted = operands.some((operand) => /\s/.test(operand.trim()));
  return (isParted ? operands : [operands.join(" ")]).flatMap((text) => text.split(/\r?\n/));
}
