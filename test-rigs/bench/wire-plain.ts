import process from "node:process";
import { connectAsync } from "mqtt";
import { readingsOf, UNIT, type WireLoad } from "./wire-load.ts";

/**
 * What is to be compared with: mqtt.js alone, nothing stored, QoS 1 over MQTT 5.
 * `wire-plain.ts URL TOGETHER BEGIN LOAD`: LOAD (JSON) as messages of JSON, TOGETHER (`one` or
 * `all`) one a reading or one a message of it. Prints `runs`, and `done` when all is acknowledged.
 */
const [url = "", together = "", begin = "", text = ""] = process.argv.slice(2);
/** The most messages that are not acknowledged: as many as a client may have. */
const WINDOW = 1000;
const say = (line: string) => process.stdout.write(`${line}\n`);
const load = JSON.parse(text) as WireLoad;

say("runs");
const client = await connectAsync(url, { clientId: "plain", protocolVersion: 5 });
const underWay = new Set<Promise<unknown>>();
async function publish(content: object): Promise<void> {
  const sent = client.publishAsync("plain/readings", JSON.stringify(content), { qos: 1 });
  underWay.add(sent);
  void sent.then(() => underWay.delete(sent));
  if (underWay.size >= WINDOW) await Promise.race(underWay);
}
for (let n = 0; n < load.messages; n++) {
  const readings = readingsOf(n, load, Number(begin)).map(({ point, at, value, quality }) => {
    return { gateway: "gw-bench", point, at, value, unit: UNIT, quality };
  });
  if (together === "all") await publish(readings);
  else for (const reading of readings) await publish(reading);
}
await Promise.all(underWay);
say("done");
// Open until it was counted what went over it.
setInterval(() => {}, 1000);
