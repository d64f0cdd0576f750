import { existsSync, readFileSync } from "node:fs";

/** A message as a centre stored it. */
export type Archived = { readonly topic: string; readonly payload: Uint8Array };

/** The line by which a message is stored. */
export function lineOf(topic: string, payload: Uint8Array): string {
  return `${JSON.stringify({ topic, text: Buffer.from(payload).toString("latin1") })}\n`;
}

/**
 * All that the archive `file` holds, in the order of arrival; what its centre was killed amid, which
 * it did not acknowledge, is no message.
 */
export function readArchive(file: string): readonly Archived[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8").split("\n").flatMap(archivedIn);
}

function archivedIn(line: string): readonly Archived[] {
  if (!line.endsWith("}")) return [];
  try {
    const { topic, text } = JSON.parse(line) as { topic: string; text: string };
    return [{ topic, payload: Buffer.from(text, "latin1") }];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
