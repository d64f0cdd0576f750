import { readFileSync } from "node:fs";
import process from "node:process";
import { Bootloader } from "../../drivers/node-firmware/bootloader.ts";
import { readIntelHex } from "../../drivers/node-firmware/intel-hex.ts";
import {
  brokenOff,
  FIRMWARE_VERSION,
  type Programmed,
  program,
} from "../../drivers/node-firmware/program.ts";
import { GatewayError, type Lang, messageOf } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import type { Link } from "../core/link.ts";
import { textLine } from "../world/log-line.ts";
import { lineWriter } from "../world/output.ts";
import { realWorld } from "../world/real.ts";
import type { World } from "../world.ts";
import { endSignal } from "./end-signal.ts";
import { complain, fail, type Invocation, misuse, print } from "./invocation.ts";
import { sayNode } from "./node-text.ts";
import { say } from "./text.ts";

/** What `npm run node-firmware` made. */
const IMAGE = new URL("../../drivers/node-firmware/lifeline-node.hex", import.meta.url);

/** Of ATmegaBOOT in the old Nano, which does not turn off the watchdog that has reset the chip. */
const OLD_SPEED = 57_600;

/** Of Optiboot in the Uno and newer boards first. */
const SPEEDS = [115_200, OLD_SPEED];

/** Each speed is tried so often: whoever presses the button needs a moment to find it. */
const ROUNDS = 4;

/** So often a chip is begun with whose bootloader goes silent. */
const ATTEMPTS = 3;

/** Opening takes no time that anyone would cut short. */
const NEVER = new AbortController().signal;

/** Goes back to the start of the terminal's line and empties it. */
const ANEW = "\r\u001b[K";

/**
 * `lifeline node flash PORT`: writes the node's firmware to the board at a serial port. 1 where it
 * did not succeed.
 */
export async function node(invocation: Invocation): Promise<number> {
  const { lang, operands, json } = invocation;
  const [action, port, ...more] = operands;
  if (action !== "flash" || port === undefined || more.length > 0) {
    return misuse(sayNode(lang, "usage"), invocation);
  }
  const image = readIntelHex(readFileSync(IMAGE, "utf8"));
  const world = realWorld(lineWriter("stderr"), textLine);
  const ended = endSignal();
  const from = world.clock.uptime();
  try {
    const { outcome, baud } = await flash(world, port, image, ended, invocation);
    if (outcome.kind !== "done") return tell(outcome, port, invocation);
    const written = { port, version: FIRMWARE_VERSION, bytes: image.length };
    const tookMs = Math.round(world.clock.uptime() - from);
    const caution = baud === OLD_SPEED ? sayNode(lang, "oldBootloader") : null;
    if (json) {
      print(toJson({ outcome: "done", ...written, baud, tookMs, caution }));
      return 0;
    }
    print(sayNode(lang, "done", written));
    if (caution !== null) print(caution);
    print(sayNode(lang, "doneNext"));
    return 0;
  } catch (error) {
    // Whoever has a port open has it locked: a gateway that runs, or another of these commands.
    if (error instanceof GatewayError && /cannot lock/i.test(messageOf(error))) {
      return tell({ kind: "port-taken" }, port, invocation);
    }
    return fail(error, invocation);
  }
}

/** What came of it; a bootloader that went silent, for the machine was busy, is begun with anew. */
async function flash(
  world: World,
  port: string,
  image: Uint8Array,
  ended: AbortSignal,
  invocation: Invocation,
): Promise<{ readonly outcome: Programmed | NotFound; readonly baud: number }> {
  const { lang, json } = invocation;
  let isChanged = false;
  for (let n = 1; ; n++) {
    const found = await findBootloader(world, port, ended, json ? null : lang);
    if (found === null) {
      const why = ended.aborted ? "ended" : "silent";
      const isKnown = ended.aborted || isChanged;
      const outcome = isKnown ? brokenOff(why, isChanged) : ({ kind: "no-bootloader" } as const);
      return { outcome, baud: 0 };
    }
    const { link, bootloader, baud } = found;
    const outcome = await program(bootloader, image, progressFor(invocation));
    link.close();
    await link.closed;
    if (outcome.kind !== "broken-off") return { outcome, baud };
    const { why } = outcome;
    isChanged ||= outcome.isChanged;
    if (why !== "silent" || n === ATTEMPTS) return { outcome: brokenOff(why, isChanged), baud };
  }
}

type Found = { readonly link: Link; readonly bootloader: Bootloader; readonly baud: number };

/** A bootloader at `port`, which is open then; null where none answers, or where it was ended. */
async function findBootloader(
  world: World,
  port: string,
  ended: AbortSignal,
  lang: Lang | null,
): Promise<Found | null> {
  for (let n = 0; n < ROUNDS * SPEEDS.length && !ended.aborted; n++) {
    const baud = SPEEDS[n % SPEEDS.length] as number;
    if (lang !== null) complain(sayNode(lang, "looking", { port, baud }));
    const link = await world.openSerial({ path: port, baud, format: "8N1" }, NEVER);
    const bootloader = new Bootloader(link, world.clock, ended);
    if (await bootloader.wake()) return { link, bootloader, baud };
    link.close();
    await link.closed;
    if (lang !== null && n % SPEEDS.length === 1) complain(sayNode(lang, "pressReset"));
  }
  return null;
}

/** Shows at a terminal how far it is; elsewhere the beginning and the end are enough. */
function progressFor({ lang, json }: Invocation): (done: number, total: number) => void {
  if (json || process.stderr.isTTY !== true) return () => {};
  return (done, total) => {
    const text = done < total ? sayNode(lang, "writing", { done, total }) : "";
    process.stderr.write(`${ANEW}${text}`);
  };
}

type NotFound = { readonly kind: "no-bootloader" };
type Taken = { readonly kind: "port-taken" };

/** What became of it but for success. */
type Failed = Exclude<Programmed, { kind: "done" }> | NotFound | Taken;

/** Tells what went wrong, how the node is left, and what to do; exit code 1. */
function tell(failed: Failed, port: string, { lang, json }: Invocation): 1 {
  const code = failed.kind === "broken-off" ? failed.why : failed.kind;
  const hex = "address" in failed ? `0x${failed.address.toString(16)}` : "";
  const signature = "signature" in failed ? failed.signature : "";
  const message = sayNode(lang, code, { port, address: hex, signature });
  const isChanged = "isChanged" in failed && failed.isChanged;
  const advice = adviceFor(failed, port, lang);
  if (json) {
    print(toJson({ error: { code, message, advice }, isChanged }));
    return 1;
  }
  if (process.stderr.isTTY === true) process.stderr.write(ANEW);
  complain(say(lang, "errorIs", { what: message }));
  complain(`  ${say(lang, "todoIs", { advice })}`);
  return 1;
}

function adviceFor(failed: Failed, port: string, lang: Lang): string {
  switch (failed.kind) {
    case "port-taken":
    case "no-bootloader":
    case "wrong-chip":
      return sayNode(lang, `${failed.kind}Todo`);
    case "not-verified":
    case "broken-off":
      return sayNode(lang, failed.isChanged ? "changed" : "unchanged", { port });
  }
}
