import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Plan } from "./plan.ts";
import type { Rollout, Task, WatchedMs } from "./rollout.ts";
import type { Wish } from "./turns.ts";
import type { Version } from "./version-table.ts";

/** One line of the audit log. */
export type AuditLine = {
  /** Wall time of the centre, Unix milliseconds. */
  readonly at: number;
  /** Who did it: `centre`, a gateway, or a person. */
  readonly who: string;
  readonly what: string;
  readonly rollout: string | null;
  readonly gateway: string | null;
  readonly detail: string | null;
};

/** What a person asked the centre to do. */
export type Request = {
  readonly id: number;
  readonly at: number;
  readonly who: string;
  readonly ask:
    | { readonly kind: "start"; readonly plan: Plan; readonly salt: string }
    | { readonly kind: Wish; readonly rollout: string };
  /** Null while nobody has seen to it; `done`, or why not. */
  readonly answer: string | null;
};

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS centre (
    one INTEGER PRIMARY KEY CHECK (one = 1), watched REAL NOT NULL, counter INTEGER NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO centre VALUES (1, 0, 0);
  CREATE TABLE IF NOT EXISTS version (gateway TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS rollout (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, json TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS task (
    rollout TEXT NOT NULL, gateway TEXT NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (rollout, gateway)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS request (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, ask TEXT NOT NULL, answer TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
    rollout TEXT, gateway TEXT, detail TEXT
  ) STRICT;
`;

type Json = { readonly json: string };

/**
 * All that the centre must remember of its fleet, in `fleet.db` of a folder. What a transaction writes
 * is on the disk when it returns, whole or not at all. Whoever only looks, or asks, opens it too.
 */
export class FleetStore {
  readonly #db: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  /** Where it `isFleeting` nothing need outlive this process: for simulations. */
  constructor(dir: string, isFleeting = false) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.#db = new Database(join(dir, "fleet.db"), { timeout: 10_000 });
    this.#db.pragma("journal_mode = WAL");
    this.#db.pragma(`synchronous = ${isFleeting ? "OFF" : "FULL"}`);
    this.#db.exec(SCHEMA);
  }

  /** Does `work` in one transaction. */
  transaction<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  /** Watched time so far, and the highest counter that a command was signed with. */
  centre(): { readonly watched: WatchedMs; readonly counter: number } {
    return this.#row("SELECT watched, counter FROM centre");
  }

  setCentre(watched: WatchedMs, counter: number): void {
    this.#run("UPDATE centre SET watched = ?, counter = ?", watched, counter);
  }

  versions(): ReadonlyMap<string, Version> {
    const rows = this.#rows<Json>("SELECT json FROM version ORDER BY gateway");
    const all = rows.map(({ json }): Version => JSON.parse(json));
    return new Map(all.map((each) => [each.gateway, each]));
  }

  setVersion(version: Version): void {
    this.#run("INSERT OR REPLACE INTO version VALUES (?, ?)", version.gateway, text(version));
  }

  /** Every rollout, the oldest first. */
  rollouts(): readonly Rollout[] {
    return this.#rows<Json>("SELECT json FROM rollout ORDER BY number").map(({ json }) => {
      const rollout: Omit<Rollout, "tasks"> = JSON.parse(json);
      const rows = this.#rows<Json>("SELECT json FROM task WHERE rollout = ?", rollout.plan.id);
      const tasks = rows.map((row): Task => JSON.parse(row.json));
      return { ...rollout, tasks: new Map(tasks.map((task) => [task.gateway, task])) };
    });
  }

  /** Stores what of `rollout` is not as it was `before`. */
  setRollout(rollout: Rollout, before: Rollout | null): void {
    const { tasks, ...rest } = rollout;
    const { id } = rollout.plan;
    this.#run(
      "INSERT INTO rollout (id, json) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json",
      id,
      text(rest),
    );
    for (const [gateway, task] of tasks) {
      if (before?.tasks.get(gateway) === task) continue;
      this.#run("INSERT OR REPLACE INTO task VALUES (?, ?, ?)", id, gateway, text(task));
    }
    for (const gateway of before?.tasks.keys() ?? []) {
      if (tasks.has(gateway)) continue;
      this.#run("DELETE FROM task WHERE rollout = ? AND gateway = ?", id, gateway);
    }
  }

  /** Leaves a wish for the centre; returns its number. */
  ask(at: number, who: string, ask: Request["ask"]): number {
    const sql = "INSERT INTO request (at, who, ask) VALUES (?, ?, ?)";
    return Number(this.#prepared(sql).run(at, who, text(ask)).lastInsertRowid);
  }

  /** What was asked for and not answered, the oldest first. */
  open(): readonly Request[] {
    const sql = "SELECT * FROM request WHERE answer IS NULL ORDER BY id";
    return this.#rows<Omit<Request, "ask"> & { readonly ask: string }>(sql).map((row) => ({
      ...row,
      ask: JSON.parse(row.ask),
    }));
  }

  answer(id: number, answer: string): void {
    this.#run("UPDATE request SET answer = ? WHERE id = ?", answer, id);
  }

  /** The answer to request `id`; null where there is none yet. */
  answerTo(id: number): string | null {
    return this.#row<Pick<Request, "answer">>("SELECT answer FROM request WHERE id = ?", id).answer;
  }

  audit({ at, who, what, rollout, gateway, detail }: AuditLine): void {
    const sql =
      "INSERT INTO audit (at, who, what, rollout, gateway, detail) VALUES (?, ?, ?, ?, ?, ?)";
    this.#run(sql, at, who, what, rollout, gateway, detail);
  }

  /** The last `most` lines about a gateway or a rollout (null: all), the oldest first. */
  audited(of: string | null, most: number): readonly AuditLine[] {
    const sql = `SELECT at, who, what, rollout, gateway, detail FROM audit
      WHERE ? IS NULL OR rollout = ? OR gateway = ? ORDER BY id DESC LIMIT ?`;
    return this.#rows<AuditLine>(sql, of, of, of, most).toReversed();
  }

  close(): void {
    this.#db.close();
  }

  #run(sql: string, ...values: unknown[]): void {
    this.#prepared(sql).run(...values);
  }

  #rows<T>(sql: string, ...values: unknown[]): readonly T[] {
    return this.#prepared(sql).all(...values) as readonly T[];
  }

  #row<T>(sql: string, ...values: unknown[]): T {
    return this.#prepared(sql).get(...values) as T;
  }

  #prepared(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function text(value: unknown): string {
  return JSON.stringify(value);
}
