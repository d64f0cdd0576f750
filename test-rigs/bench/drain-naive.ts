import { join } from "node:path";
import process from "node:process";
import Database from "better-sqlite3";
import { connectAsync } from "mqtt";
import { HISTORY_AT, POINTS, readingsOf, UNIT } from "./drain-load.ts";

/**
 * What is to be compared with: a row a reading in a plain table, the oldest thousand selected,
 * published as JSON at QoS 1 and, once acknowledged, deleted, one message at a time; live messages
 * stored and published beside it.
 * `drain-naive.ts fill DIR COUNT` or `drain-naive.ts drain DIR URL`. Prints as drain-gateway.ts.
 */
const [what = "", dir = "", third = ""] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);
const db = new Database(join(dir, "naive.db"));
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(
  `CREATE TABLE IF NOT EXISTS reading (id INTEGER PRIMARY KEY, at INTEGER, point TEXT, unit TEXT,
   value REAL, quality TEXT, message INTEGER)`,
);
const insert = db.prepare(
  "INSERT INTO reading (at, point, unit, value, quality, message) VALUES (?, ?, ?, ?, ?, ?)",
);
const store = db.transaction((second: number, base: number, message: number) => {
  for (const { at, point, value, quality } of readingsOf(second, base)) {
    insert.run(at, point, UNIT, value, quality, message);
  }
});

function fill(count: number): void {
  for (let second = 0; second < count; second++) {
    store(second, HISTORY_AT + second * 1000, second + 1);
  }
  db.close();
}

async function drain(url: string): Promise<void> {
  const client = await connectAsync(url, { clientId: "naive", protocolVersion: 5 });
  const select = db.prepare("SELECT * FROM reading WHERE message = ?");
  const remove = db.prepare("DELETE FROM reading WHERE id BETWEEN ? AND ?");
  db.exec("CREATE INDEX IF NOT EXISTS by_message ON reading (message)");
  const last = db.prepare("SELECT max(message) FROM reading").pluck().get() as number;
  const publish = async (topic: string, seq: number) => {
    const rows = select.all(seq) as { id: number }[];
    await client.publishAsync(topic, JSON.stringify({ seq, rows }), { qos: 1 });
    remove.run(rows[0]?.id, rows.at(-1)?.id);
  };
  let second = 0;
  setInterval(() => {
    second++;
    store(second, Date.now(), last + second);
    say(`live ${last + second} ${performance.timeOrigin + performance.now()}`);
    void publish("naive/readings", last + second);
  }, POINTS.length);
  say("runs");
  for (let seq = 1; seq <= last; seq++) await publish("naive/backlog", seq);
}

if (what === "fill") fill(Number(third));
else await drain(third);
