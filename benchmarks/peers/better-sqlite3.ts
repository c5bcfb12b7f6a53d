import { join } from 'node:path';
import type { Work } from '../workloads/workload.ts';
import { type Contestant, type Store, TTL_MS } from './contestant.ts';
import { requirePeer } from './installed.ts';

interface Statement {
  run(...parameters: unknown[]): unknown;
  get(...parameters: unknown[]): unknown;
  pluck(): Statement;
}

interface SqliteDatabase {
  pragma(text: string): unknown;
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  transaction(body: (work: Work, from: number) => void): (work: Work, from: number) => void;
  close(): void;
}

/** Rows in a transaction: one each would cost a write of the log each. */
const TRANSACTION_ROWS = 1_000;

export const betterSqlite3: Contestant = {
  name: 'better-sqlite3',
  note: `persistent, JSON, WAL, transactions of ${TRANSACTION_ROWS} rows, with a TTL`,
  open(directory) {
    const Database = requirePeer<new (path: string) => SqliteDatabase>('better-sqlite3');
    return new BetterSqlite3Store(new Database(join(directory, 'cache.sqlite')));
  },
};

class BetterSqlite3Store implements Store {
  readonly #database: SqliteDatabase;
  readonly #select: Statement;
  readonly #insert: Statement;
  readonly #setSome: (work: Work, from: number) => void;
  #isSynchronous = false;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.exec(
      'CREATE TABLE IF NOT EXISTS cache (key TEXT PRIMARY KEY, value TEXT, expires INTEGER)',
    );
    this.#select = database
      .prepare('SELECT value FROM cache WHERE key = ? AND expires > ?')
      .pluck();
    const insert = database.prepare('INSERT OR REPLACE INTO cache VALUES (?, ?, ?)');
    this.#insert = insert;
    this.#setSome = database.transaction(({ keys, values }, from) => {
      const expires = Date.now() + TTL_MS;
      const end = Math.min(from + TRANSACTION_ROWS, keys.length);
      for (let index = from; index < end; index++) {
        insert.run(keys[index], JSON.stringify(values[index]), expires);
      }
    });
  }

  setAll(work: Work): void {
    for (let from = 0; from < work.keys.length; from += TRANSACTION_ROWS) this.#setSome(work, from);
  }

  post(key: string, value: unknown): void {
    this.set(key, value);
  }

  set(key: string, value: unknown): void {
    this.#insert.run(key, JSON.stringify(value), Date.now() + TTL_MS);
  }

  setSynced(key: string, value: unknown): void {
    this.#syncEveryCommit();
    this.set(key, value);
  }

  setTogether(work: Work, isSynced: boolean): void {
    if (isSynced) this.#syncEveryCommit();
    this.#setSome(work, 0);
  }

  /** From then on; whoever needs the other kind measures it first. */
  #syncEveryCommit(): void {
    if (this.#isSynchronous) return;
    this.#database.pragma('synchronous = FULL');
    this.#isSynchronous = true;
  }

  sync(): void {
    this.#database.pragma('wal_checkpoint(FULL)');
  }

  getAll(keys: readonly string[]): number {
    let found = 0;
    for (const key of keys) if (this.get(key) !== undefined) found++;
    return found;
  }

  get(key: string): unknown {
    const text = this.#select.get(key, Date.now()) as string | undefined;
    return text === undefined ? undefined : JSON.parse(text);
  }

  close(): void {
    this.#database.close();
  }
}
