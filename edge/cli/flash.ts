import { toJson } from "../core/json.ts";
import { endSignal } from "./end-signal.ts";
import { gatewayIn, whyNoGateway } from "./flash-gateways.ts";
import { disks, whyNot, words, writeOne } from "./flash-one.ts";
import { sayFlash } from "./flash-text.ts";
import { type Invocation, misuse, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";

/** `lifeline flash`: see its help. 1 where a card was refused or not written. */
export async function flash(invocation: Invocation): Promise<number> {
  const { lang, operands, batch, images, gateway } = invocation;
  const [image, path, ...more] = operands;
  if (image === undefined) return await list(invocation);
  const isRight =
    batch === undefined ? path !== undefined : (path === undefined) !== (images === undefined);
  if (!isRight || more.length > 0 || (batch === undefined && images !== undefined)) {
    return misuse(sayFlash(lang, "usage"), invocation);
  }
  const job = { image, signal: endSignal(), invocation };
  if (batch === undefined) {
    const why = gateway === undefined ? null : whyNoGateway(gateway, lang);
    if (why !== null) return refuse(why, invocation);
    const own = gateway === undefined ? null : gatewayIn(gateway);
    return await writeOne({ ...job, path: `${path}`, gateway: own });
  }
  return await (await import("./flash-batch.ts")).flashBatch({ ...job, batch, path });
}

async function list(invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  const found = (await disks()).filter(({ isRemovable }) => isRemovable);
  if (json) {
    const cards = found.map((disk) => ({ ...disk, refused: whyNot(disk, invocation, false) }));
    print(toJson({ cards }));
    return 0;
  }
  if (found.length === 0) print(sayFlash(lang, "noCards"));
  for (const disk of found) {
    const why = whyNot(disk, invocation, false);
    print(sayFlash(lang, "card", { ...words(disk), why: why === null ? "" : `  (${why})` }));
  }
  return 0;
}
