import process from "node:process";
import { GatewayError } from "../edge/core/errors.ts";
import { readConfig } from "./read.ts";
import type { ReadAnswer } from "./read-apart.ts";

/** The process behind `readConfigApart`: reads the file that it is called with, answers once. */
function answer(): ReadAnswer {
  try {
    const [file = ""] = process.argv.slice(2);
    return { kind: "result", result: readConfig(file, (name) => process.env[name]) };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { kind: "unreadable", message: error.message };
  }
}

process.send?.(answer(), () => process.disconnect());
