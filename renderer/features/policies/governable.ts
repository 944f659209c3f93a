import { contract, procedureOf } from '../../../shared/contract/index'
import { isGovernable } from '../../../shared/contract/policies'
import { stepWords } from '../audit/steps'

/** Commands that a rule can hold back, in words, sorted by them. */
export function governable(): readonly { readonly value: string; readonly label: string }[] {
  const names = Object.keys(contract) as (keyof typeof contract)[]
  return names
    .flatMap((name) => {
      const procedure = procedureOf(name)
      const isOffered = isGovernable(name, procedure) && procedure.doors !== 'practice'
      return isOffered ? [{ value: name, label: stepWords(name) }] : []
    })
    .sort((a, b) => a.label.localeCompare(b.label))
}
