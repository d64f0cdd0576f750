import { chmodSync, renameSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import test, { type ExecutionContext } from "ava";
import { until } from "../../test-rigs/field/rig.ts";
import { startChild, tempDir } from "../../test-rigs/processes/child.ts";

const urlOf = (file: string) => pathToFileURL(join(import.meta.dirname, file)).href;

/** Prints the state of a clock whenever it changes, and at SIGUSR2 sets wall time an hour ahead. */
const scriptOf = (mark: string, askEveryMs: number) => `
  const { SystemClock } = await import("${urlOf("clock.ts")}");
  const clock = new SystemClock({ askEveryMs: ${askEveryMs}, mark: ${JSON.stringify(mark)} });
  let last = clock.state(), tick = performance.now(), late = 0;
  console.log(last, 0);
  setInterval(() => {
    late = Math.max(late, performance.now() - tick);
    tick = performance.now();
    if (clock.state() !== last) console.log(last = clock.state(), Math.round(late));
  }, 10);
  const now = Date.now;
  process.on("SIGUSR2", () => { Date.now = () => now() + 3_600_000; });`;

/** A machine with no commands but those made here, and a process on it that watches its clock. */
function machine(t: ExecutionContext, askEveryMs = 100) {
  const dir = tempDir("clock");
  const mark = join(dir, "synchronized");
  const command = (name: string) => (body: string) => {
    const path = join(dir, name);
    writeFileSync(`${path}.new`, `#!/bin/sh\n${body}\n`);
    chmodSync(`${path}.new`, 0o755);
    renameSync(`${path}.new`, path);
  };
  const run = (script: string) => {
    const args = [`PATH=${dir}`, process.execPath, "--input-type=module", "-e", script];
    const child = startChild("/usr/bin/env", args);
    t.teardown(() => child.end("SIGKILL"));
    return child;
  };
  return {
    timedatectl: command("timedatectl"),
    chronyc: command("chronyc"),
    /** A link to itself, which execve(2) refuses with ELOOP. */
    loop: (name: string) => symlinkSync(name, join(dir, name)),
    /** timesyncd has synchronised the clock `ageS` seconds ago. */
    touch: (ageS: number) => {
      writeFileSync(mark, "");
      utimesSync(mark, Date.now() / 1000, Date.now() / 1000 - ageS);
    },
    /** What is found when it is asked once. */
    isSynced: async () => {
      const child = run(`
        const { isSystemClockSynced } = await import("${urlOf("clock-sync.ts")}");
        console.log(await isSystemClockSynced(${JSON.stringify(mark)}));`);
      return (await child.waitFor(/^(true|false)$/, 20_000)) === "true";
    },
    watch: () => {
      const child = run(scriptOf(mark, askEveryMs));
      return {
        setTime: () => process.kill(child.pid, "SIGUSR2"),
        /** Waits until the clock has been in exactly these states, in this order. */
        sees: async (...states: readonly string[]) => {
          await until(states.join(), 20_000, () => child.lines.length >= states.length);
          const told = child.lines.map((line) => line.split(" ")[0]);
          t.deepEqual(told, states);
        },
        longestMs: () => Math.max(...child.lines.map((line) => Number(line.split(" ")[1]))),
      };
    },
  };
}

/** `chronyc -c tracking` with what matters changed. */
const tracking = ({ reference = "C0A80801", stratum = 3, dispersion = 0.01, leap = "Normal" }) =>
  `echo '${reference},192.168.8.1,${stratum},1763964000.1,0.000012,-0.00004,0.0001,-9.4,0.001,0.05,0.02,${dispersion},64.2,${leap}'`;

test.serial(
  "a clock whose synchronisation is lost is unsynced, whatever timesyncd once marked",
  async (t) => {
    const { timedatectl, touch, watch } = machine(t);
    touch(60);
    timedatectl("echo yes");
    const { sees } = watch();
    await sees("unsynced", "synced");
    timedatectl("echo no");
    await sees("unsynced", "synced", "unsynced");
  },
);

test.serial("what synchronises later is noticed", async (t) => {
  const { timedatectl, watch } = machine(t);
  timedatectl("echo no");
  const { sees } = watch();
  await sees("unsynced");
  timedatectl("echo yes");
  await sees("unsynced", "synced");
});

test.serial(
  "a clock that was set is unsynced at once, until it is known to be right",
  async (t) => {
    const { timedatectl, watch } = machine(t, 3_600_000);
    timedatectl("echo yes");
    const { sees, setTime } = watch();
    await sees("unsynced", "synced");
    setTime();
    await sees("unsynced", "synced", "unsynced", "synced");
  },
);

test.serial("where systemd does not answer chrony does", async (t) => {
  const { timedatectl, chronyc, watch } = machine(t);
  timedatectl("echo 'Failed to connect to bus: No such file or directory' >&2; exit 1");
  chronyc(tracking({}));
  const { sees } = watch();
  await sees("unsynced", "synced");
  chronyc(tracking({ leap: "Not synchronised", stratum: 0 }));
  await sees("unsynced", "synced", "unsynced");
});

for (const [what, change] of [
  ["follows the machine's own clock", { reference: "7F7F0101", stratum: 10 }],
  ["has lost its sources for so long that the error may be great", { dispersion: 16.5 }],
  ["has no source yet", { reference: "00000000", stratum: 0, leap: "Not synchronised" }],
] as const) {
  test(`a chrony that ${what} does not count`, async (t) => {
    const { chronyc, touch, isSynced } = machine(t);
    touch(60);
    chronyc(tracking({}));
    t.true(await isSynced());
    chronyc(tracking(change));
    t.false(await isSynced());
  });
}

test.serial(
  "with neither of them the mark counts while it is fresh, and not one from the future",
  async (t) => {
    const { touch, watch } = machine(t);
    touch(60);
    const { sees } = watch();
    await sees("unsynced", "synced");
    touch(3 * 3600);
    await sees("unsynced", "synced", "unsynced");
    touch(60);
    await sees("unsynced", "synced", "unsynced", "synced");
    touch(-3600);
    await sees("unsynced", "synced", "unsynced", "synced", "unsynced");
  },
);

test.serial("commands that hang hold up nothing, and the next one is asked", async (t) => {
  const { timedatectl, chronyc, watch } = machine(t);
  timedatectl("exec /bin/sleep 60");
  chronyc(tracking({}));
  const { sees, longestMs } = watch();
  await sees("unsynced", "synced");
  t.true(longestMs() < 2000, `the loop stood for ${longestMs()} ms`);
});

test.serial("a command that cannot even be started is one that does not answer", async (t) => {
  const { loop, chronyc, isSynced } = machine(t);
  loop("timedatectl");
  chronyc(tracking({}));
  t.true(await isSynced());
});

test.serial("a machine that knows nothing of the time is unsynced", async (t) => {
  const { watch, touch } = machine(t);
  const { sees } = watch();
  await sees("unsynced");
  touch(0);
  await sees("unsynced", "synced");
});
