import { readFileSync } from "node:fs";
import process from "node:process";
import test from "ava";
import { openPty } from "../../test-rigs/plant/pty.ts";
import { openBoard } from "./board.ts";

const task = { source: "A0", everyMs: 1000, input: { kind: "analog", channel: 0 } } as const;
const settings = (path: string) => ({ path, baud: 57_600, tasks: [task] });

test("a port that is not there is refused by its name", async (t) => {
  const opening = openBoard(settings("/dev/no-such-board"), new AbortController().signal);
  const error = await t.throwsAsync(opening, { code: "link.refused" });
  t.regex(error?.message ?? "", /cannot read the board at \/dev\/no-such-board: .*no-such-board/);
});

test.serial("a gateway that stops does not wait for a board that says nothing", async (t) => {
  const pty = openPty();
  t.teardown(() => pty.close());
  const stop = new AbortController();
  const opening = openBoard(settings(pty.path), stop.signal);
  setTimeout(() => stop.abort(), 500);
  const error = await t.throwsAsync(opening, { code: "link.refused" });
  t.regex(error?.message ?? "", /closed by the gateway/);
});

test.serial("a reader that hangs is ended", async (t) => {
  const pty = openPty();
  t.teardown(() => pty.close());
  const before = childrenOfThis();
  const opening = openBoard(settings(pty.path), new AbortController().signal);
  let reader: number | undefined;
  while (reader === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    reader = childrenOfThis().find((pid) => !before.includes(pid));
  }
  process.kill(reader, "SIGSTOP");
  const error = await t.throwsAsync(opening, { code: "link.refused" });
  t.regex(error?.message ?? "", /its reader hangs/);
  t.false(childrenOfThis().includes(reader));
});

/** The processes that this one started and that still run. */
function childrenOfThis(): readonly number[] {
  const text = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8");
  return text.split(" ").filter(Boolean).map(Number);
}
