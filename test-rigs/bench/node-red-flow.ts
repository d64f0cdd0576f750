/** A node of a flow, as Node-RED stores it. */
export type FlowNode = { readonly id: string; readonly type: string } & Readonly<
  Record<string, unknown>
>;

/** The sheet that all nodes here are on. */
export const TAB: FlowNode = { id: "tab", type: "tab", label: "bench" };

/** A node on the sheet; `wires` names, for each of its outputs, the nodes behind it. */
export function node(id: string, type: string, wires: readonly (readonly string[])[]): FlowNode {
  return { id, type, z: "tab", wires };
}

/** The broker on `port` of this machine, which `publish` uses. */
export function brokerAt(port: number): FlowNode {
  return {
    ...{ id: "broker", type: "mqtt-broker", broker: "127.0.0.1", port: `${port}` },
    ...{ autoConnect: true, usetls: false, protocolVersion: "4", keepalive: "60" },
    cleansession: true,
  };
}

/** A client of Modbus TCP for `port` of this machine. */
export function client(id: string, port: number): FlowNode {
  return {
    ...{ id, type: "modbus-client", clienttype: "tcp", bufferCommands: true },
    ...{ tcpHost: "127.0.0.1", tcpPort: `${port}`, tcpType: "DEFAULT", unit_id: "1" },
    ...{ commandDelay: "1", clientTimeout: "1000", reconnectOnTimeout: true },
    ...{ reconnectTimeout: "2000", parallelUnitIdsAllowed: true, failureLogEnabled: true },
  };
}

/** Holding registers of client `server`, read again and again. */
export type Read = {
  readonly server: string;
  readonly address?: number;
  readonly quantity: number;
  readonly everyMs: number;
};

/** A node that reads, and sends the values on to those of `to`. */
export function read(id: string, how: Read, to: readonly string[]): FlowNode {
  const { server, address = 0, quantity, everyMs } = how;
  return {
    ...node(id, "modbus-read", [to, []]),
    ...{ server, unitid: "1", dataType: "HoldingRegister", adr: `${address}` },
    ...{ quantity: `${quantity}`, rate: `${everyMs}`, rateUnit: "ms" },
  };
}

/**
 * Nodes `PATH-switch` and behind it: whether the first value is at `setpoint` or above, said to
 * those of `to` when that is news.
 */
export function judged(path: string, setpoint: number, to: readonly string[]): readonly FlowNode[] {
  const is = (name: string) => `${path}-${name}`;
  return [
    {
      ...node(is("switch"), "switch", [[is("on")], [is("off")]]),
      ...{ property: "payload[0]", propertyType: "msg", checkall: "false", outputs: 2 },
      rules: [{ t: "gte", v: `${setpoint}`, vt: "num" }, { t: "else" }],
    },
    setTo(is("on"), "true", "bool", [is("news")]),
    setTo(is("off"), "false", "bool", [is("news")]),
    {
      ...node(is("news"), "rbe", [to]),
      ...{ func: "rbe", gap: "", start: "", inout: "out", septopics: false, property: "payload" },
    },
  ];
}

/** Nodes `PATH-is-on` and behind it: sends PATH to those of `to` where it is told true. */
export function whenOn(path: string, to: readonly string[]): readonly FlowNode[] {
  return [
    {
      ...node(`${path}-is-on`, "switch", [[`${path}-event`]]),
      ...{ property: "payload", propertyType: "msg", checkall: "true", outputs: 1 },
      rules: [{ t: "true" }],
    },
    setTo(`${path}-event`, path, "str", to),
  ];
}

/** A node that publishes what comes, at QoS 1. */
export function publish(id: string, topic: string): FlowNode {
  return { ...node(id, "mqtt out", []), topic, qos: "1", retain: "false", broker: "broker" };
}

function setTo(id: string, to: string, tot: string, next: readonly string[]): FlowNode {
  const rules = [{ t: "set", p: "payload", pt: "msg", to, tot }];
  return { ...node(id, "change", [next]), rules };
}
