import { contract, procedureOf } from '../../../shared/contract/index'
import type { Policy } from '../../../shared/contract/policies'
import { moneyText } from '../../components/format'
import { stepWords } from '../audit/steps'

/** "Refund a payment: asks you first above $10,000.00." */
export function policySentence(policy: Policy): string {
  const over = policy.over === null ? '' : ` above ${moneyText(policy.over)}`
  const decision =
    policy.decision === 'ask'
      ? `asks you first${over}`
      : policy.decision === 'refuse'
        ? `is refused${over}`
        : `runs without asking${over}`
  return `${stepWords(policy.procedure)}: ${decision}.`
}

/** Commands that a rule can hold back, in words, sorted by them. */
export function governable(): readonly { readonly value: string; readonly label: string }[] {
  const names = Object.keys(contract) as (keyof typeof contract)[]
  return names
    .flatMap((name) => {
      const procedure = procedureOf(name)
      return procedure.kind === 'command' && procedure.parkable ? [{ value: name, label: stepWords(name) }] : []
    })
    .sort((a, b) => a.label.localeCompare(b.label))
}
