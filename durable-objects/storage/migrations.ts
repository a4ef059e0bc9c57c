/**
 * How the object's tables came to be, oldest first. Append only: an object may be as old as the first
 * entry. Each entry runs once, in one transaction with the note that it ran.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);

  CREATE TABLE commands (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    ended_at INTEGER,
    row TEXT NOT NULL
  );
  CREATE INDEX commands_ended ON commands (ended_at);
  CREATE TABLE command_logs (id TEXT PRIMARY KEY, lines TEXT NOT NULL);

  CREATE TABLE desired (server_id TEXT PRIMARY KEY, server TEXT NOT NULL);
  CREATE TABLE gone (server_id TEXT PRIMARY KEY, gone TEXT NOT NULL, at INTEGER NOT NULL);
  CREATE TABLE waits (
    id TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    ended_at INTEGER,
    wait TEXT NOT NULL
  );
  CREATE INDEX waits_ended ON waits (ended_at);

  CREATE TABLE observed (server_id TEXT PRIMARY KEY, row TEXT NOT NULL);
  CREATE TABLE exits (
    server_id TEXT NOT NULL,
    start_no INTEGER NOT NULL,
    exit TEXT NOT NULL,
    PRIMARY KEY (server_id, start_no)
  ) WITHOUT ROWID;
  CREATE TABLE samples (server_id TEXT PRIMARY KEY, sample TEXT NOT NULL);

  CREATE TABLE console (
    server_id TEXT NOT NULL,
    last_seq INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    chunk TEXT NOT NULL,
    PRIMARY KEY (server_id, last_seq)
  );

  CREATE TABLE outbox (
    event_no INTEGER PRIMARY KEY AUTOINCREMENT,
    thing TEXT NOT NULL,
    at INTEGER NOT NULL,
    news TEXT NOT NULL
  );
  CREATE INDEX outbox_thing ON outbox (thing);

  CREATE TABLE wakes (name TEXT PRIMARY KEY, at INTEGER NOT NULL);
  `,
]
