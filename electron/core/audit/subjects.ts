/** Ids as this app makes them: a short prefix that names the kind, then digits and letters (`inv_01k...`, `je_17`). */
const id = /^[a-z]{2,4}_[0-9a-z]{1,60}$/

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') {
    if (id.test(value)) found.add(value)
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) collect(item, found)
  }
}

/** Every id among the values of an audit row's details, at any depth: what the row is about. */
export function subjectsOf(details: object): ReadonlySet<string> {
  const found = new Set<string>()
  collect(details, found)
  return found
}
