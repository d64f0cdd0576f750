import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Status } from "../../edge/control/status.ts";
import type { Lang } from "../../edge/core/errors.ts";
import { callControl } from "../../edge/world/control-socket.ts";
import { type Broker, type Door, openBroker } from "../plant/broker.ts";
import { openModbusLine, openModbusTcp } from "../plant/modbus-server.ts";
import { type Child, startChild } from "../processes/child.ts";
import { NODE_FLAGS } from "../processes/node-flags.ts";
import { openReceiver, type Receiver } from "../receiver/receiver.ts";
import { type Block, blockOf } from "./block.ts";
import { gatewayYaml } from "./gateway-yaml.ts";
import { say } from "./text.ts";
import { ReadingTally } from "./verdict.ts";
import type { Scene } from "./view.ts";

/** How long the gateway may take to answer for the first time. */
const START_MS = 20_000;
/** How long the gateway may take to stop; its own farewell takes at most 3 s. */
export const STOP_MS = 10_000;
/** The gas alarms' delay in a story of 90 s. */
const ON_DELAY_MS = 3_000;

const MAIN = fileURLToPath(new URL("../../edge/main.ts", import.meta.url));

/** Everything that is up while the story is played. */
export type Demo = {
  readonly block: Block;
  readonly bufferDir: string;
  readonly controlSocket: string;
  readonly uplink: Door;
  readonly receiver: Receiver;
  readonly tally: ReadingTally;
  readonly gateway: Child;
  /** Starts the clock of the story; until then it stands at 0. */
  readonly begin: () => void;
  /** What the clock of the story shows, in milliseconds. */
  readonly elapsedMs: () => number;
  readonly trends: Map<string, (number | null)[]>;
  status: Status | null;
  stage: Scene["stage"];
};

/**
 * Builds the block, the centre and the gateway between them; `stack` takes them down again. Rejects
 * when the gateway does not answer in time.
 */
export async function setUp(
  { seconds, lang }: { readonly seconds: number; readonly lang: Lang },
  stack: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Demo> {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-demo-"));
  stack.defer(() => rmSync(dir, { recursive: true, force: true }));
  const bufferDir = join(dir, "buffer");
  mkdirSync(bufferDir);
  const controlSocket = join(dir, "control.sock");
  const block = blockOf(seconds);
  let begunMs: number | null = null;
  const elapsedMs = () => (begunMs === null ? 0 : performance.now() - begunMs);
  const field = await openField(block, elapsedMs, stack);
  const { broker, uplink } = await openCentre(stack);
  const receiver = await openReceiver(`mqtt://127.0.0.1:${broker.port}`);
  stack.defer(() => receiver.close());
  const tally = new ReadingTally();
  receiver.onMessage = (verdict) => {
    if (verdict.kind === "new" && verdict.message.kind === "readings") tally.take(verdict.message);
  };
  const config = join(dir, "gateway.yaml");
  const where = { ...field, brokerPort: uplink.port, bufferDir, controlSocket };
  writeFileSync(config, gatewayYaml(block, where, onDelayMs(seconds)));
  const command = [...NODE_FLAGS, MAIN, "run", "--config", config, "--lang", lang];
  const gateway = startChild(process.execPath, command);
  stack.defer(() => endWithin(gateway, STOP_MS));
  const status = await firstStatus(gateway, controlSocket, lang, signal);
  return {
    block,
    bufferDir,
    controlSocket,
    uplink,
    receiver,
    tally,
    gateway,
    begin: () => {
      begunMs = performance.now();
    },
    elapsedMs,
    trends: new Map(),
    status,
    stage: "calm",
  };
}

async function openField(block: Block, clock: () => number, stack: AsyncDisposableStack) {
  const manhole = openModbusLine({ baud: 9600, devices: block.devicesOn("manhole"), clock });
  stack.defer(() => manhole.close());
  const street = openModbusLine({ baud: 19_200, devices: block.devicesOn("street"), clock });
  stack.defer(() => street.close());
  const bridge = await openModbusTcp({ devices: block.devicesOn("bridge"), clock });
  stack.defer(() => bridge.close());
  return { manholePort: manhole.path, streetPort: street.path, bridgePort: bridge.port };
}

async function openCentre(stack: AsyncDisposableStack): Promise<{ broker: Broker; uplink: Door }> {
  const broker = await openBroker();
  stack.defer(() => broker.close());
  return { broker, uplink: await broker.openDoor() };
}

function onDelayMs(seconds: number): number {
  return Math.min(ON_DELAY_MS, (ON_DELAY_MS * seconds) / 90);
}

async function firstStatus(
  gateway: Child,
  socket: string,
  lang: Lang,
  signal: AbortSignal,
): Promise<Status> {
  const isOver = watchEnd(gateway, lang);
  for (let waitedMs = 0; waitedMs < START_MS; waitedMs += 100) {
    isOver();
    const status = await statusOf(socket);
    if (status !== null) return status;
    await sleep(100, undefined, { signal });
  }
  const silent = say(lang, "gatewaySilent", { seconds: START_MS / 1000 });
  throw new Error(`${silent}\n${gateway.lines.join("\n")}`);
}

/** A function that throws, with what the gateway printed, when it has ended. */
export function watchEnd(gateway: Child, lang: Lang): () => void {
  let ended: number | string | null = null;
  void gateway.exited.then((how) => {
    ended = how;
  });
  return () => {
    if (ended === null) return;
    const died = say(lang, "gatewayDied", { code: ended });
    throw new Error(`${died}\n${gateway.lines.join("\n")}`);
  };
}

/** What the gateway says of itself, null when it does not answer. */
export async function statusOf(socket: string): Promise<Status | null> {
  try {
    return (await callControl(socket, "status")) as Status;
  } catch {
    return null;
  }
}

/** Asks `child` to stop and ends it when it has not after `ms`. */
export async function endWithin(child: Child, ms: number): Promise<void> {
  const patience = new AbortController();
  const late = sleep(ms, "late", { signal: patience.signal }).catch(() => "ended");
  const outcome = await Promise.race([child.end("SIGTERM"), late]);
  patience.abort();
  if (outcome === "late") await child.end("SIGKILL");
}
