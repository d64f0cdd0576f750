import process from "node:process";
import test from "ava";
import { until } from "../../../test-rigs/field/rig.ts";
import { StandInChip } from "../../../test-rigs/gpio/stand-in.ts";
import type { BoardLink, BoardNews, LineSettings } from "../../core/board.ts";
import { openLines } from "./lines.ts";

const WAIT_MS = 20_000;
const NEVER = new AbortController().signal;
const every = { everyMs: 100 };

const DOOR = { kind: "line", line: 0, activeLow: true, bias: "pull-up" } as const;
const SIREN = { kind: "line-output", line: "RELAY1", activeLow: false } as const;
const LAMP = { kind: "line-output", line: 2, activeLow: true } as const;
const TASKS: LineSettings["tasks"] = [
  { source: "door", input: DOOR, ...every },
  { source: "siren", input: SIREN, ...every },
  { source: "lamp", input: LAMP, ...every },
  { source: "none", input: { ...SIREN, line: "RELAY9" }, ...every },
];

type Test = { teardown(end: () => void): void };

async function open(t: Test, chip: StandInChip, tasks = TASKS) {
  const link = await openLines({ chip: "gpiochip0", tasks }, NEVER, chip.env);
  t.teardown(() => link.close());
  const told = new Map<string, string | number>();
  link.onNews = (news: BoardNews) => {
    told.set(news.source, news.kind === "value" ? news.value : news.fault);
  };
  return { link, told };
}

const tells = (told: ReadonlyMap<string, string | number>, source: string, what: string | number) =>
  until(`${source} ${what}`, WAIT_MS, () => told.get(source) === what);

for (const version of ["1.6.3", "2.2"] as const) {
  test(`with the tools of libgpiod ${version} lines are read, driven, and let go of`, async (t) => {
    t.timeout(60_000);
    const chip = new StandInChip(version, ["DOOR", "RELAY1", ""]);
    const { link, told } = await open(t, chip);
    t.is(link.firmware, `libgpiod ${version}`);
    await tells(told, "door", 1);
    chip.setLevel(0, 1);
    await tells(told, "door", 0);
    await tells(told, "none", "no-such-pin");
    // From the beginning on outputs are held, not active.
    await tells(told, "siren", 0);
    t.is(chip.driven(1), 0);
    await tells(told, "lamp", 0);
    t.is(chip.driven(2), 1, "active while it is low");
    const from = performance.now();
    t.deepEqual(await link.drive("siren", 1), { kind: "level", level: 1 });
    t.log(`an order took ${(performance.now() - from).toFixed(1)} ms with its confirmation`);
    t.is(chip.driven(1), 1);
    t.deepEqual(await link.look("siren"), { kind: "level", level: 1 });
    t.is(chip.driven(2), 1);
    link.close();
    await until("the lines to be free", WAIT_MS, () => chip.driven(1) === null);
    t.deepEqual(await link.drive("siren", 1), { kind: "none", fault: "lost" });
  });
}

test("a line whose process is killed is held anew at the level that it was told", async (t) => {
  t.timeout(60_000);
  const chip = new StandInChip("1.6.3", ["DOOR", "RELAY1", ""]);
  const { link, told } = await open(t, chip);
  await tells(told, "siren", 0);
  // On a loaded machine an order may have had its time before a tool has begun.
  await until("the siren", WAIT_MS, async () => (await link.drive("siren", 1)).kind === "level");
  const holder = chip.holder(1);
  process.kill(holder, "SIGKILL");
  await until("another holder", WAIT_MS, () => chip.holder(1) !== holder);
  t.is(chip.driven(1), 1);
});

test("a line that another program holds is told as busy, and an order for it is not done once it is free", async (t) => {
  t.timeout(60_000);
  const chip = new StandInChip("1.6.3", ["DOOR", "RELAY1", ""]);
  const [siren] = TASKS.filter(({ source }) => source === "siren") as [(typeof TASKS)[number]];
  const other = await open(t, chip, [siren]);
  await tells(other.told, "siren", 0);
  const { link, told } = await open(t, chip, [siren]);
  await tells(told, "siren", "line-busy");
  t.deepEqual(await link.drive("siren", 1), { kind: "none", fault: "line-busy" });
  t.is(chip.driven(1), 0);
  other.link.close();
  await tells(told, "siren", 0);
  t.is(chip.driven(1), 0);
});

test("an order whose process hangs is given up, and not done once that goes on", async (t) => {
  t.timeout(60_000);
  const chip = new StandInChip("1.6.3", ["DOOR", "RELAY1", ""]);
  const { link, told } = await open(t, chip);
  await tells(told, "siren", 0);
  chip.hang(1, true);
  t.deepEqual(await link.drive("siren", 1), { kind: "none", fault: "no-answer" });
  told.delete("siren");
  chip.hang(1, false);
  await tells(told, "siren", 0);
  t.is(chip.driven(1), 0);
  t.deepEqual(await link.drive("siren", 1), { kind: "level", level: 1 });
});

test("an order with another one behind it, or whose time is over, leaves the line alone", async (t) => {
  t.timeout(60_000);
  const chip = new StandInChip("1.6.3", ["DOOR", "RELAY1", ""]);
  const { link, told } = await open(t, chip);
  await tells(told, "siren", 0);
  const holder = chip.holder(1);
  const orders = [link.drive("siren", 1), link.drive("siren", 1), link.drive("siren", 0)];
  const none = { kind: "none", fault: "no-answer" } as const;
  t.deepEqual(await Promise.all(orders), [none, none, { kind: "level", level: 0 }]);
  t.deepEqual(await link.drive("siren", 1, 0), none);
  t.is(chip.holder(1), holder, "nobody let go of it");
});

test("a process that does not end when the chip is closed is killed", async (t) => {
  t.timeout(60_000);
  const chip = new StandInChip("1.6.3", ["DOOR", "RELAY1", ""]);
  const { link, told } = await open(t, chip);
  await tells(told, "siren", 0);
  const holder = chip.holder(1);
  process.kill(holder, "SIGSTOP");
  link.close();
  await until("its end", WAIT_MS, () => !isAlive(holder));
  t.pass();
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("what is not there, or may not be used, is refused with what to do", async (t) => {
  const chip = new StandInChip("1.6.3", ["DOOR"]);
  const refused = async (name: string, env: NodeJS.ProcessEnv, message: RegExp) => {
    const opened: Promise<BoardLink> = openLines({ chip: name, tasks: [] }, NEVER, env);
    await t.throwsAsync(opened, { code: "link.refused", message });
  };
  await refused("gpiochip7", chip.env, /gpiochip7: No such file.*gpiodetect/s);
  await refused("gpiochip0", { ...chip.env, PATH: "/nowhere" }, /apt install gpiod/);
  chip.forbid();
  await refused("gpiochip0", chip.env, /Permission denied.*group.*gpio/s);
});
