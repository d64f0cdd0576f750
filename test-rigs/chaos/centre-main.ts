/**
 * One centre of the gateway, a process that can be killed:
 *
 *     centre-main.ts ARCHIVE mqtt URL | http ADDRESS PORT
 *
 * Appends each message to the file ARCHIVE before it is acknowledged, as a line of JSON.
 */
import { openSync, writeSync } from "node:fs";
import process from "node:process";
import { HttpCentre } from "../receiver/http-centre.ts";
import { openReceiver } from "../receiver/receiver.ts";
import { lineOf } from "./archive.ts";

const [archive = "", kind, where = "", port = ""] = process.argv.slice(2);
const file = openSync(archive, "a");
// Whoever was killed amid a line left it open.
writeSync(file, "\n");
const keep = (topic: string, message: Uint8Array) => void writeSync(file, lineOf(topic, message));

if (kind === "mqtt") {
  const receiver = await openReceiver(where);
  receiver.onPayload = keep;
} else {
  const centre = new HttpCentre();
  centre.onPayload = keep;
  await centre.listen(Number(port), where);
}
process.stdout.write("listens\n");
