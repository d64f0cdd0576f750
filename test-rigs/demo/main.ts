import process from "node:process";
import { parseArgs } from "node:util";
import { languageOf } from "../../edge/cli/language.ts";
import type { Lang } from "../../edge/core/errors.ts";
import { jsonOutput, liveOutput, type Output, plainOutput } from "./output.ts";
import { runDemo } from "./run-demo.ts";
import { HEIGHT } from "./view.ts";

const USAGE = `usage: node test-rigs/demo/main.ts [--seconds N] [--json] [--lang en|zh-CN]
  --seconds N   how long the story takes, 10 to 3600, default 90
  --json        one JSON object a line, the verdict last
`;

type Arguments = { readonly seconds: number; readonly json: boolean; readonly lang: Lang };

/** Null where the arguments are wrong. */
function argumentsOf(args: readonly string[]): Arguments | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seconds: { type: "string", default: "90" },
        json: { type: "boolean", default: false },
        lang: { type: "string", default: languageOf(process.env) },
      },
    });
    const seconds = Number(values.seconds);
    if (!Number.isInteger(seconds) || seconds < 10 || seconds > 3600) return null;
    if (values.lang !== "en" && values.lang !== "zh-CN") return null;
    return { seconds, json: values.json, lang: values.lang };
  } catch {
    return null;
  }
}

function outputOf({ seconds, json, lang }: Arguments): Output {
  const { stdout } = process;
  const write = (text: string) => void stdout.write(text);
  const everyS = Math.max(1, seconds / 18);
  if (json) return jsonOutput(write, everyS, lang);
  if (!stdout.isTTY) return plainOutput(write, everyS, lang);
  return liveOutput(write, () => stdout.rows || HEIGHT, lang, !process.env.NO_COLOR);
}

/** Exit code: 0 when the verdict holds, 1 when not, 2 used wrongly, 128 + N ended by signal N. */
async function main(): Promise<number> {
  const args = argumentsOf(process.argv.slice(2));
  if (args === null) {
    process.stderr.write(USAGE);
    return 2;
  }
  const interruption = new AbortController();
  let exitCode = 1;
  const interrupt = (code: number) => () => {
    exitCode = code;
    interruption.abort();
  };
  process.on("SIGINT", interrupt(130));
  process.on("SIGTERM", interrupt(143));
  // The terminal was closed.
  process.on("SIGHUP", interrupt(129));
  // Nobody reads any more: nothing is left to be shown.
  process.stdout.on("error", interrupt(1));
  const output = outputOf(args);
  process.on("exit", () => output.close());
  try {
    const verdict = await runDemo({ ...args, output }, interruption.signal);
    return verdict.ok ? 0 : 1;
  } catch (error) {
    output.close();
    if (!interruption.signal.aborted) {
      process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    }
    return exitCode;
  }
}

process.exitCode = await main();
