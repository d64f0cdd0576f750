/** Whether `words`, each register's in every round, are a text that stands still. */
export function isText(words: readonly (readonly number[])[]): boolean {
  const isStill = words.every((series) => series.every((word) => word === series[0]));
  return isStill && bytesOf(words).every((byte) => byte === 0 || (byte >= 0x20 && byte < 0x7f));
}

/** The text in `words`, two characters a register, as far as it goes. */
export function textOf(words: readonly (readonly number[])[]): string {
  const text = String.fromCharCode(...bytesOf(words));
  const end = text.indexOf("\0");
  return (end < 0 ? text : text.slice(0, end)).trimEnd();
}

function bytesOf(words: readonly (readonly number[])[]): readonly number[] {
  return words.flatMap(([word = 0]) => [word >> 8, word & 0xff]);
}
