import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Invocation, misuse } from "./invocation.ts";
import { say } from "./text.ts";

/** The centre stands beside the gateway and is a process of its own. */
const FLEET = fileURLToPath(new URL("../../test-rigs/centre/fleet-main.ts", import.meta.url));

/** `lifeline fleet …`: what the reference centre knows and does; 2 where it is not there. */
export async function fleet(invocation: Invocation): Promise<number> {
  const { lang, json, operands, dir, canaries, broker, key } = invocation;
  if (!existsSync(FLEET)) return misuse(say(lang, "fleetMissing"), invocation);
  const given = Object.entries({ dir, canaries, broker, key }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  const options = ["--lang", lang, ...given, ...(json ? ["--json"] : [])];
  const child = spawn(
    process.execPath,
    [...process.execArgv, FLEET, ...options, "--", ...operands],
    {
      stdio: "inherit",
    },
  );
  // Ctrl-C reaches the whole group: the centre ends orderly and this process waits for it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
