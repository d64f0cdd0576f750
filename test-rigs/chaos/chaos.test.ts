import process from "node:process";
import { fileURLToPath } from "node:url";
import { startChild } from "../processes/child.ts";
import { testInSpaces } from "./test-in-spaces.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const FAULTS = [
  "a partition to city",
  "half a line to county",
  "the broker is killed",
  "the gateway is killed",
  "the clock is set",
  "garbage on the line",
];

testInSpaces(
  "a gateway that is killed, cut off, lied to about the time and shouted at delivers all of it once, and true",
  async (t) => {
    t.timeout(600_000);
    const how = ["--minutes", "0.3", "--pace", "0.15", "--seed", "101", "--only", FAULTS.join(",")];
    const chaos = startChild(process.execPath, [MAIN, ...how]);
    const code = await chaos.exited;
    t.is(code, 0, chaos.lines.join("\n"));
    for (const fault of FAULTS)
      t.true(
        chaos.lines.some((line) => line.includes(fault)),
        fault,
      );
  },
);
