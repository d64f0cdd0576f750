import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileOnCard } from "../../ota/flash/card-file.ts";
import { asked } from "../../ota/release/asked.ts";
import { isReadyWith } from "../debian/install.ts";
import type { Child } from "../processes/child.ts";
import { startBoard } from "./board.ts";
import { GATEWAY, openSite, type Site } from "./site.ts";

const { values } = asked({
  name: "npm run boot-image",
  about: `Makes a card of an image by the commands for it, starts an emulated board from it,
and waits until its gateway is enrolled and what it measures has come to a broker
on this machine; then cuts its power and starts it again. Prints when what was
seen; exits 1, with the end of the console, where something was not in time.`,
  options: {
    image: { kind: "text", value: "FILE", needed: true, says: "what npm run image built" },
    minutes: { kind: "number", least: 1, usual: 20, says: "how long each step may take" },
    console: { kind: "text", value: "FILE", says: "where what the board says is kept" },
  },
});
const { image, minutes } = values;
/** So much of the console is told where a board did not do what it should. */
const TAIL = 60;

const say = (line: string) => process.stdout.write(`${line}\n`);

if (!isReadyWith(["qemu-system-arm", "mtools", "mosquitto"])) {
  process.exitCode = 2;
} else {
  const site = await openSite();
  try {
    await run(site, await site.card(image));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  } finally {
    await site.close();
  }
}

async function run(site: Site, card: string): Promise<void> {
  say("first start of the card");
  await started(card, async (seen) => {
    await seen("asked for a certificate, and got one", () => site.issued().length > 0);
    await seen("is online at the broker", () => report(site)?.state === "online");
    await seen("measures the device beyond the network", () => site.requests() > 2);
    await seen("readings have come to the centre", () => levels(site) > 2);
  });
  const before = { issued: site.issued().length, levels: levels(site) };
  say("power cut, and started again");
  await started(card, async (seen) => {
    await seen("further readings have come", () => levels(site) > before.levels + 2);
  });
  if (fileOnCard(card, "claim") !== null) throw new Error("its claim is still on the card");
  if (site.issued().length !== before.issued) throw new Error("it asked for a certificate again");
  const { gaps, conflicts } = report(site)?.readings[0] ?? { gaps: -1, conflicts: -1 };
  say(`${levels(site)} readings; messages missing: ${gaps}, contradicting: ${conflicts}`);
  if (gaps !== 0 || conflicts !== 0) throw new Error("the power cut lost readings");
}

function report({ audit }: Site) {
  return audit.report(GATEWAY);
}

function levels(site: Site): number {
  const { readingCount = 0, badCount = 0 } = report(site) ?? {};
  return readingCount - badCount;
}

type Seen = (what: string, isSo: () => boolean) => Promise<void>;

/** Runs a board from `card` while `follow` is followed, then cuts its power. */
async function started(card: string, follow: (seen: Seen) => Promise<void>): Promise<void> {
  const from = performance.now();
  const seconds = () => Math.round((performance.now() - from) / 1000);
  const board = startBoard(card, values.console);
  let end: number | string | null = null;
  void board.exited.then((how) => {
    end = how;
  });
  try {
    await follow(async (what, isSo) => {
      while (!isSo()) {
        if (end !== null) throw failure(board, `the board ended (${end}), not yet: ${what}`);
        if (seconds() > minutes * 60) throw failure(board, `not within ${minutes} min: ${what}`);
        await sleep(250);
      }
      say(`${String(seconds()).padStart(5)} s  ${what}`);
    });
  } finally {
    await board.end("SIGKILL");
  }
}

function failure({ lines }: Child, what: string): Error {
  return new Error(`${what}\n--- the end of its console:\n${lines.slice(-TAIL).join("\n")}`);
}
