import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readConfig } from "../../config/read.ts";
import { ownIdentity } from "../../edge/cli/own-identity.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import { personalHash, personalListIn } from "../../edge/provision/personal.ts";
import type { Identity } from "../../edge/world/identity/keeper.ts";
import { partitionOf } from "../../ota/image/layout.ts";
import { SMALL_LAYOUT, smallImage } from "../../ota/image/small-image.ts";
import { type Child, startChild } from "../processes/child.ts";
import { MAIN } from "../processes/program.ts";
import { openAuthority } from "./authority.ts";
import { strangersOn } from "./card-strangers.ts";
import { EnrolmentLedger } from "./enrolment-ledger.ts";

const SERVER = fileURLToPath(new URL("enrolment-main.ts", import.meta.url));
const PERSONALISE = fileURLToPath(
  new URL("../../ota/image/root/usr/lib/lifeline/personalise", import.meta.url),
);

/** What is the same for all gateways of a batch. */
export type BatchSettings = {
  /** A folder of its own. */
  readonly dir: string;
  readonly count: number;
  /** Where the enrolment server is going to listen. */
  readonly port: number;
  /** What the configuration holds beside `gateway`, `buffer` and `enrolment`. */
  readonly yaml: string;
};

/** A box that took its card. */
export type Box = { readonly gateway: string; readonly config: string };

/** Makes a batch of claims and configurations, and writes an image for each gateway of it. */
export async function makeCards({ dir, count, port, yaml }: BatchSettings): Promise<void> {
  const authority = await openAuthority(join(dir, "centre"));
  const ids = Array.from({ length: count }, (_, at) => `gw-${at + 1},Site ${at + 1}`);
  writeFileSync(join(dir, "sites.csv"), `id,name\n${ids.join("\n")}\n`);
  writeFileSync(
    join(dir, "form.yaml"),
    `gateway: { id: {{ id }}, site: { name: {{ name | json }} } }
buffer: { dir: ../state }
enrolment: { url: "https://localhost:${port}", ca: ${authority.file}, claim: claim }
${yaml}
`,
  );
  const [batch, image] = [join(dir, "batch"), join(dir, "small.img")];
  lifeline(
    dir,
    "provision",
    "batch",
    join(dir, "sites.csv"),
    "--template",
    join(dir, "form.yaml"),
    "--out",
    batch,
  );
  writeFileSync(join(dir, "centre/claims.jsonl"), readFileSync(join(batch, "claims.jsonl")));
  smallImage(image);
  lifeline(dir, "flash", image, "--batch", batch, "--images", join(dir, "cards"));
}

/**
 * Reads every card back, as the box that starts from it does, and lets the box take what is on it.
 * Throws where a card is not its gateway's, whole, or holds anything of another gateway.
 */
export function takeCards(dir: string): readonly Box[] {
  const cards = readdirSync(join(dir, "cards")).filter((name) => name.endsWith(".img"));
  return cards.toSorted().map((name) => {
    const box = takeCard(dir, name);
    const strange = strangersOn(join(dir, "cards", name), join(dir, "batch", box.gateway));
    if (strange.length > 0) throw new Error(`${name} holds ${strange.join(", ")}`);
    return box;
  });
}

function takeCard(dir: string, name: string): Box {
  const home = join(dir, "boxes", name);
  const [card, system, etc, state] = ["card", "data", "etc", "state"].map((each) =>
    join(home, each),
  );
  for (const each of [card, system, etc, state]) mkdirSync(`${each}`, { recursive: true });
  const { start } = partitionOf(SMALL_LAYOUT, "selector");
  tool("mcopy", "-s", "-n", "-i", `${join(dir, "cards", name)}@@${start}`, "::/gateway", `${card}`);
  const folder = join(`${card}`, "gateway");
  const list = personalListIn(readFileSync(join(folder, "personal.json"), "utf8"));
  if (typeof list === "string") throw new Error(`${name}: ${list}`);
  for (const [file, hash] of Object.entries(list.files)) {
    const held = personalHash(readFileSync(join(folder, file)));
    if (held !== hash) throw new Error(`${name}: ${file} is damaged`);
  }
  tool("sh", PERSONALISE, `${card}`, `${system}`, `${etc}`, `${state}`);
  return { gateway: list.gateway, config: join(`${etc}`, "gateway.yaml") };
}

/** The identity of `box`, on a board of its own. */
export function identityOf({ gateway, config: file }: Box): Identity {
  const { config, problems } = readConfig(file, (name) => process.env[name], "en");
  if (config === null) throw new Error(`${file}: ${JSON.stringify(problems)}`);
  return ownIdentity(config, undefined, `board-${gateway}`);
}

/** Starts the enrolment server of the batch in `dir`, a process of its own. */
export async function startServer({ dir, port }: BatchSettings): Promise<Child> {
  const child = startChild(process.execPath, [SERVER, join(dir, "centre"), `${port}`]);
  await child.waitFor(/enrolment at/, 60_000);
  return child;
}

/** How many certificates the server has issued, by its audit log. */
export function issuedIn(dir: string): number {
  try {
    const text = readFileSync(join(dir, "centre/audit.jsonl"), "utf8");
    return text.split("\n").filter((line) => line.includes('"kind":"issued"')).length;
  } catch {
    return 0;
  }
}

/** What a gateway's loop does, at the pace of a test; resolves with how often it asked. */
export async function enrolled(identity: Identity, signal: AbortSignal): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      await identity.enrol(signal);
      return tries;
    } catch (error) {
      if (!(error instanceof GatewayError) || error.remedy !== "retry") throw error;
      await sleep(100 + Math.random() * 200, undefined, { signal });
    }
  }
}

/** What is wrong with who got what in the end: each of `boxes` has exactly one identity, its own. */
export function disorderIn(dir: string, boxes: readonly Box[]): readonly string[] {
  const ledger = new EnrolmentLedger(join(dir, "centre/audit.jsonl"));
  ledger.close();
  const odd = ledger.entries
    .filter(({ kind }) => kind !== "issued")
    .map((each) => JSON.stringify(each));
  const wrong = boxes.flatMap((box) => {
    const issued = ledger.entries.flatMap((each) =>
      each.kind === "issued" && each.gateway === box.gateway ? [each.serial] : [],
    );
    const held = identityOf(box).standing().current?.serial.toLowerCase();
    const isRight = issued.length === 1 && issued[0] === held;
    return isRight ? [] : [`${box.gateway} holds ${held}, and was issued ${issued.join(", ")}`];
  });
  return [...odd, ...wrong];
}

function lifeline(dir: string, ...args: readonly string[]): void {
  tool("env", `XDG_STATE_HOME=${join(dir, "flash")}`, process.execPath, MAIN, ...args, "--json");
}

function tool(command: string, ...args: readonly string[]): void {
  const done = spawnSync(command, args, { encoding: "utf8" });
  if (done.status === 0) return;
  throw new Error(`${command} ${args.join(" ")}: ${done.stdout}${done.stderr}${done.error ?? ""}`);
}
