import process from "node:process";
import { GatewayError, type Lang } from "../edge/core/errors.ts";
import { readConfig } from "./read.ts";
import type { ReadAnswer } from "./read-apart.ts";

/** The process behind `readConfigApart`: reads the file that it is called with, answers once in the language. */
function answer(): ReadAnswer {
  try {
    const [file = "", lang] = process.argv.slice(2);
    const result = readConfig(file, (name) => process.env[name], lang as Lang);
    return { kind: "result", result };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { kind: "unreadable", message: error.message };
  }
}

process.send?.(answer(), () => process.disconnect());
