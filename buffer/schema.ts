/**
 * The oldest version whose releases can use a database of the newest. A gateway that rolls back to
 * the release before must find its buffer usable, so leave this as it is and let new entries only
 * add. An entry that must do more, and a new form of what stands in a cell, makes this its own
 * version: a release before it then refuses the database with `buffer.version`.
 */
export const OPENS_FROM = 3;

/**
 * The database, version by version: entry N brings version N to N + 1. Never change an entry that
 * was released; append, with `ALTER TABLE … ADD COLUMN`, `CREATE TABLE` and `CREATE INDEX` alone.
 * Releases from `OPENS_FROM` on do not know what was added, and write and remove rows all the same:
 * a new column may be null or has a default, and what a new table says must stay true of rows that
 * came or went without it. Rows of one batch, never of one reading (an SD card is worn out in weeks
 * otherwise), and cursors instead of deletions.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE series (id INTEGER PRIMARY KEY, point TEXT NOT NULL, unit TEXT) STRICT;
  CREATE TABLE batch (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    count INTEGER NOT NULL,
    clock TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE TABLE event (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE delivered (
    destination TEXT NOT NULL,
    kind TEXT NOT NULL,
    ranges TEXT NOT NULL,
    PRIMARY KEY (destination, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE alarm (
    alarm TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    since INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // States without what they were judged by are given up: the next readings judge anew. Rows
  // from before check sums have none; a batch has its own in its body.
  `
  DROP TABLE alarm;
  CREATE TABLE alarm (
    alarm TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    since INTEGER NOT NULL,
    basis TEXT NOT NULL,
    crc INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE meta ADD COLUMN crc INTEGER;
  ALTER TABLE series ADD COLUMN crc INTEGER;
  ALTER TABLE event ADD COLUMN crc INTEGER;
  ALTER TABLE delivered ADD COLUMN crc INTEGER;
  `,
  // Rows from before have no moment of a boot: their times stay what they are. A correction is a
  // row for a stretch of seqs, for the stretch itself is never written again. What is gone is no
  // longer all at the lower end. The index of alarms holds what `eventText` writes of them.
  `
  ALTER TABLE batch ADD COLUMN boot INTEGER;
  ALTER TABLE batch ADD COLUMN uptime INTEGER;
  ALTER TABLE event ADD COLUMN boot INTEGER;
  ALTER TABLE event ADD COLUMN uptime INTEGER;
  CREATE TABLE boot (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    after INTEGER,
    anchor TEXT,
    crc INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE unsynced (
    kind TEXT NOT NULL,
    from_seq INTEGER NOT NULL,
    to_seq INTEGER,
    boot INTEGER NOT NULL,
    PRIMARY KEY (kind, from_seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE correction (
    kind TEXT NOT NULL,
    from_seq INTEGER NOT NULL,
    to_seq INTEGER NOT NULL,
    basis TEXT NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (kind, from_seq)
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE batch ADD COLUMN thinned INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX batch_thinned ON batch (thinned, at) WHERE thinned > 0;
  CREATE INDEX event_alarm ON event (at) WHERE substr(body, 1, 15) = '{"kind":"alarm"';
  CREATE INDEX event_alarm_moment ON event (boot, uptime)
    WHERE substr(body, 1, 15) = '{"kind":"alarm"';
  CREATE TABLE gone (
    kind TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (kind, first)
  ) STRICT, WITHOUT ROWID;
  `,
  // What a destination gets of its own. One table for all queues: a row's number holds that of its
  // queue (`queue-rows.ts`). `origin` is the message of the ledger by which its time is told.
  `
  CREATE TABLE queue_stream (
    number INTEGER PRIMARY KEY,
    destination TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    rule TEXT NOT NULL,
    start INTEGER NOT NULL,
    current INTEGER NOT NULL,
    mark TEXT,
    crc INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE queue (
    seq INTEGER PRIMARY KEY,
    origin INTEGER NOT NULL,
    at INTEGER NOT NULL,
    count INTEGER NOT NULL,
    uptime INTEGER,
    body BLOB NOT NULL,
    crc INTEGER
  ) STRICT;
  CREATE TABLE queue_delivered (
    queue INTEGER PRIMARY KEY,
    ranges TEXT NOT NULL,
    crc INTEGER NOT NULL
  ) STRICT;
  `,
];
