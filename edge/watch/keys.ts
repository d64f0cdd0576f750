/** A key that was pressed: a printable character, or a key with a name. */
export type Key =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "named"; readonly name: KeyName };

/** The keys that have a meaning here beside characters. */
export type KeyName =
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "home"
  | "end"
  | "next"
  | "back"
  | "enter"
  | "escape"
  | "erase"
  | "erase-all"
  | "redraw"
  | "suspend"
  | "quit";

/** What a terminal sends for a key (ECMA-48 and xterm, "PC-Style Function Keys"). */
const SEQUENCES: ReadonlyMap<string, KeyName> = new Map([
  ["\x1b[A", "up"],
  ["\x1bOA", "up"],
  ["\x1b[B", "down"],
  ["\x1bOB", "down"],
  ["\x1b[5~", "page-up"],
  ["\x1b[6~", "page-down"],
  ["\x1b[H", "home"],
  ["\x1bOH", "home"],
  ["\x1b[1~", "home"],
  ["\x1b[F", "end"],
  ["\x1bOF", "end"],
  ["\x1b[4~", "end"],
  ["\x1b[Z", "back"],
  ["\t", "next"],
  ["\r", "enter"],
  ["\n", "enter"],
  ["\x1b", "escape"],
  ["\x7f", "erase"],
  ["\b", "erase"],
  ["\x15", "erase-all"],
  ["\x0c", "redraw"],
  ["\x1a", "suspend"],
  ["\x03", "quit"],
  ["\x1c", "quit"],
]);

/** One sequence, one character, or an escape that stands alone. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal sends.
const PARTS = /\x1b\[[0-9;?]*[ -/]*[@-~]|\x1bO[A-Za-z]|./gsu;

/** The keys in what a terminal sent at once; what has no meaning here is left out. */
export function keysIn(text: string): readonly Key[] {
  const parts = text.match(PARTS) ?? [];
  return parts.flatMap((part): readonly Key[] => {
    const name = SEQUENCES.get(part);
    if (name !== undefined) return [{ kind: "named", name }];
    const isCharacter = part >= " " && !part.startsWith("\x1b") && !/^[\x7f-\x9f]/.test(part);
    return isCharacter ? [{ kind: "text", text: part }] : [];
  });
}
