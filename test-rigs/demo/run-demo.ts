import { setTimeout as sleep } from "node:timers/promises";
import { openLedger } from "../../buffer/worker-port.ts";
import { isActive } from "../../edge/core/alarm.ts";
import type { Lang } from "../../edge/core/errors.ts";
import type { StreamKind } from "../../edge/core/ledger.ts";
import { callControl } from "../../edge/world/control-socket.ts";
import { GATEWAY } from "./gateway-yaml.ts";
import type { Output } from "./output.ts";
import { type Demo, endWithin, STOP_MS, setUp, statusOf, watchEnd } from "./rig.ts";
import { STAGES, type StageName } from "./story.ts";
import { type DemoVerdict, judge } from "./verdict.ts";
import { type Scene, TREND_WIDTH } from "./view.ts";

/** How the demo is to run. */
export type DemoOptions = {
  /** Length of the story, in seconds. */
  readonly seconds: number;
  readonly lang: Lang;
  readonly output: Output;
};

/** Time between two pictures. */
const PICTURE_MS = 250;
/** How much longer than the story the backlog may take, when the gateway's next try comes late. */
const DRAIN_MS = 20_000;
/** How long the centre waits for messages that are still on their way. */
const LAST_MESSAGES_MS = 3_000;

/**
 * Plays the story with the real gateway and judges it. Whatever happens, nothing is left behind.
 * Rejects when the gateway does not start or ends by itself, and when `signal` aborts.
 */
export async function runDemo(options: DemoOptions, signal: AbortSignal): Promise<DemoVerdict> {
  await using stack = new AsyncDisposableStack();
  stack.defer(() => options.output.close());
  options.output.begin();
  const demo = await setUp(options, stack, signal);
  await play(demo, options, signal);
  return await conclude(demo, options);
}

async function play(demo: Demo, options: DemoOptions, signal: AbortSignal): Promise<void> {
  const { seconds, lang, output } = options;
  const throwIfOver = watchEnd(demo.gateway, lang);
  demo.begin();
  let begun = 0;
  const endMs = 1000 * seconds;
  while (demo.elapsedMs() < endMs || (isOwing(demo) && demo.elapsedMs() < endMs + DRAIN_MS)) {
    const part = demo.elapsedMs() / 1000 / seconds;
    for (let next = STAGES[begun]; next !== undefined && next.from <= part; next = STAGES[begun]) {
      begun += 1;
      demo.stage = next.name;
      output.stage(sceneOf(demo, seconds));
      await act(demo, next.name);
    }
    demo.status = (await statusOf(demo.controlSocket)) ?? demo.status;
    throwIfOver();
    extendTrends(demo, seconds);
    output.scene(sceneOf(demo, seconds));
    await sleep(PICTURE_MS, undefined, { signal });
  }
}

/** Whether messages are stored that the centre has not acknowledged. */
function isOwing({ status }: Demo): boolean {
  const { readings = 0, events = 0 } = status?.destinations[0]?.owed ?? {};
  return readings + events > 0;
}

/** What happens in the world when an act begins. */
async function act(demo: Demo, stage: StageName): Promise<void> {
  switch (stage) {
    case "outage":
      return await demo.uplink.stop();
    case "return":
      return await demo.uplink.start();
    case "repair": {
      const active = demo.status?.alarms.filter(({ state }) => isActive(state)) ?? [];
      for (const { alarm } of active) {
        await callControl(demo.controlSocket, "acknowledge", { alarm });
      }
      return;
    }
    case "calm":
    case "leak":
    case "rest":
      return;
  }
}

function sceneOf(demo: Demo, seconds: number): Scene {
  const { block, stage, status, trends } = demo;
  const report = demo.receiver.audit.report(GATEWAY);
  const elapsedS = demo.elapsedMs() / 1000;
  return { block, stage, elapsedS, seconds, status, report, now: Date.now(), trends };
}

/** A trend shows about a quarter of the story. */
function extendTrends({ status, trends, elapsedMs }: Demo, seconds: number): void {
  const cellMs = (1000 * seconds) / (4 * TREND_WIDTH);
  for (const { point, value, at } of status?.points ?? []) {
    if (at === null) continue;
    const trend = trends.get(point) ?? [];
    trends.set(point, trend);
    const cells = Math.floor(elapsedMs() / cellMs) + 1;
    if (trend.length < cells) trend.push(value === null ? null : Number(value));
  }
}

/** Stops the gateway, waits for its last messages, and judges. */
async function conclude(demo: Demo, { seconds, output }: DemoOptions): Promise<DemoVerdict> {
  demo.stage = "stopping";
  output.stage(sceneOf(demo, seconds));
  await endWithin(demo.gateway, STOP_MS);
  const exit = await demo.gateway.exited;
  const heads = await storedHeads(demo.bufferDir);
  const { audit } = demo.receiver;
  const evidence = () => ({
    report: audit.report(GATEWAY),
    duplicates: demo.tally.duplicates,
    invalid: audit.invalid,
    heads,
    exit,
  });
  for (let waitedMs = 0; waitedMs < LAST_MESSAGES_MS && !judge(evidence()).ok; waitedMs += 50) {
    await sleep(50);
  }
  output.scene(sceneOf(demo, seconds));
  const verdict = judge(evidence());
  output.verdict(verdict);
  return verdict;
}

/** What the gateway has committed, read from its buffer after its end. */
async function storedHeads(dir: string): Promise<Readonly<Record<StreamKind, number>>> {
  const ledger = await openLedger({
    dir,
    gateway: GATEWAY,
    maxBytes: 64_000_000,
    keepMs: 86_400_000,
    maxAgeMs: null,
    aroundMs: 600_000,
    reserveBytes: null,
    destinations: ["centre"],
    boot: "",
    newStreams: { readings: "", events: "" },
  });
  try {
    return (await ledger.state()).heads;
  } finally {
    await ledger.close();
  }
}
