import { type ChildProcess, execFile, spawn } from "node:child_process";
import process from "node:process";
import type { LineBias } from "../../core/board.ts";
import { GatewayError } from "../../core/errors.ts";
import { type LineInfo, lineInfos } from "./line-info.ts";

/** A tool that has not ended by then hangs. */
const TOOL_MS = 2_000;
const COMPLAINT_MAX = 300;

/** Debian 12 has libgpiod 1, Debian 13 libgpiod 2; their tools take other options. */
export type ToolsVersion = { readonly text: string; readonly major: 1 | 2 };

/** How lines are read or driven. */
export type LineMode = { readonly activeLow: boolean; readonly bias: LineBias };

/**
 * libgpiod's own tools, each use a process: no package with binaries for the kernel's GPIO devices is
 * kept well. All reject with what the tool said, and what to do about it.
 */
export class Tools {
  readonly version: ToolsVersion;
  readonly #chip: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(version: ToolsVersion, chip: string, env: NodeJS.ProcessEnv) {
    this.version = version;
    this.#chip = chip;
    this.#env = env;
  }

  /** The tools that are installed, for `chip`: its name, such as gpiochip0, or its device file. */
  static async find(chip: string, outside: NodeJS.ProcessEnv = process.env): Promise<Tools> {
    const env = { ...outside, LC_ALL: "C" };
    const told = await run("gpioinfo", ["--version"], env);
    const text = /v?(\d+\.\d+[.\d]*)/.exec(told)?.[1] ?? "?";
    return new Tools({ text, major: text.startsWith("1.") ? 1 : 2 }, chip, env);
  }

  /** Every line of the chip, which this asks nothing of. */
  async info(): Promise<readonly LineInfo[]> {
    return lineInfos(await run("gpioinfo", [...this.#chipOption, ...this.#chipOperand], this.#env));
  }

  /** What lines read as, 1 while they are active, in the order of `offsets`. */
  async get(offsets: readonly number[], { activeLow, bias }: LineMode): Promise<readonly number[]> {
    const isFirst = this.version.major === 1;
    const args = [
      ...(isFirst ? [] : ["--numeric"]),
      ...(bias === "as-is" ? [] : [`--bias=${isFirst && bias === "disabled" ? "disable" : bias}`]),
      ...(activeLow ? ["--active-low"] : []),
      ...this.#chipOption,
      ...this.#chipOperand,
      ...offsets.map(String),
    ];
    const levels = (await run("gpioget", args, this.#env)).trim().split(/\s+/).map(Number);
    const isWhole = levels.length === offsets.length && levels.every((at) => at === 0 || at === 1);
    if (!isWhole) throw new Error(`gpioget says ${levels.join(" ")} for ${offsets.length} lines`);
    return levels;
  }

  /**
   * Begins a process that holds a line at `level` for as long as it lives; it ends with this one,
   * however that ends, for nobody could take the line from it then.
   */
  hold(offset: number, level: number, { activeLow }: Pick<LineMode, "activeLow">): ChildProcess {
    const args = [
      ...(this.version.major === 1 ? ["--mode=signal"] : []),
      ...(activeLow ? ["--active-low"] : []),
      ...this.#chipOption,
      ...this.#chipOperand,
      `${offset}=${level}`,
    ];
    const withUs = ["--pdeathsig", "TERM", "--", "gpioset", ...args];
    return spawn("setpriv", withUs, { env: this.#env, stdio: ["ignore", "ignore", "pipe"] });
  }

  get #chipOption(): readonly string[] {
    return this.version.major === 1 ? [] : ["--chip", this.#chip];
  }

  get #chipOperand(): readonly string[] {
    return this.version.major === 1 ? [this.#chip] : [];
  }
}

function run(tool: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(
    tool,
    args,
    { env, timeout: TOOL_MS, killSignal: "SIGKILL" },
    (error, out, complaint) => {
      if (error === null) resolve(out);
      else reject(refusal(error.code === "ENOENT" ? "ENOENT" : complaint || error.message));
    },
  );
  return promise;
}

/** What a tool complained of, and what to do about it. */
export function refusal(complaint: string): GatewayError {
  return new GatewayError("link.refused", adviceOn(complaint.trim().slice(0, COMPLAINT_MAX)));
}

function adviceOn(complaint: string): string {
  if (complaint === "ENOENT") {
    return "the tools of libgpiod are not installed. Install the package gpiod (apt install gpiod)";
  }
  if (/permission denied/i.test(complaint)) {
    return `${complaint}. Add the gateway's user to the group that owns the device file, gpio as a rule`;
  }
  if (/no such (file|device)|not found|cannot find/i.test(complaint)) {
    return `${complaint}. See what chips there are: gpiodetect`;
  }
  return complaint;
}
