/** The id of an entry as callers know it: `je_17`. */
export function publicEntryId(entryId: number): string {
  return `je_${entryId}`
}

/** The entry number of a public id; undefined when the text is no id of an entry. */
export function parseEntryId(id: string): number | undefined {
  const digits = /^je_([1-9][0-9]{0,14})$/.exec(id)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
