import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { loadConfig } from "../../../config/load.ts";
import { ProfileFolders, SHIPPED_PROFILES } from "../../../config/read.ts";
import { FakeLink } from "../../../drivers/modbus/fake-link.ts";
import { openTalker } from "../../../drivers/serial/serial.ts";
import { SimClock } from "../../sim/clock.ts";

const profiles = new ProfileFolders([SHIPPED_PROFILES]);
const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();

/** What was on the wire: as it was in `wire.txt`, or as hexadecimal digits in `wire.hex`. */
function wireIn(folder: string): Uint8Array {
  const text = join(folder, "wire.txt");
  if (existsSync(text)) return readFileSync(text);
  const hex = readFileSync(join(folder, "wire.hex"), "utf8");
  return Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
}

/** What a device with the profile `name` is heard to say, one line a message, then the counters. */
function heardBy(name: string, wire: Uint8Array): string {
  const yaml = `gateway: { id: a }
buses: { line: { kind: serial, port: /dev/line } }
devices: { d: { bus: line, profile: ${name} } }`;
  const load = { profiles, readFile: () => "", env: () => undefined };
  const talker = loadConfig(yaml, load).config?.talkers[0];
  if (talker === undefined) throw new Error(`${name} is no profile of a talker`);
  const link = new FakeLink();
  const session = openTalker(link, new SimClock(), 9600, talker);
  const lines: unknown[] = [];
  session.onHeard = (heard) => lines.push(heard);
  // The worst that an adapter does: every byte by itself.
  for (const byte of wire) link.send(Uint8Array.of(byte));
  return `${[...lines, session.counters()].map((line) => JSON.stringify(line)).join("\n")}\n`;
}

for (const name of names) {
  test(`${name}: says what is expected`, (t) => {
    const folder = join(import.meta.dirname, name);
    const file = join(folder, "expected.jsonl");
    const heard = heardBy(name, wireIn(folder));
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, heard);
    t.is(heard, readFileSync(file, "utf8"));
  });
}
