import process from "node:process";
import { createInterface } from "node:readline";

/** The lines of standard input as they come, until it ends. */
export function linesOfStandardInput(): AsyncIterable<string> {
  return createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
}
