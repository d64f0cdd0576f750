import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";

const SCRIPT = join(import.meta.dirname, "root/usr/lib/lifeline/judge-system");

/** Judges a system whose service is as `show` prints at look `$look`; what was done about it. */
function judged(show: string, mark = "exit 0"): readonly string[] {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-judge-"));
  mkdirSync(join(dir, "bin"));
  const tool = (name: string, text: string) => {
    const file = join(dir, "bin", name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return file;
  };
  writeFileSync(join(dir, "done"), "");
  writeFileSync(join(dir, "look"), "0");
  const did = `echo "\${0##*/} $*" >>${dir}/done`;
  const look = `look=$(($(cat ${dir}/look) + 1)); echo $look >${dir}/look`;
  const env = {
    SYSTEMCTL: tool("systemctl", `case $1 in show) ${look}; ${show} ;; *) ${did} ;; esac`),
    RAUC: tool("rauc", `${did}; ${mark}`),
    ...{ PAUSE: "0", PATH: "/usr/bin:/bin" },
  };
  spawnSync("sh", [SCRIPT], { env });
  return readFileSync(join(dir, "done"), "utf8").trim().split("\n");
}

const ACTIVE = 'echo "ActiveState=active"; echo "NRestarts=0"';

test("a system on which the gateway goes on running is kept", (t) => {
  t.deepEqual(judged(ACTIVE), ["rauc status mark-good"]);
});

test("a system on which the gateway needs some time to come up is kept", (t) => {
  const late = `if [ $look -lt 30 ]; then echo ActiveState=activating; else ${ACTIVE}; fi`;
  t.deepEqual(judged(late), ["rauc status mark-good"]);
});

test("a system on which the gateway does not start, or dies again and again, is left", (t) => {
  t.deepEqual(judged("echo ActiveState=activating; echo NRestarts=0"), ["systemctl reboot"]);
  const dying = "echo ActiveState=active; echo NRestarts=$((look / 10))";
  t.deepEqual(judged(dying), ["systemctl reboot"]);
});

test("a system that cannot be kept is left, so that it is not taken for one that was", (t) => {
  t.deepEqual(judged(ACTIVE, "exit 1"), ["rauc status mark-good", "systemctl reboot"]);
});
