/** What the kernel tells of a line of a chip. */
export type LineInfo = {
  /** 0 for the first. */
  readonly offset: number;
  /** Null where it has none. */
  readonly name: string | null;
  readonly isOutput: boolean;
  /** Whether a program, or a driver of the kernel, holds it. */
  readonly isHeld: boolean;
};

const LINE = /^\s*line\s+(\d+):\s+(?:"([^"]*)"|unnamed)\s+(.*)$/;

/**
 * The lines in what `gpioinfo` prints of one chip, of libgpiod 1 as of 2: the first has a column for
 * who holds the line and `[used]` behind the others, the second `consumer=` where somebody does.
 */
export function lineInfos(text: string): readonly LineInfo[] {
  return text.split("\n").flatMap((each) => {
    const [, offset, name, rest = ""] = LINE.exec(each) ?? [];
    if (offset === undefined) return [];
    // Who holds it is called as it likes, `output` among others.
    const words = rest.replaceAll(/"[^"]*"/g, "").split(/\s+/);
    const isHeld = words.includes("[used]") || words.some((word) => word.startsWith("consumer="));
    return [
      { offset: Number(offset), name: name ?? null, isOutput: words.includes("output"), isHeld },
    ];
  });
}
