interface SentencePart {
  readonly kind: 'text' | 'entry' | 'invoice' | 'payment'
  readonly text: string
}

const kinds: Readonly<Record<string, SentencePart['kind']>> = { je: 'entry', inv: 'invoice', pay: 'payment' }

/** Cuts a sentence at the ids of entries (`je_12`), invoices (`inv_...`) and payments (`pay_...`) in it; nothing is lost. */
export function splitIds(sentence: string): SentencePart[] {
  return sentence
    .split(/\b((?:je_\d+|inv_[0-9a-z]{26}|pay_[0-9a-z]{26})\b)/)
    .filter((text) => text !== '')
    .map((text) => {
      const match = /^(je|inv|pay)_\w+$/.exec(text)
      return { kind: kinds[match?.[1] ?? ''] ?? 'text', text }
    })
}
