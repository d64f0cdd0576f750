import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { builtHere } from "../release/installed-release.ts";
import { isAbleToBoot, WHY_NOT } from "./able.ts";
import { bootInstalled } from "./installed-gateway.ts";
import { openSite } from "./site.ts";
import { COLUMNS, rowOf, type Told, tellStory } from "./stories.ts";
import { VARIANTS } from "./variants.ts";

const { operands: names } = asked({
  name: "npm run stories",
  about: `Releases that are good, that crash, hang, die, leak, refuse the configuration or spoil
the buffer, each tried on a kept one under a real systemd, with a table of what came
of each and when; the good one and the one that crashes also by "lifeline update
install", and by an order that lifeline-update.path sees. NAME: a part of what is
said of it; left out: all. As root. Exits 1 where one of them ended otherwise than
it must, and 2 where no machine can be booted.`,
  options: {},
  operands: { value: "NAME…", least: 0 },
});

/** How long a release must do well, in milliseconds: shorter than in the field. */
const WINDOW_MS = 20_000;

/** The times of the field in the same measure. */
const SOONER = "[Service]\nWatchdogSec=5\nTimeoutStartSec=10\n";

/** Each release put in place by hand, and the first two as a person and as a centre do it. */
const TOLD: readonly Pick<Told, "variant" | "way">[] = [
  ...VARIANTS.map((variant) => ({ variant, way: "by hand" }) as const),
  ...VARIANTS.slice(0, 2).flatMap((variant) =>
    (["by lifeline update install", "by an order"] as const).map((way) => ({ variant, way })),
  ),
];

const isMeant = ({ variant, way }: (typeof TOLD)[number]) =>
  names.length === 0 || names.some((name) => `${variant.name}, ${way}`.includes(name));

async function tellAll(): Promise<boolean> {
  const { files: program } = await builtHere("0.1.0");
  const installed = await bootInstalled(program, {
    "etc/systemd/system/lifeline.service.d/sooner.conf": SOONER,
  });
  const { machine } = installed;
  const site = await openSite(installed, WINDOW_MS);
  let isRight = true;
  let count = 0;
  const say = (row: readonly string[]) => process.stdout.write(`| ${row.join(" | ")} |\n`);
  try {
    await machine.run("systemctl start lifeline");
    say(COLUMNS);
    say(COLUMNS.map(() => "---"));
    for (const [index, told] of TOLD.entries()) {
      if (!isMeant(told)) continue;
      const story = await tellStory(site, program, { ...told, counter: index + 1 });
      say(rowOf(story));
      count++;
      isRight &&= story.complaints.length === 0;
    }
    const verdict = isRight
      ? "each ended as it must, every reading accounted for"
      : "NOT each ended as it must";
    process.stdout.write(`\n${count} releases: ${verdict}\n`);
  } catch (error) {
    const log = await machine.run("journalctl --unit lifeline --lines 100 --output cat");
    throw new Error(log.text, { cause: error });
  } finally {
    await machine.end();
    await site.close();
  }
  return isRight;
}

if (!TOLD.some(isMeant)) {
  const known = VARIANTS.map(({ name }) => name).join(", ");
  process.stderr.write(`there is no release ${names.join(", ")}; there are: ${known}\n`);
  process.exitCode = 2;
} else if (isAbleToBoot) {
  process.exitCode = (await tellAll()) ? 0 : 1;
} else {
  process.stderr.write(`${WHY_NOT}\n`);
  process.exitCode = 2;
}
