import type { ReadDb } from './connection'
import { sql } from './sql'

/** The whole schema as SQL: tables, then indexes, triggers and views, each kind by name. The engine's own objects are left out. */
export function schemaOf(r: ReadDb): string {
  const rows = r.all<{ text: string }>(sql`
    SELECT sql AS text FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'trigger' THEN 2 ELSE 3 END, name`)
  return rows.map(({ text }) => `${text.replace(/^ {4}/gm, '')};\n`).join('\n')
}
