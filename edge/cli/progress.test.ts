import test from "ava";
import type { UptimeMs } from "../core/time.ts";
import { Progress } from "./progress.ts";

/** A progress on a clock that the test sets, and what it wrote. */
function rig(isLive: boolean) {
  const written: string[] = [];
  let now = 0;
  const progress = new Progress({
    clock: { uptime: () => now as UptimeMs },
    isLive,
    write: (text) => written.push(text),
    tell: (percent, leftMs) => `${percent} % ${leftMs}`,
  });
  const at = (ms: number, done: number) => {
    now = ms;
    progress.at(done, 100);
  };
  return { at, end: () => progress.end(), written };
}

test("what is soon over tells nothing", (t) => {
  const { at, end, written } = rig(true);
  at(50, 40);
  at(199, 100);
  end();
  t.deepEqual(written, []);
});

test("on a terminal one line is written anew, and given back at the end", (t) => {
  const { at, end, written } = rig(true);
  at(200, 20);
  at(250, 30);
  at(1000, 50);
  end();
  t.deepEqual(written, ["\r\u001b[K20 % 800", "\r\u001b[K50 % 1000", "\r\u001b[K"]);
});

test("where no terminal shows it, a line comes every ten seconds", (t) => {
  const { at, end, written } = rig(false);
  at(9_999, 10);
  at(10_000, 20);
  at(15_000, 30);
  end();
  t.deepEqual(written, ["20 % 40000\n"]);
});
