import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { fleetPage, type MeasuredFleets } from "./page.ts";
import { type FleetLoad, type FleetResult, fleetLoad } from "./run.ts";

const { values } = asked({
  name: "npm run fleet-load",
  about: `So many gateways send for so long to one broker, or to three of which one is killed
amid it and comes back. Prints what came of it; exits 1 where a message is missing.`,
  options: {
    broker: {
      kind: "choice",
      of: ["mosquitto", "nats"],
      usual: "mosquitto",
      says: "one mosquitto, or three servers of NATS JetStream",
    },
    gateways: { kind: "whole", least: 1, usual: 1_000, says: "how many send" },
    seconds: { kind: "number", least: 1, usual: 120, says: "for how long" },
    every: { kind: "whole", least: 10, usual: 1_000, says: "how often each reads, in ms" },
    receivers: { kind: "whole", least: 1, usual: 2, says: "that share the messages" },
    record: { kind: "flag", says: "keep the result in measured.json and HUNDRED-THOUSAND.md" },
    page: { kind: "flag", says: "only write HUNDRED-THOUSAND.md anew" },
  },
});
const MEASURED = join(import.meta.dirname, "measured.json");
if (values.page) {
  writePage();
  process.exit(0);
}

const load: FleetLoad = {
  broker: values.broker,
  gateways: values.gateways,
  seconds: values.seconds,
  everyMs: values.every,
  receivers: values.receivers,
  isKilled: values.broker === "nats",
};
const result = await fleetLoad(load, (line) => console.error(line));
console.log(JSON.stringify({ ...load, ...result }, null, 2));
const { gaps, owed, distinct, repeated, strange, perSecond } = result;
console.log(
  `${load.gateways} gateways: ${distinct} messages, ${perSecond} a second, ` +
    `${gaps} missing, ${owed} still owed, ${repeated} twice`,
);
// Nothing sent is nothing proved.
const isProved = gaps === 0 && owed === 0 && strange === 0 && distinct >= load.gateways;
process.exitCode = isProved ? 0 : 1;
if (values.record) {
  const all = { ...measuredFleets(), [load.broker]: measuredBy(result) };
  writeFileSync(MEASURED, `${JSON.stringify(all, null, 2)}\n`);
  writePage();
}

function measuredFleets(): MeasuredFleets {
  return JSON.parse(readFileSync(MEASURED, "utf8"));
}

function measuredBy({ sent, gaps, perSecond, cpuMs, rssMib }: FleetResult): MeasuredFleets["nats"] {
  const on = new Date().toISOString().slice(0, 10);
  const { brokers, receivers } = cpuMs;
  return {
    ...{ on, gateways: load.gateways, messages: sent, perSecond, missing: gaps },
    ...{ cpuMs: { brokers, receivers }, brokersMb: Math.round((rssMib.brokers * 1_048_576) / 1e6) },
  };
}

function writePage(): void {
  writeFileSync(join(import.meta.dirname, "HUNDRED-THOUSAND.md"), fleetPage(measuredFleets()));
}
