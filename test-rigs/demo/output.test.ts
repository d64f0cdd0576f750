import test from "ava";
import { blockOf } from "./block.ts";
import { jsonOutput, liveOutput, plainOutput } from "./output.ts";
import type { Scene } from "./view.ts";

const VERDICT = {
  ok: true,
  checks: [
    { name: "messages", value: 9, holds: true },
    { name: "farewell", value: "offline", holds: true },
  ],
} as const;

function scene(elapsedS: number, stage: Scene["stage"] = "calm"): Scene {
  const nothing = { status: null, report: null, trends: new Map(), now: 0 };
  return { block: blockOf(90), stage, elapsedS, seconds: 90, ...nothing };
}

function written() {
  const texts: string[] = [];
  return { write: (text: string) => texts.push(text), texts };
}

test("plain lines tell each act, how things stand from time to time, and the verdict", (t) => {
  const { write, texts } = written();
  const output = plainOutput(write, 5, "en");
  output.stage(scene(0, "leak"));
  for (let s = 0; s < 12; s += 0.25) output.scene(scene(s));
  output.verdict(VERDICT);
  t.is(texts.length, 4);
  t.regex(texts[0] ?? "", /^ {3}0 s {2}Gas is leaking/);
  t.regex(texts[2] ?? "", /^ {2}10 s .* no alarm .* gaps 0\n$/);
  t.regex(texts[3] ?? "", /✓ messages seen +9\n[\s\S]*offline\n\nNothing was lost\.\n$/);
});

test("JSON is one object a line, the verdict last", (t) => {
  const { write, texts } = written();
  const output = jsonOutput(write, 5, "zh-CN");
  output.stage(scene(0.04, "outage"));
  output.scene(scene(5));
  output.verdict(VERDICT);
  const [step, status, verdict] = texts.map((text) => JSON.parse(text));
  t.like(step, { kind: "step", step: "outage", elapsedS: 0 });
  t.like(status, { kind: "status", elapsedS: 5, alarms: [], near: null, backlog: 0 });
  t.deepEqual(verdict, { kind: "verdict", ok: true, messages: 9, farewell: "offline" });
});

test("the live picture takes the terminal once and gives it back once", (t) => {
  const { write, texts } = written();
  const output = liveOutput(write, () => 24, "en", true);
  output.scene(scene(1));
  output.scene(scene(2));
  output.close();
  output.close();
  const all = texts.join("");
  t.is(all.split("\x1b[?1049h").length, 2);
  t.is(all.split("\x1b[?1049l").length, 2);
  t.true(all.endsWith("\x1b[?25h\x1b[?7h\x1b[?1049l"));
});

test("on a low terminal the picture is cut at the bottom", (t) => {
  const { write, texts } = written();
  const output = liveOutput(write, () => 10, "en", false);
  output.scene(scene(1));
  t.is(texts.join("").split("\r\n").length, 10);
});
