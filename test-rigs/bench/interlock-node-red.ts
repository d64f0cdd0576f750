import { connectAsync } from "mqtt";
import { messageOf } from "../../edge/core/errors.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import {
  LOAD,
  monotonicMs,
  type Round,
  rowOf,
  startRounds,
  untilHeard,
} from "./interlock-rounds.ts";
import { installNodeRed, NODE_RED_VERSIONS, startNodeRed } from "./node-red.ts";
import {
  brokerAt,
  client,
  type FlowNode,
  judged,
  node,
  publish,
  read,
  TAB,
  whenOn,
} from "./node-red-flow.ts";

const TOPIC = "bench/events";
/** In milliseconds, as the gateway polls beside it. */
const GAS_EVERY_MS = 100;
/** From which value on there is gas. */
const GAS = 50;

/**
 * The rows of a Node-RED flow that does the gateway's job: the same devices polled as often, a
 * switch on the value, a write to the coil, messages to MQTT; without buffer, alarms or read-back.
 * Where it cannot be measured the one row says why.
 */
export async function nodeRedRows(rounds: number): Promise<readonly string[]> {
  try {
    await installNodeRed();
    return await measure(rounds);
  } catch (error) {
    const [why = ""] = messageOf(error).split("\n");
    return [`| Node-RED: not measured: ${why} | | | | | |`];
  }
}

async function measure(rounds: number): Promise<readonly string[]> {
  const broker = await startMosquitto();
  const plant = await startRounds(rounds);
  const centre = await connectAsync(broker.url);
  const heard = { same: [] as number[], other: [] as number[] };
  centre.on("message", (_, payload) => {
    const path = payload.toString() as Round["path"];
    heard[path].push(monotonicMs());
  });
  await centre.subscribeAsync(TOPIC, { qos: 1 });
  try {
    const nodeRed = await startNodeRed(flowOf(broker.port, plant.ports, plant.loadPorts));
    const measured = await plant.over();
    await nodeRed.end("SIGTERM");
    return rowsOf(measured, heard);
  } finally {
    await centre.endAsync(true);
    await plant.end();
    await broker.kill();
  }
}

function rowsOf(
  measured: readonly Round[],
  heard: Readonly<Record<Round["path"], readonly number[]>>,
): readonly string[] {
  return (["same", "other"] as const).flatMap((path) => {
    const bus = path === "same" ? "the same bus" : "another bus";
    const writes = measured
      .filter((round) => round.path === path)
      .map(({ answeredMs, writtenMs }) => writtenMs - answeredMs);
    return [
      rowOf(`${NODE_RED_VERSIONS}: to the write on ${bus}`, writes),
      rowOf(
        `the same, to a message at a subscriber, output on ${bus}`,
        untilHeard(measured, path, heard[path]),
      ),
    ];
  });
}

function flowOf(
  broker: number,
  ports: readonly number[],
  loadPorts: readonly number[],
): readonly FlowNode[] {
  return [
    TAB,
    brokerAt(broker),
    ...ports.map((port, n) => client(`m${n}`, port)),
    ...loadPorts.map((port, n) => client(`b${n}`, port)),
    ...loadPorts.flatMap((_, n) => [
      read(`read-b${n}`, { server: `b${n}`, quantity: LOAD.registers, everyMs: LOAD.everyMs }, [
        "readings",
      ]),
    ]),
    publish("readings", "bench/readings"),
    ...interlock("same", "m0", "m0"),
    ...interlock("other", "m1", "m2"),
    publish("events", TOPIC),
  ];
}

/** From the gas of `gas` to the coil of `valve`: what is repeated goes no further. */
function interlock(path: Round["path"], gas: string, valve: string): readonly FlowNode[] {
  const is = (name: string) => `${path}-${name}`;
  return [
    read(is("read"), { server: gas, quantity: 1, everyMs: GAS_EVERY_MS }, [is("switch")]),
    ...judged(path, GAS, [is("write"), is("is-on")]),
    {
      ...node(is("write"), "modbus-write", [[], []]),
      ...{ server: valve, unitid: "1", dataType: "Coil", adr: "0", quantity: "1" },
    },
    ...whenOn(path, ["events"]),
  ];
}
