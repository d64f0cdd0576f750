import { execFileSync } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tempDir } from "./child.ts";
const COMPILER = "cc";
const STRICT = ["-O2", "-D_FILE_OFFSET_BITS=64", "-Wall", "-Wextra", "-Werror"];
/** The C program `source` compiled, linked with `libraries`; removed with this process. */
export function compiled(source, ...libraries) {
    return compile(source, [], libraries.map((each) => `-l${each}`));
}
/** The C file `source` as a library that can be loaded before those of a process. */
export function compiledLibrary(source) {
    return compile(source, ["-shared", "-fPIC"], []);
}
function compile(source, options, links) {
    const file = fileURLToPath(source);
    const made = join(tempDir("compiled"), basename(file, ".c"));
    execFileSync(COMPILER, [...STRICT, ...options, "-o", made, file, ...links]);
    return made;
}
