import process from "node:process";
import { createInterface } from "node:readline/promises";

/** Whether a person sits at both ends of the conversation. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Puts `question` to the person at the terminal; whoever leaves without an answer says no. */
export async function answerTo(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const left = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    return await Promise.race([lines.question(question).catch(() => ""), left]);
  } finally {
    lines.close();
  }
}
