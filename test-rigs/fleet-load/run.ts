import { spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { usageOf } from "../bench/usage.ts";
import { tempDir } from "../processes/child.ts";
import { NODE_FLAGS } from "../processes/node-flags.ts";
import { type Brokers, oneMosquitto, threeNats } from "./cluster.ts";
import { type Together, together } from "./tally.ts";

/** A fleet and what it sends. */
export type FleetLoad = {
  readonly broker: "mosquitto" | "nats";
  readonly gateways: number;
  readonly seconds: number;
  /** A gateway's points are read so often, in milliseconds. */
  readonly everyMs: number;
  readonly receivers: number;
  /**
   * Whether one broker is killed amid it. One that is alone, as mosquitto, may lose what it has
   * acknowledged: it keeps that in memory, and on the disk only now and then.
   */
  readonly isKilled: boolean;
};

/** What came of it. */
export type FleetResult = Together & {
  /** What gateways still had to deliver when they were ended. */
  readonly owed: number;
  readonly sent: number;
  /** Messages that were received in a second, from when all gateways sent until they were stopped. */
  readonly perSecond: number;
  /** Processor time for each of these, in milliseconds. */
  readonly cpuMs: {
    readonly gateways: number;
    readonly brokers: number;
    readonly receivers: number;
  };
  /** Memory of all processes of a kind, in megabytes. */
  readonly rssMib: FleetResult["cpuMs"];
};

const POINTS = 10;
/** One process holds no more gateways. */
const AT_ONCE = 250;
const READY_MS = 180_000;
const END_MS = 400_000;
/** The broker is away for so long, in milliseconds. */
const AWAY_MS = 10_000;

/** A process of the rig: told by a line, and answers by one. */
class Station {
  readonly #child: ReturnType<typeof spawn>;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(file: string, ...args: readonly string[]) {
    const script = fileURLToPath(new URL(file, import.meta.url));
    const stdio = ["pipe", "pipe", "inherit"] as const;
    this.#child = spawn(process.execPath, [...NODE_FLAGS, script, ...args], { stdio: [...stdio] });
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      this.#lines.push(line);
      for (const look of this.#waiting) look();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get lost(): number {
    return this.#lines.filter((line) => line.startsWith("lost ")).length;
  }

  say(word: string): void {
    this.#child.stdin?.write(`${word}\n`);
  }

  async answer(word: string, ms: number): Promise<string> {
    const until = performance.now() + ms;
    for (;;) {
      const found = this.#lines.find((line) => line.startsWith(word));
      if (found !== undefined) return found.slice(word.length + 1);
      const { exitCode, signalCode } = this.#child;
      if (exitCode !== null || signalCode !== null) {
        throw new Error(`no ${word}: the process ended with ${exitCode ?? signalCode}`);
      }
      if (performance.now() > until) throw new Error(`no ${word} within ${ms} ms`);
      await Promise.race([sleep(500), new Promise<void>((resolve) => this.#waiting.add(resolve))]);
      this.#waiting.clear();
    }
  }

  end(): void {
    this.#child.kill("SIGKILL");
  }
}

/** Runs a fleet against its brokers; `tell` hears what is happening. */
export async function fleetLoad(
  load: FleetLoad,
  tell: (line: string) => void,
): Promise<FleetResult> {
  const brokers = load.broker === "nats" ? await threeNats() : await oneMosquitto();
  const all: Station[] = [];
  const started = (file: string, ...args: readonly string[]) => {
    const station = new Station(file, ...args);
    all.push(station);
    return station;
  };
  try {
    return await judged(load, brokers, started, tell);
  } finally {
    for (const station of all) station.end();
    await brokers.close();
  }
}

async function judged(
  { gateways: count, seconds, everyMs, receivers: group, isKilled }: FleetLoad,
  brokers: Brokers,
  started: (file: string, ...args: readonly string[]) => Station,
  tell: (line: string) => void,
): Promise<FleetResult> {
  const dir = tempDir("fleet");
  const { kind, urls } = brokers.receivers;
  const gatewaysFrom = (first: number) => {
    const many = Math.min(AT_ONCE, count - first);
    const numbers = [first, many, dir, everyMs, POINTS].map(String);
    const [from = "", number = "", ...rest] = numbers;
    return started("./gateways.ts", brokers.mqtt.join(","), kind, from, number, ...rest);
  };
  // NATS makes the stream of MQTT with its first client: gateways first there, receivers first else.
  const listen = async () => {
    const names = Array.from({ length: group }, (_, n) => `centre-${n}`);
    const stations = names.map((name) => started("./receiver.ts", kind, urls, name));
    for (const station of stations) await station.answer("listens", READY_MS);
    return stations;
  };
  const send = async () => {
    const stations: Station[] = [];
    for (let first = 0; first < count; first += AT_ONCE) stations.push(gatewaysFrom(first));
    for (const station of stations) await station.answer("runs", READY_MS);
    return stations;
  };
  const receivers = await listen();
  const gateways = await send();
  tell(`${count} gateways send`);
  const pids = { gateways, receivers };
  const before = await seen("first", pids, brokers);
  await sleep((seconds * 1000) / 2);
  if (isKilled) {
    tell("one broker is killed");
    await brokers.kill();
    await sleep(AWAY_MS);
    await brokers.revive();
    tell("it is back");
  }
  await sleep((seconds * 1000) / 2);
  const after = await seen("last", pids, brokers);
  for (const station of gateways) station.say("finish");
  const sent: Record<string, number> = {};
  let owed = 0;
  for (const station of gateways) {
    const told = JSON.parse(await station.answer("sent", END_MS));
    Object.assign(sent, told.sent);
    owed += told.owed + station.lost;
  }
  tell("all is delivered");
  await sleep(3_000);
  for (const station of receivers) station.say("tell");
  const texts: string[] = [];
  for (const station of receivers) texts.push(await station.answer("got", READY_MS));
  const result = together(texts, sent);
  const total = Object.values(sent).reduce((sum, each) => sum + each, 0);
  const inWindow = Math.max(1, after.messages - before.messages);
  const each = (key: "gateways" | "brokers" | "receivers") => {
    return Number(((after[key].cpuMs - before[key].cpuMs) / inWindow).toFixed(3));
  };
  return {
    ...result,
    ...{
      owed,
      sent: total,
      perSecond: Math.round((1000 * inWindow) / (after.atMs - before.atMs)),
    },
    cpuMs: { gateways: each("gateways"), brokers: each("brokers"), receivers: each("receivers") },
    rssMib: {
      gateways: Math.round(after.gateways.rssMib),
      brokers: Math.round(after.brokers.rssMib),
      receivers: Math.round(after.receivers.rssMib),
    },
  };
}

/** What was received and used so far. */
async function seen(
  word: string,
  { gateways, receivers }: Readonly<Record<"gateways" | "receivers", readonly Station[]>>,
  brokers: Brokers,
) {
  const counts = receivers.map(async (station) => {
    station.say(`count ${word}`);
    return Number(await station.answer(`count ${word}`, READY_MS));
  });
  const messages = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  const of = (pids: readonly number[], spentMs = 0) => {
    const all = pids.map((pid) => usageOf(pid));
    return {
      cpuMs: all.reduce((total, { cpuMs }) => total + cpuMs, spentMs),
      rssMib: all.reduce((total, { rssMib }) => total + rssMib, 0),
    };
  };
  return {
    messages,
    atMs: performance.now(),
    gateways: of(gateways.map(({ pid }) => pid)),
    receivers: of(receivers.map(({ pid }) => pid)),
    brokers: of(brokers.pids(), brokers.spentMs()),
  };
}
