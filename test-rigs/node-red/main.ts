import process from "node:process";
import { fileURLToPath } from "node:url";
import { asked } from "../../ota/release/asked.ts";
import { usageOf } from "../bench/usage.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { nodeRedDir, Sink, startNodeRed } from "./rig.ts";

const DEVICES = 10;
const POINTS = 100;
const PLANT = fileURLToPath(new URL("../bench/plant.ts", import.meta.url));
/** More than this between the second third and the last is growth, in MiB. */
const GROWTH_MAX_MIB = 15;

const { values } = asked({
  name: "npm run node-red-load",
  about: `1,000 points at 1 s followed by a flow. Prints what came, what was missed, and what
both processes took, each from after the first third on; exits 1 where the flow did
not get what was measured or Node-RED grew.`,
  options: {
    seconds: { kind: "whole", least: 15, most: 3_600, usual: 60, says: "how long" },
  },
});
const { seconds } = values;

const plant = startChild(process.execPath, [PLANT, `${DEVICES}`, `${POINTS}`]);
const ports = JSON.parse(await plant.waitFor(/^\[/, 30_000)) as readonly number[];
const points = Array.from({ length: POINTS }, (_, i) => {
  return `p${i}: { area: holding, address: ${i}, type: int16 }`;
}).join(", ");
const home = gatewayHome(`
buses:
${ports.map((port, i) => `  b${i}: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} }`).join("\n")}
devices:
${ports.map((_, i) => `  d${i}: { bus: b${i}, unit: 1, every: 1s, points: { ${points} } }`).join("\n")}`);
const gateway = await home.start();
const told = await Sink.open();
const red = await startNodeRed(nodeRedDir());
const socket = `${home.dir}/buffer/control.sock`;
await red.deploy([
  { id: "t", type: "tab", label: "load" },
  { id: "g", type: "lifeline-gateway", via: "socket", socket, name: "" },
  {
    ...{ id: "n", type: "lifeline-reading-in", z: "t", gateway: "g", points: "*", name: "" },
    ...{ onlyGood: false, atOnce: false, x: 1, y: 1, wires: [["f"]] },
  },
  {
    ...{ id: "f", type: "function", z: "t", outputs: 1, x: 2, y: 1, wires: [["o"]] },
    func: 'const n = (context.get("n") ?? 0) + 1; context.set("n", n); if (n % 1000 !== 0) return null; return { payload: JSON.stringify({ topic: "count", payload: n, late: Date.now() - msg.time }) + String.fromCharCode(10) };',
  },
  {
    ...{ id: "o", type: "tcp out", z: "t", x: 3, y: 1, wires: [], tls: "", host: "127.0.0.1" },
    ...{ port: String(told.port), beserver: "client", base64: false, end: false },
  },
]);
await told.waitFor(({ topic }) => topic === "count", 30_000);

const third = (seconds * 1_000) / 3;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const seen = () => ({
  at: performance.now(),
  red: usageOf(red.child.pid),
  gateway: usageOf(gateway.pid),
  count: Number(told.messages.at(-1)?.payload ?? 0),
});
await pause(third);
const first = seen();
await pause(third);
const middle = seen();
await pause(third);
const last = seen();

const elapsedS = (last.at - first.at) / 1_000;
const rate = (last.count - first.count) / elapsedS;
const share = (name: "red" | "gateway") => (last[name].cpuMs - first[name].cpuMs) / (elapsedS * 10);
const missed = red.child.lines.filter((line) => /missed|gap/.test(line)).length;
const late = told.messages.map((message) => Number(message.late)).toSorted((a, b) => a - b);
const growthMib = last.red.rssMib - middle.red.rssMib;
const isWell = rate > 970 && missed === 0 && growthMib < GROWTH_MAX_MIB;
const rows = [
  ["readings a second in the flow", rate.toFixed(0)],
  ["times that some were missed", `${missed}`],
  [
    "from measured to the flow, half and the worst, ms",
    `${late[late.length >> 1]} / ${late.at(-1)}`,
  ],
  ["Node-RED: CPU, % of a core", share("red").toFixed(1)],
  [
    "Node-RED: RSS at 1/3, 2/3 and the end, MiB",
    [first, middle, last].map((each) => each.red.rssMib.toFixed(0)).join(" / "),
  ],
  ["gateway: CPU, % of a core", share("gateway").toFixed(1)],
  [
    "gateway: RSS at 1/3, 2/3 and the end, MiB",
    [first, middle, last].map((each) => each.gateway.rssMib.toFixed(0)).join(" / "),
  ],
];
for (const [what, figure] of rows) process.stdout.write(`| ${what} | ${figure} |\n`);
await red.child.end("SIGTERM");
await gateway.end("SIGTERM");
await plant.end("SIGTERM");
told.close();
process.exitCode = isWell ? 0 : 1;
