import test from "ava";
import { Audit } from "../receiver/audit.ts";
import { blockOf } from "./block.ts";
import { GATEWAY } from "./gateway-yaml.ts";
import { jsonOutput, liveOutput, plainOutput } from "./output.ts";
import { judge } from "./verdict.ts";
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
  output.begin();
  output.stage(scene(0, "leak"));
  for (let s = 0; s < 12; s += 0.25) output.scene(scene(s));
  output.verdict(VERDICT);
  t.regex(texts.shift() ?? "", /are starting\.\n$/);
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
  t.like(status, { kind: "status", elapsedS: 5, alarms: [], near: null, owed: 0 });
  t.deepEqual(verdict, { kind: "verdict", ok: true, messages: 9, farewell: "offline" });
});

test("a key of a status means what it means in the verdict: all streams, not one", (t) => {
  const { write, texts } = written();
  const audit = new Audit();
  const message = { v: 1, gateway: GATEWAY, clock: "synced", at: 0 };
  const take = (topic: string, content: object) =>
    audit.take(
      `lifeline/v1/${GATEWAY}/${topic}`,
      Buffer.from(JSON.stringify({ ...message, ...content })),
    );
  take("readings", { stream: "R", seq: 1, series: [{ point: "a.b", t: [0], v: [1] }] });
  const event = { kind: "bus", subject: "a", from: "closed", to: "open", cause: "opened" };
  take("events", { stream: "E", seq: 1, ...event });
  take("events", { stream: "E", seq: 3, ...event });
  const report = audit.report(GATEWAY);
  jsonOutput(write, 5, "en").scene({ ...scene(5), report });
  t.like(JSON.parse(texts[0] ?? ""), { messages: 3, gaps: 1 });
  const { checks } = judge({
    report,
    duplicates: 0,
    invalid: 0,
    heads: { readings: 1, events: 3 },
    exit: 0,
  });
  t.is(checks.find(({ name }) => name === "messages")?.value, 3);
  t.is(checks.find(({ name }) => name === "gaps")?.value, 1);
});

test("the line of a gateway that said farewell is not told as connected", (t) => {
  const { write, texts } = written();
  const audit = new Audit();
  const farewell = { v: 1, gateway: GATEWAY, state: "offline", since: 0, release: "0" };
  audit.take(
    `lifeline/v1/${GATEWAY}/status`,
    Buffer.from(JSON.stringify({ ...farewell, configuration: "sha256:0" })),
  );
  plainOutput(write, 5, "en").scene({ ...scene(5, "stopping"), report: audit.report(GATEWAY) });
  t.regex(texts[0] ?? "", /uplink closed/);
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
