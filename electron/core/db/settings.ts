/** One setting of a connection: what is asked of the engine and what it must answer when asked back (promise L1). */
export interface Setting {
  readonly pragma: string
  readonly value: string
  readonly expected: string | number
}

/**
 * Settings of every connection. `journal_mode` is kept in the file; all others live in the connection and are set at every open:
 * the library reopens a WAL file with `synchronous=NORMAL`, which loses acknowledged commits at a power cut.
 * The log is copied back every 4000 pages: at the default of 1000 an import would write each page of an index many times over.
 * `fullfsync` and `checkpoint_fullfsync` act on macOS only and are harmless elsewhere.
 */
export const settings: readonly Setting[] = [
  { pragma: 'journal_mode', value: 'WAL', expected: 'wal' },
  { pragma: 'synchronous', value: 'FULL', expected: 2 },
  { pragma: 'foreign_keys', value: 'ON', expected: 1 },
  { pragma: 'recursive_triggers', value: 'ON', expected: 1 },
  { pragma: 'trusted_schema', value: 'OFF', expected: 0 },
  { pragma: 'secure_delete', value: 'ON', expected: 1 },
  { pragma: 'temp_store', value: 'MEMORY', expected: 2 },
  { pragma: 'busy_timeout', value: '5000', expected: 5000 },
  { pragma: 'cache_size', value: '-65536', expected: -65_536 },
  { pragma: 'mmap_size', value: '0', expected: 0 },
  { pragma: 'cell_size_check', value: 'ON', expected: 1 },
  { pragma: 'journal_size_limit', value: '67108864', expected: 67_108_864 },
  { pragma: 'wal_autocheckpoint', value: '4000', expected: 4000 },
  { pragma: 'fullfsync', value: 'ON', expected: 1 },
  { pragma: 'checkpoint_fullfsync', value: 'ON', expected: 1 },
]

/** The library's answers to the cipher pragmas; page size is fixed when a file is created. */
export const cipherSettings: readonly Setting[] = [
  { pragma: 'cipher', value: "'aegis'", expected: 'aegis' },
  { pragma: 'algorithm', value: "'aegis-256'", expected: 'aegis-256' },
  { pragma: 'page_size', value: '4096', expected: 4096 },
]

/** Asks for each setting; `refusedSettings` reads them back. `pragma` takes `name` or `name=value` and returns the engine's answer. */
export function applySettings(pragma: (text: string) => unknown, wanted: readonly Setting[]): void {
  for (const setting of wanted) pragma(`${setting.pragma}=${setting.value}`)
}

/** @returns the names of the settings that did not take, empty when all did. */
export function refusedSettings(pragma: (text: string) => unknown, wanted: readonly Setting[]): string[] {
  return wanted.filter((setting) => pragma(setting.pragma) !== setting.expected).map((setting) => setting.pragma)
}

/** The first SQLite without the WAL-reset bug, which could lose committed pages (3.7.0 to 3.51.2). */
const oldestSafeSqlite = [3, 51, 3] as const

/** @param version as `sqlite_version()` gives it, e.g. '3.53.4'. */
export function isSafeSqlite(version: string): boolean {
  const parts = version.split('.').map(Number)
  for (const [index, least] of oldestSafeSqlite.entries()) {
    const part = parts[index] ?? 0
    if (Number.isNaN(part) || part < least) return false
    if (part > least) return true
  }
  return true
}
