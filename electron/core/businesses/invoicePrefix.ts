/** Longest prefix: with a hyphen and the digits a number stays well within the 26 characters that Stripe takes. */
const longest = 12

/**
 * What a business's invoice numbers begin with, where others number into the same account at the provider.
 * @returns the wished prefix, or where it is taken the first free of wished2, wished3, ..., cut to 12 characters
 */
export function freePrefix(wished: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const tail = n === 1 ? '' : String(n)
    const prefix = `${wished.slice(0, longest - tail.length)}${tail}`
    if (!taken.has(prefix)) return prefix
  }
}
