import { spawnSync } from "node:child_process";
import test from "ava";
import {
  hasCommand,
  installLine,
  type Mark,
  missingPackages,
  PACKAGES,
  type PackageName,
} from "./packages.ts";

test("a command of every system is found, and one of none is not", (t) => {
  t.true(hasCommand("sh"));
  t.false(hasCommand("no-such-command-anywhere"));
});

/** Whether a shell can run `command`; Debian puts daemons where a user's shell does not look. */
function shellFinds(command: string): boolean {
  const script = 'PATH="$PATH:/usr/sbin"; command -v "$1"';
  return spawnSync("sh", ["-c", script, "sh", command]).status === 0;
}

test("packages are missing whose command the shell does not find, and no others", (t) => {
  const missing = missingPackages();
  for (const [name, mark] of Object.entries(PACKAGES) as [PackageName, Mark][]) {
    if ("command" in mark) t.is(missing.includes(name), !shellFinds(mark.command), name);
  }
  t.deepEqual(missingPackages([]), []);
});

test("one line installs all that is missing", (t) => {
  t.is(installLine(["gcc", "mbpoll"]), "sudo apt-get install -y gcc mbpoll");
});
