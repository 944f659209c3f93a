/** A value SQLite binds without conversion. Booleans are stored as 0 or 1 by the caller. */
export type SqlValue = string | number | bigint | Uint8Array | null

/** A query text with its bound values; only the `sql` tag makes one, so no value is ever spliced into the text. */
export interface Sql {
  readonly text: string
  readonly values: readonly SqlValue[]
}

const fragmentBrand = Symbol('sql fragment')

interface SqlFragment extends Sql {
  readonly [fragmentBrand]: true
}

function isFragment(value: SqlValue | SqlFragment): value is SqlFragment {
  return typeof value === 'object' && value !== null && fragmentBrand in value
}

/**
 * Template tag for SQL. Interpolated values become bound parameters; an interpolated `sql` fragment is joined in place.
 * @returns a query for `ReadDb` and `WriteDb`, itself usable as a fragment.
 */
export function sql(strings: TemplateStringsArray, ...parts: (SqlValue | SqlFragment)[]): SqlFragment {
  let text = strings[0] ?? ''
  const values: SqlValue[] = []
  parts.forEach((part, index) => {
    if (isFragment(part)) {
      text += part.text
      values.push(...part.values)
    } else {
      text += '?'
      values.push(part)
    }
    text += strings[index + 1] ?? ''
  })
  return { text, values, [fragmentBrand]: true }
}

/** Joins fragments with a separator, e.g. conditions with `sql` and `. An empty list gives an empty fragment. */
export function joinSql(fragments: readonly SqlFragment[], separator: string): SqlFragment {
  return {
    text: fragments.map((fragment) => fragment.text).join(separator),
    values: fragments.flatMap((fragment) => fragment.values),
    [fragmentBrand]: true,
  }
}

export type { SqlFragment }
