import { plus } from "../edge/core/dropped.ts";
import type { Event, GatewayEvent } from "../edge/core/event.ts";
import { type Dropped, NOTHING_DROPPED } from "../edge/core/ledger.ts";
import type { QueueDrop } from "../edge/core/queue.ts";
import type { SeqSet } from "../edge/core/seq-set.ts";
import { isIntact } from "./cells.ts";
import { eventOf } from "./event-text.ts";
import { lossIn } from "./losses.ts";
import { queueIn } from "./queue-streams.ts";
import type { Statements } from "./statements.ts";

type Row = { readonly seq: number; readonly body: string; readonly crc: number | null };

/**
 * What the events `seqs`, which are about to go undelivered, tell of what could not be kept: no
 * event does any more then. Throws what SQLite says where they cannot be read.
 */
export function forgottenWith(statements: Statements, seqs: SeqSet): Dropped {
  const sql = `SELECT seq, body, crc FROM event
    WHERE seq BETWEEN ? AND ? AND instr(body, '"kind":"buffer"') > 0`;
  return seqs
    .flatMap(({ from, to }) => statements.of(sql).all(from, to) as Row[])
    .filter(({ seq, body, crc }) => isIntact(crc, seq, body))
    .map(({ seq, body }) => droppedIn(eventOf(body), seq))
    .reduce(plus, NOTHING_DROPPED);
}

/** What event `seq` tells that could not be kept, but for what the disk damaged. */
function droppedIn(event: Event | null, seq: number): Dropped {
  if (event?.kind !== "buffer") return NOTHING_DROPPED;
  const { refusedReadings: readings, fromAt, toAt, window: windowMs } = event.detail ?? {};
  if (typeof readings === "number" && event.to === "refusing") {
    return {
      ...NOTHING_DROPPED,
      refused: { readings, fromAt: Number(fromAt), toAt: Number(toAt) },
    };
  }
  const loss = lossIn(event, seq);
  if (loss === null) return NOTHING_DROPPED;
  const { stream, seqs, into, why } = loss;
  switch (why) {
    case "full":
      if (stream === "readings" || stream === "events") {
        return { ...NOTHING_DROPPED, [stream]: seqs };
      }
      return { ...NOTHING_DROPPED, queued: [queueDropOf(stream, seqs, event.detail)] };
    case "aged":
      return { ...NOTHING_DROPPED, aged: { ...NOTHING_DROPPED.aged, [stream]: seqs } };
    case "thinned":
      return { ...NOTHING_DROPPED, thinned: [{ windowMs: Number(windowMs), seqs, into }] };
    case "damaged":
      return NOTHING_DROPPED;
  }
}

function queueDropOf(stream: string, seqs: SeqSet, detail: GatewayEvent["detail"]): QueueDrop {
  return { queue: queueIn(stream), destination: String(detail?.destination), stream, seqs };
}
