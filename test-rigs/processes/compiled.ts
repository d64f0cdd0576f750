import { execFileSync } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tempDir } from "./child.ts";

const COMPILER = "cc";

/** The C program `source` compiled, linked with `libraries`; removed with this process. */
export function compiled(source: URL, ...libraries: readonly string[]): string {
  const file = fileURLToPath(source);
  const program = join(tempDir("compiled"), basename(file, ".c"));
  const strict = ["-O2", "-D_FILE_OFFSET_BITS=64", "-Wall", "-Wextra", "-Werror"];
  const links = libraries.map((each) => `-l${each}`);
  execFileSync(COMPILER, [...strict, "-o", program, file, ...links]);
  return program;
}
