import test from "ava";
import { hasCommand, installLine, missingPackages, PACKAGES } from "./packages.ts";

test("a command of every system is found, and one of none is not", (t) => {
  t.true(hasCommand("sh"));
  t.false(hasCommand("no-such-command-anywhere"));
});

test("only packages that are not there are missing", (t) => {
  for (const name of missingPackages()) {
    const mark = PACKAGES[name];
    if ("command" in mark) t.false(hasCommand(mark.command));
  }
  t.deepEqual(missingPackages([]), []);
});

test("one line installs all that is missing", (t) => {
  t.is(installLine(["gcc", "mbpoll"]), "sudo apt-get install -y gcc mbpoll");
});
