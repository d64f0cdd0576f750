import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { tempDir } from "../processes/child.ts";

const TOOL = fileURLToPath(new URL("./tool.pl", import.meta.url));

/**
 * A GPIO chip that no kernel has: in place of libgpiod's tools stand processes that speak their
 * command lines and hold lines as they do. What the kernel and its drivers do is not shown by it.
 */
export class StandInChip {
  /** What the gateway's process is to be started with. */
  readonly env: Readonly<Record<string, string>>;
  readonly #dir: string;

  /** `version` is that of the tools; `lines` are the names of the lines, from line 0 on. */
  constructor(version: "1.6.3" | "2.2", lines: readonly string[]) {
    const dir = tempDir("gpio");
    const bin = join(dir, "bin");
    this.#dir = join(dir, "chips", "gpiochip0");
    mkdirSync(bin);
    mkdirSync(this.#dir, { recursive: true });
    for (const tool of ["gpioinfo", "gpioget", "gpioset"]) symlinkSync(TOOL, join(bin, tool));
    lines.forEach((name, offset) => {
      writeFileSync(this.#at(offset, ".name"), name);
      this.setLevel(offset, 0);
    });
    this.env = {
      PATH: `${bin}:${process.env.PATH}`,
      GPIO_STAND_IN: join(dir, "chips"),
      GPIO_STAND_IN_VERSION: version,
    };
  }

  /** Puts a level on a line from outside: 1 is high. */
  setLevel(offset: number, level: 0 | 1): void {
    writeFileSync(this.#at(offset), `${readFileSync(this.#at(offset, ".name"))}\n${level}\n`);
  }

  /** The level that a line is driven with: 1 is high; null where nobody drives it. */
  driven(offset: number): number | null {
    const [level] = this.#told(offset);
    return level === undefined ? null : Number(level);
  }

  /** The process that holds a line. */
  holder(offset: number): number {
    return Number(this.#told(offset)[1]);
  }

  /** What a holder wrote, which takes that with it when it ends. */
  #told(offset: number): readonly string[] {
    try {
      return readFileSync(this.#at(offset, ".out"), "utf8").split(" ");
    } catch {
      return [];
    }
  }

  /** Whether a process that is to hold a line hangs before it has it. */
  hang(offset: number, on: boolean): void {
    if (on) writeFileSync(this.#at(offset, ".hang"), "");
    else rmSync(this.#at(offset, ".hang"));
  }

  /** Whether the gateway's user may not use the chip. */
  forbid(): void {
    writeFileSync(join(this.#dir, "forbidden"), "");
  }

  /** It may again. */
  allow(): void {
    rmSync(join(this.#dir, "forbidden"));
  }

  #at(offset: number, what = ""): string {
    return join(this.#dir, `${offset}${what}`);
  }
}
