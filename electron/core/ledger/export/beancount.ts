import type { JournalEntry } from '../../../../shared/contract/ledger'
import { toDecimalString } from '../../../../shared/domain/money'

/** Part of a beancount account: a capital letter or digit, then letters, digits and dashes; other characters become dashes. */
function segment(part: string): string {
  const dashed = part.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/-$/, '')
  const [first = ''] = dashed
  return first.toUpperCase() + dashed.slice(first.length)
}

/** Account names in beancount's rules; two accounts that would become the same name get numbers, in the order of their meeting. */
export class BeancountNames {
  readonly #names = new Map<string, string>()
  readonly #taken = new Set<string>()

  /** @returns the name, and whether it is met for the first time and has to be opened */
  of(account: string): { readonly name: string; readonly isNew: boolean } {
    const known = this.#names.get(account)
    if (known !== undefined) return { name: known, isNew: false }
    const wanted = account.split(':').map(segment).join(':')
    let name = wanted
    for (let number = 2; this.#taken.has(name); number++) name = `${wanted}-${number}`
    this.#names.set(account, name)
    this.#taken.add(name)
    return { name, isNew: true }
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

export function beancountHead(currency: string): string {
  return `option "operating_currency" "${currency}"\n\n`
}

/** One transaction, with the `open` directives of the accounts that are met for the first time; entries come by day. */
export function beancountEntry({ id, occurredOn, description, postings }: JournalEntry, names: BeancountNames): string {
  const opens: string[] = []
  const lines = postings.map(({ account, amount }) => {
    const { name, isNew } = names.of(account)
    if (isNew) opens.push(`${occurredOn} open ${name}\n`)
    return `  ${name}  ${toDecimalString(amount)} ${amount.currency}\n`
  })
  const head = `${occurredOn} * ${quoted(description)}\n  entry: ${quoted(id)}\n`
  return `${opens.join('')}${head}${lines.join('')}\n`
}
