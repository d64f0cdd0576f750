/**
 * `npm run stories [-- NAME…]`: releases that are good, that crash, hang, die, leak, refuse the
 * configuration or spoil the buffer, each tried on a kept one under a real systemd, with a table of
 * what came of each and when. NAME: a part of what is said of it; left out: all. As root. Exits 1 where
 * one of them ended otherwise than it must, and 2 where no machine can be booted.
 */
import process from "node:process";
import { builtHere } from "../release/installed-release.ts";
import { isAbleToBoot, WHY_NOT } from "./able.ts";
import { bootInstalled } from "./installed-gateway.ts";
import { openSite } from "./site.ts";
import { COLUMNS, rowOf, tellStory } from "./stories.ts";
import { VARIANTS } from "./variants.ts";

/** How long a release must do well, in milliseconds: shorter than in the field. */
const WINDOW_MS = 20_000;

/** The times of the field in the same measure. */
const SOONER = "[Service]\nWatchdogSec=5\nTimeoutStartSec=10\n";

async function tellAll(names: readonly string[]): Promise<boolean> {
  const { files: program } = await builtHere("0.1.0");
  const machine = await bootInstalled("0.1.0", program, {
    "etc/systemd/system/lifeline.service.d/sooner.conf": SOONER,
  });
  const site = await openSite(machine, WINDOW_MS);
  let isRight = true;
  const say = (row: readonly string[]) => process.stdout.write(`| ${row.join(" | ")} |\n`);
  try {
    await machine.run("systemctl start lifeline");
    say(COLUMNS);
    say(COLUMNS.map(() => "---"));
    for (const [index, variant] of VARIANTS.entries()) {
      if (names.length > 0 && !names.some((name) => variant.name.includes(name))) continue;
      const story = await tellStory(site, program, variant, index + 1);
      say(rowOf(story));
      isRight &&= story.complaints.length === 0;
    }
  } catch (error) {
    const log = await machine.run("journalctl --unit lifeline --lines 100 --output cat");
    throw new Error(log.text, { cause: error });
  } finally {
    await machine.end();
    await site.close();
  }
  return isRight;
}

if (isAbleToBoot) {
  process.exitCode = (await tellAll(process.argv.slice(2))) ? 0 : 1;
} else {
  process.stderr.write(`${WHY_NOT}\n`);
  process.exitCode = 2;
}
