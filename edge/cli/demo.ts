import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Invocation, misuse } from "./invocation.ts";
import { say } from "./text.ts";

/** The demo stands beside the gateway and starts it as a process of its own. */
const DEMO = fileURLToPath(new URL("../../test-rigs/demo/main.ts", import.meta.url));

/** `lifeline demo`: a simulated city block, guarded by the real gateway. */
export async function demo(invocation: Invocation): Promise<number> {
  const { lang, json, seconds } = invocation;
  if (!existsSync(DEMO)) return misuse(say(lang, "demoMissing"), invocation);
  const options = ["--lang", lang, "--seconds", `${seconds ?? 90}`, ...(json ? ["--json"] : [])];
  const child = spawn(process.execPath, [...process.execArgv, DEMO, ...options], {
    stdio: "inherit",
  });
  // Ctrl-C reaches the whole group: the demo cleans up and this process waits for it.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  const pass = () => child.kill("SIGTERM");
  process.on("SIGTERM", pass);
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
