import process from "node:process";
import { createInterface } from "node:readline/promises";

/** Whether a person sits at both ends of the conversation. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Puts `question` to the person at the terminal; whoever leaves without an answer says no. */
export async function answerTo(question: string): Promise<string> {
  return (await lineFor(question)) ?? "";
}

/**
 * The line that the person at the terminal answers to `question`; null for whoever leaves without
 * one, which is not the same as an empty line where that means to go on.
 */
export async function lineFor(question: string): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const left = new Promise<null>((resolve) => lines.once("close", () => resolve(null)));
  try {
    return await Promise.race([lines.question(question).catch(() => null), left]);
  } finally {
    lines.close();
  }
}
