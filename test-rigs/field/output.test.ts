import process from "node:process";
import test, { type ExecutionContext } from "ava";
import { type Child, startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

const IDLE = "buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }";

/** Its log has something to tell at once: a bus that cannot be opened. */
const LOGGING = `${IDLE}
devices: { d: { bus: main, unit: 1, points: { x: { area: coil, address: 0, type: bool, every: 1s } } } }`;

/** How long a start may take on a machine that is busy, in milliseconds. */
const START_MS = 60_000;

/** What a shell does to run the gateway and tell, on descriptor 3, its process and its exit code. */
function gatewayWith(options: string): string {
  const run = `exec ${process.execPath} ${MAIN} run ${options}`;
  return `sh -c 'echo "gateway $$" >&3; ${run}'; echo "code $?" >&3`;
}

/** The process that `child` tells of as `name`; it ends with the test `t`. */
async function pidOf(name: string, child: Child, t: ExecutionContext): Promise<number> {
  const line = await child.waitFor(new RegExp(`^${name} \\d+$`), 10_000);
  const pid = Number(line.split(" ")[1]);
  t.teardown(() => endIfThere(pid));
  return pid;
}

/** Kills process `pid`, where it still runs. */
function endIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended as it should.
  }
}

/** Starts a shell with `script`, in which `$lifeline` is the program. */
function startShell(script: string) {
  return startChild("/bin/sh", ["-c", `lifeline='${process.execPath} ${MAIN}'; ${script}`]);
}

/** Runs `script` to its end; what it printed. */
async function shell(script: string): Promise<string> {
  const child = startShell(script);
  await child.exited;
  return child.lines.join("\n");
}

test.serial("a reader that goes away ends a command quietly, as SIGPIPE ends others", async (t) => {
  const { config } = gatewayHome("busses: {}");
  const codeOf = (command: string) => `{ $lifeline ${command}; echo "code $?" >&3; }`;
  for (const command of [
    `check --config ${config}`,
    `check --config ${config} --json`,
    "check --schema",
    `status --config ${config} 2>&1`,
    `alarms --config ${config} 2>&1`,
    "--help",
    "nothing 2>&1",
  ]) {
    t.is(await shell(`exec 3>&1; ${codeOf(command)} | true`), "code 141", command);
  }
});

test.serial("output that a full disk does not take is told, and fails the command", async (t) => {
  const { config } = gatewayHome(IDLE);
  const text = await shell(`$lifeline check --config ${config} > /dev/full; echo "code $?"`);
  t.regex(text, /^error: the output cannot be written: ENOSPC.*\ncode 1$/);
});

test.serial("a slow reader gets all of a long output", async (t) => {
  const points = Array.from({ length: 1500 }, (_, i) => `p${i}: { area: nowhere }`).join(", ");
  const { config } = gatewayHome(
    `${IDLE}\ndevices: { d: { bus: main, unit: 1, points: { ${points} } } }`,
  );
  const check = `check --json --config ${config}`;
  const whole = await shell(`$lifeline ${check} > ${config}.txt; wc -c < ${config}.txt`);
  t.true(Number(whole) > 100_000);
  t.is(await shell(`$lifeline ${check} | { sleep 1; wc -c; }`), whole);
});

test.serial(
  "the gateway runs on, and ends well, where the reader of its log has gone",
  async (t) => {
    for (const [options, output] of [
      ["", "2>&1 >/dev/null | head -n 1"],
      ["--json", "| head -n 1"],
      ["", "2>/dev/full"],
    ]) {
      const home = gatewayHome(LOGGING);
      const gateway = gatewayWith(`--config ${home.config} ${options}`);
      const child = startShell(`exec 3>&1; { ${gateway}; } ${output}`);
      const pid = await pidOf("gateway", child, t);
      // The log has told more by then than its first line.
      await until("the gateway to run without a reader", START_MS, async () => {
        const status = await home.status().catch(() => null);
        return status?.points[0]?.quality === "bad:link-closed";
      });
      process.kill(pid, "SIGTERM");
      t.is(await child.exited, 0);
      t.true(child.lines.includes("code 0"), output);
    }
  },
);

test.serial("a reader that does not read holds up neither the gateway nor its end", async (t) => {
  const home = gatewayHome(LOGGING);
  const reader = `sh -c 'echo "reader $$" >&3; exec sleep 100'`;
  // Filled up to what the pipe holds: the log has to wait.
  const fill = "dd if=/dev/zero bs=64 count=2000 oflag=nonblock 2>/dev/null";
  const gateway = gatewayWith(`--config ${home.config} 2>&1`);
  const child = startShell(`exec 3>&1; { ${fill}; ${gateway}; } | ${reader}`);
  await pidOf("reader", child, t);
  const pid = await pidOf("gateway", child, t);
  await until("the gateway to run", START_MS, () =>
    home.status().then(
      () => true,
      () => false,
    ),
  );
  process.kill(pid, "SIGTERM");
  t.is(await child.waitFor(/code/, 20_000), "code 0");
});
