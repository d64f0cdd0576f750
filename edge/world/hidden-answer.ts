import process from "node:process";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** As `lineFor`, but what is typed is not shown: a passphrase. */
export async function hiddenAnswer(question: string): Promise<string | null> {
  const nowhere = new Writable({ write: (_bytes, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  // Only now, when what is typed is no longer shown: who pastes is faster than a program.
  process.stderr.write(question);
  const left = new Promise<null>((resolve) => lines.once("close", () => resolve(null)));
  try {
    return await Promise.race([lines.question("").catch(() => null), left]);
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
