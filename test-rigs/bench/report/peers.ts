import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Status } from "../../../edge/control/status.ts";
import { callControl } from "../../../edge/world/control-socket.ts";
import { installLine, missingPackages } from "../../debian/packages.ts";
import { type Child, startChild, tempDir } from "../../processes/child.ts";
import { compiled } from "../../processes/compiled.ts";
import { gatewayHome, syncedIn } from "../../processes/gateway.ts";
import type { Mosquitto } from "../../processes/mosquitto.ts";
import { builtHere, installRelease } from "../../release/installed-release.ts";
import { installNodeRed, startNodeRed } from "../node-red.ts";
import { brokerAt, client, judged, publish, read, TAB, whenOn } from "../node-red-flow.ts";

const here = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** A machine that does much else starts a program slowly. */
export const START_MS = 60_000;
/** The value from which on an alarm is due. */
export const SETPOINT = 500;
/** The most registers of one request. */
const CHUNK = 125;

/** What is read: from Modbus TCP devices, each on a port of its own. */
export type Load = {
  readonly devices: number;
  /** Holding registers of each, from 0 on, each a point. */
  readonly registers: number;
  readonly everyMs: number;
};

/** What a program is to do: read `load` from `ports` and send it. */
export type Job = {
  readonly load: Load;
  readonly ports: readonly number[];
  /** Where it sends it; the gateway alone can send to more than one. */
  readonly brokers: readonly Pick<Mosquitto, "port" | "url">[];
  /** Who stands beside the gateway tells either readings or alarms; the gateway always both. */
  readonly tells: "readings" | "alarms";
};

/** Starts a program. */
type Start = () => Child | Promise<Child>;

/** A program that does the job, and what it is called. */
export type Peer = {
  readonly name: string;
  /** Makes everything ready but the start itself. Throws, saying why, where it cannot run here. */
  prepare(job: Job): Start | Promise<Start>;
};

let launcher: Promise<string> | null = null;

/** What starts this checkout, installed as a release: that is what runs in the field. */
export function installed(): Promise<string> {
  launcher ??= (async () => {
    const { files } = await builtHere("0.0.0");
    return installRelease(tempDir("bench-release"), "0.0.0", files);
  })();
  return launcher;
}

/** A gateway that is ready to be started. */
export type PreparedGateway = {
  readonly dir: string;
  readonly config: string;
  /** Starts it, with `env` beside this process's own environment. */
  start(env?: Readonly<Record<string, string>>): Child;
  status(): Promise<Status>;
};

/**
 * The gateway with its buffer, recorder, and an alarm on the first register of each device; the
 * machine's clock counts as synchronised.
 */
export async function preparedGateway({ load, ports, brokers }: Job): Promise<PreparedGateway> {
  const points = Array.from(
    { length: load.registers },
    (_, n) => `p${n}: { area: holding, address: ${n}, type: int16 }`,
  ).join(", ");
  const each = (line: (port: number, n: number) => string) => ports.map(line);
  const home = gatewayHome(
    [
      "buses:",
      ...each((port, n) => `  b${n}: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} }`),
      "devices:",
      ...each(
        (_, n) =>
          `  d${n}: { bus: b${n}, unit: 1, every: ${load.everyMs}ms, points: { ${points} } }`,
      ),
      "alarms:",
      ...each((_, n) => `  a${n}: { point: d${n}.p0, high: ${SETPOINT}, severity: red }`),
      "destinations:",
      ...brokers.map(({ url }, n) => `  centre-${n}: { kind: mqtt, url: "${url}" }`),
    ].join("\n"),
    { commit: "1s" },
  );
  const program = await installed();
  // As in the field: what is stored before the time is known is read again before it is sent.
  const clock = syncedIn(home.dir);
  return {
    dir: home.dir,
    config: home.config,
    start: (env = {}) =>
      startChild(program, ["run", "--config", home.config], { ...clock, ...env }),
    status: async () =>
      (await callControl(join(home.dir, "buffer", "control.sock"), "status")) as Status,
  };
}

const gateway: Peer = {
  name: "this gateway",
  prepare: async (job) => {
    const { start } = await preparedGateway(job);
    return () => start();
  },
};

const nodeRed: Peer = {
  name: "Node-RED 5 + contrib-modbus",
  prepare: async (job) => {
    await installNodeRed();
    const flow = flowOf(job);
    return () => startNodeRed(flow);
  },
};

const bare: Peer = {
  name: "modbus-serial + mqtt.js",
  prepare: (job) => {
    const args = [here("bare.ts"), brokerOf(job).url, ...numbersOf(job)];
    return () => startChild(process.execPath, args);
  },
};

const inC: Peer = {
  name: "libmodbus + libmosquitto, C",
  prepare: (job) => {
    const missing = missingPackages(["gcc", "libc6-dev", "libmodbus-dev", "libmosquitto-dev"]);
    if (missing.length > 0) throw new Error(`needs ${installLine(missing)}`);
    program ??= compiled(new URL("../bare.c", import.meta.url), "modbus", "mosquitto");
    const [command, args] = [program, [`${brokerOf(job).port}`, ...numbersOf(job)]];
    return () => startChild(command, args);
  },
};
let program: string | null = null;

/** The gateway first; then who stands beside it, of which none stores anything. */
export const PEERS: readonly Peer[] = [gateway, nodeRed, bare, inC];
/** The heads of their columns. */
export const PEER_NAMES: readonly string[] = PEERS.map(({ name }) => name);
/** Where the gateway stands among them, and where those to whom its bars compare it. */
export const OURS: number = PEERS.indexOf(gateway);
export const BARE: number = PEERS.indexOf(bare);

/** Waits until a started peer says that it runs. */
export async function runs(child: Child): Promise<void> {
  await child.waitFor(/^peer runs|gateway gw-test runs|Started flows/, START_MS);
}

function brokerOf({ brokers }: Job): Pick<Mosquitto, "port" | "url"> {
  const [broker] = brokers;
  if (broker === undefined) throw new Error("no broker to send to");
  return broker;
}

function numbersOf({ load, ports, tells }: Job): readonly string[] {
  const { registers, everyMs } = load;
  return [registers, everyMs, tells === "alarms" ? SETPOINT : 0, ...ports].map(String);
}

/** A node a request, as one would draw it; a message holds the values of one. */
function flowOf(job: Job) {
  const { load, ports, tells } = job;
  const { registers, everyMs } = load;
  const requests = Array.from({ length: Math.ceil(registers / CHUNK) }, (_, n) => n * CHUNK);
  const readings = (server: string, n: number) =>
    requests.flatMap((address) => {
      const id = `${server}-${address}`;
      const quantity = Math.min(CHUNK, registers - address);
      const topic = publish(`${id}-out`, `peer/readings/${n}-${address}`);
      return [read(id, { server, address, quantity, everyMs }, [topic.id]), topic];
    });
  const alarms = (server: string, n: number) => [
    read(`${n}-read`, { server, quantity: registers, everyMs }, [`${n}-switch`]),
    ...judged(`${n}`, SETPOINT, [`${n}-is-on`]),
    ...whenOn(`${n}`, [`${n}-out`]),
    publish(`${n}-out`, `peer/events/${n}`),
  ];
  return [
    TAB,
    brokerAt(brokerOf(job).port),
    ...ports.flatMap((port, n) => {
      const server = `m${n}`;
      return [client(server, port), ...(tells === "alarms" ? alarms : readings)(server, n)];
    }),
  ];
}
