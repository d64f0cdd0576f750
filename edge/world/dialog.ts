import process from "node:process";
import { createInterface } from "node:readline";

/** A conversation with the person at the terminal. */
export type Dialog = {
  /** Resolves with what is typed in answer to `question`; null where the person leaves (Ctrl-C). */
  ask(question: string): Promise<string | null>;
  close(): void;
};

/** Opens one on the terminal; what is typed before it is asked for is not lost. */
export function openDialog(): Dialog {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const typed: string[] = [];
  let hasLeft = false;
  let waiting: ((line: string | null) => void) | null = null;
  lines.on("line", (line) => {
    if (waiting === null) typed.push(line);
    else waiting(line);
    waiting = null;
  });
  lines.on("close", () => {
    hasLeft = true;
    waiting?.(null);
  });
  return {
    ask: (question) => {
      const [line] = typed.splice(0, 1);
      if (line !== undefined || hasLeft) return Promise.resolve(line ?? null);
      lines.setPrompt(question);
      lines.prompt();
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    close: () => lines.close(),
  };
}
