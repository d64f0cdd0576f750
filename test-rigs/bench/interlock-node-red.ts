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
import { type FlowNode, installNodeRed, startNodeRed } from "./node-red.ts";

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
    await nodeRed.child.end("SIGTERM");
    return rowsOf(nodeRed.versions, measured, heard);
  } finally {
    await centre.endAsync(true);
    await plant.end();
    await broker.kill();
  }
}

function rowsOf(
  versions: string,
  measured: readonly Round[],
  heard: Readonly<Record<Round["path"], readonly number[]>>,
): readonly string[] {
  return (["same", "other"] as const).flatMap((path) => {
    const bus = path === "same" ? "the same bus" : "another bus";
    const writes = measured
      .filter((round) => round.path === path)
      .map(({ answeredMs, writtenMs }) => writtenMs - answeredMs);
    return [
      rowOf(`${versions}: to the write on ${bus}`, writes),
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
    { id: "tab", type: "tab", label: "bench" },
    {
      ...{ id: "broker", type: "mqtt-broker", broker: "127.0.0.1", port: `${broker}` },
      ...{ autoConnect: true, usetls: false, protocolVersion: "4", keepalive: "60" },
      cleansession: true,
    },
    ...ports.map((port, n) => client(`m${n}`, port)),
    ...loadPorts.map((port, n) => client(`b${n}`, port)),
    ...loadPorts.flatMap((_, n) => [
      read(`read-b${n}`, `b${n}`, LOAD.registers, LOAD.everyMs, ["readings"]),
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
    read(is("read"), gas, 1, GAS_EVERY_MS, [is("switch")]),
    {
      ...node(is("switch"), "switch", [[is("on")], [is("off")]]),
      ...{ property: "payload[0]", propertyType: "msg", checkall: "false", outputs: 2 },
      rules: [{ t: "gte", v: `${GAS}`, vt: "num" }, { t: "else" }],
    },
    setTo(is("on"), "true", "bool", [is("news")]),
    setTo(is("off"), "false", "bool", [is("news")]),
    {
      ...node(is("news"), "rbe", [[is("write"), is("is-on")]]),
      ...{ func: "rbe", gap: "", start: "", inout: "out", septopics: false, property: "payload" },
    },
    {
      ...node(is("write"), "modbus-write", [[], []]),
      ...{ server: valve, unitid: "1", dataType: "Coil", adr: "0", quantity: "1" },
    },
    {
      ...node(is("is-on"), "switch", [[is("event")]]),
      ...{ property: "payload", propertyType: "msg", checkall: "true", outputs: 1 },
      rules: [{ t: "true" }],
    },
    setTo(is("event"), path, "str", ["events"]),
  ];
}

function node(id: string, type: string, wires: readonly (readonly string[])[]): FlowNode {
  return { id, type, z: "tab", wires };
}

function client(id: string, port: number): FlowNode {
  return {
    ...{ id, type: "modbus-client", clienttype: "tcp", bufferCommands: true },
    ...{ tcpHost: "127.0.0.1", tcpPort: `${port}`, tcpType: "DEFAULT", unit_id: "1" },
    ...{ commandDelay: "1", clientTimeout: "1000", reconnectOnTimeout: true },
    ...{ reconnectTimeout: "2000", parallelUnitIdsAllowed: true, failureLogEnabled: true },
  };
}

function read(
  id: string,
  server: string,
  quantity: number,
  everyMs: number,
  to: readonly string[],
): FlowNode {
  return {
    ...node(id, "modbus-read", [to, []]),
    ...{ server, unitid: "1", dataType: "HoldingRegister", adr: "0", quantity: `${quantity}` },
    ...{ rate: `${everyMs}`, rateUnit: "ms" },
  };
}

function setTo(id: string, to: string, tot: string, next: readonly string[]): FlowNode {
  const rules = [{ t: "set", p: "payload", pt: "msg", to, tot }];
  return { ...node(id, "change", [next]), rules };
}

function publish(id: string, topic: string): FlowNode {
  return { ...node(id, "mqtt out", []), topic, qos: "1", retain: "false", broker: "broker" };
}
