import process from "node:process";
import { parseArgs } from "node:util";
import { type FleetLoad, fleetLoad } from "./run.ts";

/**
 * `npm run fleet-load -- [--broker mosquitto|nats] [--gateways N] [--seconds N] [--every MS]`: so
 * many gateways send for so long; amid it one of several brokers is
 * killed and comes back. Prints what came of
 * it; 1 where a message is missing.
 */
const { values } = parseArgs({
  options: {
    broker: { type: "string", default: "mosquitto" },
    gateways: { type: "string", default: "1000" },
    seconds: { type: "string", default: "120" },
    every: { type: "string", default: "1000" },
    receivers: { type: "string", default: "2" },
  },
});

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
