import { spawnSync } from "node:child_process";

/** More than any tool complains. */
const OUTPUT_MAX = 16_777_216;

/** How a tool is run. */
export type ToolOptions = {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
};

/**
 * What `command` prints. Throws what it complains of where it fails, and which Debian package has it
 * where it is not there.
 */
export function runTool(
  command: string,
  args: readonly string[],
  { input, env, cwd }: ToolOptions = {},
): string {
  const done = spawnSync(command, args, {
    input,
    cwd,
    encoding: "utf8",
    maxBuffer: OUTPUT_MAX,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8", TZ: "UTC", ...env },
  });
  const { error, status, stdout, stderr } = done;
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") {
    throw new Error(
      `${command} is not there: ${PACKAGE_OF[command] ?? command} is to be installed`,
    );
  }
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr.trim() || status}`);
  return stdout;
}

const PACKAGE_OF: Readonly<Record<string, string>> = {
  mcopy: "mtools",
  mmd: "mtools",
  mdir: "mtools",
  "mkfs.fat": "dosfstools",
  sfdisk: "fdisk",
  mksquashfs: "squashfs-tools",
};
