import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Status } from "../../edge/control/status.ts";
import { callControl } from "../../edge/world/control-socket.ts";
import { type Child, startChild, tempDir } from "./child.ts";
import { NODE_FLAGS } from "./node-flags.ts";
import { MAIN } from "./program.ts";

/** A machine that does much else starts a gateway slowly. */
const START_MS = 60_000;

/** A directory with a `gateway.yaml` and a buffer, in which a gateway can be started and killed. */
export type GatewayHome = {
  readonly dir: string;
  readonly config: string;
  /** Starts the real gateway as a process, with `env` beside its own; resolves when it runs. */
  start(env?: Readonly<Record<string, string>>): Promise<Child>;
  status(): Promise<Status>;
};

/**
 * Makes a home for gateway `gw-test`. `yaml` is the configuration but for `gateway` and `buffer`;
 * `commit` is the interval of group commits; where it `isSynced` the machine's clock passes for
 * synchronised, whatever it is; `env` is added to its environment, `wrap` stands before its command,
 * and `main` is the program.
 */
export function gatewayHome(
  yaml: string,
  {
    commit = "200ms",
    isSynced = false,
    env = {},
    wrap = [],
    main = MAIN,
  }: {
    readonly commit?: string;
    readonly isSynced?: boolean;
    readonly env?: Readonly<Record<string, string>>;
    readonly wrap?: readonly string[];
    readonly main?: string;
  } = {},
): GatewayHome {
  const dir = tempDir("gateway");
  const config = join(dir, "gateway.yaml");
  // The machine's clock is what it is, and may have been started a minute ago.
  const buffer = `{ dir: ${dir}/buffer, commit: ${commit}, holdUnsynced: 0ms }`;
  const head = `gateway: { id: gw-test }\nbuffer: ${buffer}\n`;
  writeFileSync(config, `${head}${yaml}\n`);
  return {
    dir,
    config,
    start: async (more = {}) => {
      const run = [process.execPath, ...NODE_FLAGS, main, "run", "--config", config];
      const [command = "", ...args] = [...wrap, ...run];
      const child = startChild(command, args, {
        ...env,
        ...more,
        ...(isSynced ? syncedIn(dir) : {}),
      });
      await child.waitFor(/gateway gw-test runs/, START_MS);
      return child;
    },
    status: async () => (await callControl(`${dir}/buffer/control.sock`, "status")) as Status,
  };
}

/**
 * An environment in which the tool that tells whether the clock is synchronised says what the file
 * `clock-synced` in `dir` holds, at first yes; what it needs goes there too.
 */
export function syncedIn(dir: string): Readonly<Record<string, string>> {
  writeFileSync(join(dir, "clock-synced"), "yes");
  writeFileSync(join(dir, "timedatectl"), TIMEDATECTL, { mode: 0o755 });
  return { PATH: `${dir}:${process.env.PATH}` };
}

const TIMEDATECTL = `#!/bin/sh
synced=$(cat "\${0%/*}/clock-synced")
case "$*" in
  *--value*) echo "$synced" ;;
  show) printf 'NTP=yes\\nNTPSynchronized=%s\\n' "$synced" ;;
  *) exit 1 ;;
esac
`;
