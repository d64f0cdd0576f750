import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { type EndOfRun, markIn } from "../../edge/core/last-run.ts";
import type { PackedFile } from "../../ota/release/archive.ts";
import { builtHere } from "../release/installed-release.ts";
import { isAbleToBoot, WHY_NOT } from "./able.ts";
import { bootInstalled, CONFIG, LIFELINE } from "./installed-gateway.ts";
import type { Machine } from "./machine.ts";
import { openSite, type Site } from "./site.ts";
import { rowOf, tellStory } from "./stories.ts";
import { testMachine } from "./test-machine.ts";
import { VARIANTS } from "./variants.ts";

const UNIT = readFileSync(new URL("../../ota/systemd/lifeline.service", import.meta.url), "utf8");
const PROBE = readFileSync(new URL("probe.py", import.meta.url), "utf8");

/** A hang is noticed in seconds, and what ended begun at once: no minute of the field is waited for. */
const SOONER = "[Service]\nWatchdogSec=4\nRestartSec=100ms\n";
/** The least that a release must do well for. */
const WINDOW_MS = 10_000;

/** The unit itself, but for what it starts and how that is watched. */
const PROBE_UNIT = UNIT.replace(
  /^(Type|ExecS\w+|Restart\w*|Watchdog\w+|SuccessExit\w+)=.*\n/gm,
  "",
).replace(
  "[Service]",
  "[Service]\nType=oneshot\nExecStart=/usr/bin/python3 /opt/lifeline/probe.py",
);

/** The same without a sandbox: what the probe finds open there, the unit has shut. */
const BARE_UNIT = `[Service]
Type=oneshot
ExecStart=/usr/bin/python3 /opt/lifeline/probe.py
User=lifeline
`;

/** What stands open without it, on a machine like this one: the probe can tell the difference. */
const OPEN_WITHOUT = {
  "other-state": "done",
  "system-configuration": "done",
  release: "done",
  home: "done",
  "first-process": "done",
  debug: "done",
  "set-user-id": "done",
  namespace: "done",
};

/** One build, one machine and one centre for all that is told here, in turn. */
let program: readonly PackedFile[];
let machine: Machine;
let site: Site;

test.before(async (t) => {
  if (!isAbleToBoot) return t.log(WHY_NOT);
  t.timeout(60_000);
  program = (await builtHere("0.1.0")).files;
  const installed = await bootInstalled(program, {
    "opt/lifeline/probe.py": PROBE,
    "etc/systemd/system/probe.service": PROBE_UNIT,
    "etc/systemd/system/bare.service": BARE_UNIT,
    "etc/systemd/system/lifeline.service.d/sooner.conf": SOONER,
    "var/lib/neighbour/secret": "of the neighbour",
    "home/neighbour/letter": "of the neighbour",
    "tmp/of-all": "of all",
  });
  machine = installed.machine;
  site = await openSite(installed, WINDOW_MS);
});

test.after.always(async () => {
  await machine?.end();
  await site?.close();
});

/** What the run that goes on now found of the one before it. */
function found(): EndOfRun | undefined {
  const mark = markIn(readFileSync(join(machine.root, "var/lib/lifeline/runs.json"), "utf8"));
  return mark?.starts.at(-1)?.found;
}

/** Waits until another process than `before` serves, and gives its id. */
async function nextReady(before: string): Promise<string> {
  const ask = "systemctl show -P ActiveState -P MainPID lifeline | tr '\\n' ' '";
  const isNext = (text: string) => /^\d+ active$/.test(text) && !text.startsWith(`${before} `);
  return (await machine.until(ask, isNext, 30_000)).split(" ")[0] ?? "";
}

testMachine("the unit starts the gateway, as its own user, and no port listens", async (t) => {
  const { code, text } = await machine.run("systemctl start lifeline");
  t.is(code, 0, text);
  const pid = await nextReady("0");
  t.is((await machine.run(`stat -c %U:%G /proc/${pid}`)).text, "lifeline:lifeline");
  // What a core holds would be the gateway's key and its passwords.
  const limits = await machine.run(`grep 'core file' /proc/${pid}/limits`);
  t.regex(limits.text, /^Max core file size\s+0\s+0\s/);
  // Of the processes of the machine alone, which has the network of the one it runs on.
  const listening = await machine.run(
    "ss --no-header --listening --numeric --tcp --udp --processes",
  );
  t.notRegex(listening.text, /users:/);
  t.is(found(), "first");
});

testMachine("a gateway taken over reaches nothing but what is its own", async (t) => {
  // Open to everybody, so that what refuses is the unit and not the owner of a folder.
  const open = "/var/lib/neighbour/open /etc/open /opt/lifeline/open";
  await machine.run(
    `mkdir -p ${open}; chmod 777 ${open}; chmod 600 /var/lib/neighbour/secret
    chmod 755 /home /home/neighbour`,
  );
  const probed = async (unit: string) => {
    // What it is called by itself: of a process that has ended the journal finds out nothing more.
    const lines = `journalctl --unit ${unit} --output cat --identifier python3`;
    const told = await machine.run(`systemctl start ${unit}; journalctl --sync; ${lines}`);
    return Object.fromEntries(told.text.split("\n").map((line) => line.split(" ")));
  };
  const shut = await probed("probe");
  const done = Object.keys(shut).filter((name) => shut[name] === "done");
  t.deepEqual(done, ["own-state", "own-configuration", "own-scratch"], JSON.stringify(shut));
  t.is(Object.keys(shut).length, 23);
  t.like(await probed("bare"), OPEN_WITHOUT);
});

for (const [title, end, told] of [
  ["a gateway that is killed is started anew, and says so", "kill -KILL", "killed"],
  ["a gateway that hangs is ended by the watchdog, and says so", "kill -STOP", "watchdog"],
] as const) {
  testMachine(title, async (t) => {
    const pid = await nextReady("0");
    const from = performance.now();
    await machine.run(`${end} ${pid}`);
    await nextReady(pid);
    t.log(`serves again after ${Math.round(performance.now() - from)} ms`);
    t.is(found(), told);
  });
}

testMachine("a supervisor that was busy as the gateway got ready hears of it", async (t) => {
  const control = join(machine.root, "var/lib/lifeline/control.sock");
  await machine.run("systemctl stop lifeline; rm -f /var/lib/lifeline/control.sock");
  await machine.run("systemctl start --no-block lifeline");
  await machine.until("pidof node", (text) => text !== "", 30_000);
  await machine.stall(() => existsSync(control));
  t.true(existsSync(control), "it got ready meanwhile");
  await nextReady("0");
});

testMachine("a gateway is stopped in good order, and its buffer is whole", async (t) => {
  await nextReady("0");
  const from = performance.now();
  const { text } = await machine.run("systemctl stop lifeline; systemctl show -P Result lifeline");
  t.is(text, "success");
  t.true(performance.now() - from < 15_000);
  const verified = await machine.run(`${LIFELINE} buffer verify --config ${CONFIG}`);
  t.is(verified.code, 0, verified.text);
  await machine.run("systemctl start lifeline");
  t.is(found(), "stopped");
});

testMachine("a gateway that cannot start is tried until it can", async (t) => {
  await machine.run(`systemctl stop lifeline; cp ${CONFIG} /root/; echo 'buses: 7' > ${CONFIG}`);
  await machine.run("systemctl start --no-block lifeline");
  const tries = "systemctl show -P NRestarts lifeline";
  await machine.until(tries, (text) => Number(text) >= 1, 30_000);
  await machine.run(`cp /root/gateway.yaml ${CONFIG}`);
  t.true(Number(await nextReady("0")) > 0);
});

for (const [counter, name, way] of [
  [1, "crashing at once", "by an order"],
  [2, "good", "by lifeline update install"],
] as const) {
  testMachine(
    `a release that comes ${way} and is ${name} is ${name === "good" ? "kept" : "gone back from"}, and nothing is lost`,
    async (t) => {
      t.timeout(240_000);
      await nextReady("0");
      const variant = VARIANTS.find((each) => each.name === name);
      if (variant === undefined) return t.fail();
      const story = await tellStory(site, program, { variant, way, counter });
      t.log(rowOf(story).join(" | "));
      t.deepEqual(story.complaints, []);
    },
  );
}
