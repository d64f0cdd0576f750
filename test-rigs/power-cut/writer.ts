import { writeSync } from "node:fs";
import process from "node:process";
import { openLedger } from "../../buffer/worker-port.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import { commitOf, optionsOf } from "./writings.ts";

/**
 * `writer.ts DIR LIFE`: opens the buffer in DIR as the gateway does and commits until the disk
 * fails. Prints `open HEAD STREAM`, then of each commit that returned `ack SEQ NANOSECONDS`, when
 * it was acknowledged.
 */
const [dir = "", word = ""] = process.argv.slice(2);
const life = Number(word);
const say = (line: string) => writeSync(1, `${line}\n`);

async function write(): Promise<never> {
  const ledger = await openLedger(optionsOf(dir, life));
  const { heads, streams } = await ledger.state();
  say(`open ${heads.readings} ${streams.readings}`);
  for (let seq = heads.readings + 1; ; seq++) {
    await ledger.commit(commitOf(seq, life));
    say(`ack ${seq} ${process.hrtime.bigint()}`);
  }
}

await write().catch((error: unknown) => {
  if (!(error instanceof GatewayError)) throw error;
  say(`refused: ${error.message}`);
  process.exit(0);
});
