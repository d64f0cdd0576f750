import { createPrivateKey, type KeyObject, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { parseDurationMs } from "../../config/quantity.ts";
import { LIFE_MAX_MS } from "../command/claims.ts";
import { ORDER_KINDS, readOrder } from "../command/order.ts";
import { signCommand } from "../command/signature.ts";
import { messageOf } from "../core/errors.ts";
import { SystemClock } from "../world/clock.ts";
import { sayCommand } from "./command-text.ts";
import { fileTrouble, namedTrouble } from "./file-trouble.ts";
import { type Invocation, misuse, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";

/** So long a command is good where nobody says how long. */
const USUAL_LIFE = "10m";

/**
 * `lifeline command sign KEY.pem GATEWAY ORDER`: prints a command that is signed with the key, whose
 * name is that of its file, or writes it to a file. ORDER is JSON, or the bare kind of one.
 */
export function sign(invocation: Invocation): number {
  const { lang, operands, out, for: life = USUAL_LIFE } = invocation;
  const [, file = "", gateway = "", text] = operands;
  const lifeMs = parseDurationMs(life);
  if (!(lifeMs > 0 && lifeMs <= LIFE_MAX_MS))
    return misuse(sayCommand(lang, "badLife"), invocation);
  let pem: Buffer;
  try {
    pem = readFileSync(file);
  } catch (error) {
    const why = fileTrouble(error, lang);
    return refuse(sayCommand(lang, "unreadable", { file, why }), invocation);
  }
  const key = privateKeyIn(pem);
  if (key === null) return refuse(sayCommand(lang, "noPrivateKey", { file }), invocation);
  const order = orderIn(text, invocation);
  if (typeof order === "string") return refuse(order, invocation);
  const issued = new SystemClock().now();
  const signed = signCommand(
    {
      gateway,
      id: randomUUID(),
      // Time goes on by itself, and nobody need keep count; a second one in a millisecond is higher.
      counter: issued * 1000 + (counted++ % 1000),
      issued,
      expires: issued + lifeMs,
      order,
    },
    basename(file).replace(/\.pem$/, ""),
    key,
  );
  if (out === undefined) print(signed);
  else {
    try {
      writeFileSync(out, `${signed}\n`);
    } catch (error) {
      return refuse(sayCommand(lang, "unwritten", { why: namedTrouble(error, lang) }), invocation);
    }
  }
  return 0;
}

let counted = 0;

function privateKeyIn(pem: Buffer): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === "ed25519" ? key : null;
  } catch {
    return null;
  }
}

/** The order that was typed, with the configuration it is to bring; or why there is none. */
function orderIn(text: string | undefined, { lang, yaml }: Invocation): object | string {
  const bare = text ?? (yaml === undefined ? "" : "configure");
  try {
    const typed = ORDER_KINDS.some((kind) => kind === bare) ? { kind: bare } : JSON.parse(bare);
    const order = yaml === undefined ? typed : { ...typed, yaml: readFileSync(yaml, "utf8") };
    const known = readOrder(order ?? {});
    // What the gateway would refuse is not signed in the first place.
    if ("code" in known) throw new Error(known.detail);
    return order;
  } catch (error) {
    return sayCommand(lang, "badOrder", { why: messageOf(error) });
  }
}
