import type { SecretKind } from '../../../../shared/contract/secrets'
import { cardBrand, fitsAba, fitsLuhn, ibanProblem } from '../../../../shared/domain/accountNumbers'
import { plainName } from '../kinds'
import type { FieldDraft } from './secretDraft'
import { words } from './words'

/** What is worth a second look in a field, and may be saved all the same; null for nothing. */
export function fieldWarning(kind: SecretKind, field: Pick<FieldDraft, 'name' | 'value'>): string | null {
  const name = plainName(field.name)
  const value = field.value.trim()
  if (value === '') return null
  if (name === 'iban') {
    const problem = ibanProblem(value)
    return problem === null ? null : words.iban[problem]
  }
  if (name === 'routingnumber') return fitsAba(value) ? null : words.aba
  if (kind !== 'card') return null
  if (name === 'number') return fitsLuhn(value) ? null : words.luhn
  if (name === 'expires') return expiryWarning(value)
  return name === 'securitycode' && !/^\d{3,4}$/.test(value) ? words.securityCode : null
}

function expiryWarning(value: string): string | null {
  return /^(0?[1-9]|1[0-2])\s*[/-]\s*(\d{2}|20\d{2})$/.test(value) ? null : words.expires
}

/** What a field says about itself while it is typed: the brand of a card; null for nothing. */
export function fieldHint(kind: SecretKind, field: Pick<FieldDraft, 'name' | 'value'>): string | null {
  return kind === 'card' && plainName(field.name) === 'number' ? cardBrand(field.value) : null
}
