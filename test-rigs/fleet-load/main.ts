import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { fleetPage, type MeasuredFleets } from "./page.ts";
import { type FleetLoad, type FleetResult, fleetLoad } from "./run.ts";

/**
 * `npm run fleet-load -- [--broker mosquitto|nats] [--gateways N] [--seconds N] [--every MS]`: so
 * many gateways send for so long; amid it one of several brokers is killed and comes back. Prints
 * what came of it; exits 1 where a message is missing. `--record` keeps it in `measured.json` and
 * writes the page of arithmetic anew, which `--page` does alone.
 */
const { values } = parseArgs({
  options: {
    broker: { type: "string", default: "mosquitto" },
    gateways: { type: "string", default: "1000" },
    seconds: { type: "string", default: "120" },
    every: { type: "string", default: "1000" },
    receivers: { type: "string", default: "2" },
    record: { type: "boolean", default: false },
    page: { type: "boolean", default: false },
  },
});
const MEASURED = join(import.meta.dirname, "measured.json");
if (values.page) {
  writePage();
  process.exit(0);
}

const load: FleetLoad = {
  broker: values.broker === "nats" ? "nats" : "mosquitto",
  gateways: Number(values.gateways),
  seconds: Number(values.seconds),
  everyMs: Number(values.every),
  receivers: Number(values.receivers),
  isKilled: values.broker === "nats",
};
const result = await fleetLoad(load, (line) => console.error(line));
console.log(JSON.stringify({ ...load, ...result }, null, 2));
const { gaps, owed, distinct, repeated, perSecond } = result;
console.log(
  `${load.gateways} gateways: ${distinct} messages, ${perSecond} a second, ` +
    `${gaps} missing, ${owed} still owed, ${repeated} twice`,
);
process.exitCode = gaps === 0 && owed === 0 ? 0 : 1;
if (values.record) {
  const all = { ...measuredFleets(), [load.broker]: measuredBy(result) };
  writeFileSync(MEASURED, `${JSON.stringify(all, null, 2)}\n`);
  writePage();
}

function measuredFleets(): MeasuredFleets {
  return JSON.parse(readFileSync(MEASURED, "utf8"));
}

function measuredBy({ sent, gaps, perSecond, cpuMs, rssMb }: FleetResult): MeasuredFleets["nats"] {
  const on = new Date().toISOString().slice(0, 10);
  const { brokers, receivers } = cpuMs;
  return {
    ...{ on, gateways: load.gateways, messages: sent, perSecond, missing: gaps },
    ...{ cpuMs: { brokers, receivers }, brokersMb: rssMb.brokers },
  };
}

function writePage(): void {
  writeFileSync(join(import.meta.dirname, "HUNDRED-THOUSAND.md"), fleetPage(measuredFleets()));
}
