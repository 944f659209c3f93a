import { describe, expect, test } from 'vitest'
import { type RuleParts, ruleSentence, whyStopped } from './ruleWords'

const usd = (minor: number) => ({ minor, currency: 'USD' })
const rule = (parts: Partial<RuleParts> = {}): RuleParts => ({
  procedure: 'payments.requestRefund',
  decision: 'ask',
  over: null,
  when: {},
  demands: {},
  ...parts,
})

describe('the sentence of a rule', () => {
  test.each<[Partial<RuleParts>, string]>([
    [{}, 'Refund a payment: always asks first.'],
    [{ decision: 'refuse' }, 'Refund a payment: is always refused.'],
    [{ decision: 'allow' }, 'Refund a payment: runs without asking.'],
    [{ over: usd(1_000_000) }, 'Refund a payment: asks first over USD 10,000.00.'],
    [{ decision: 'refuse', over: usd(100), when: { weekdays: [7] } }, 'Refund a payment: is refused over USD 1.00, on Sunday.'],
    [{ decision: 'allow', when: { actors: ['owner'] } }, 'Refund a payment: runs without asking when it comes from you.'],
    [{ procedure: '*', over: usd(5) }, 'Every step that states an amount: asks first over USD 0.05.'],
    [{ procedure: 'gone.procedure' }, 'gone.procedure: always asks first.'],
    [
      { over: usd(100), when: { splitWithinHours: 1 } },
      'Refund a payment: asks first when several amounts to one payee within 1 hour pass USD 1.00 together.',
    ],
    [
      {
        over: usd(100),
        when: {
          dailySumOver: usd(300),
          payees: ['cus_1'],
          newPayee: true,
          changedPayee: true,
          currencies: ['USD', 'EUR', 'GBP'],
          sensitive: true,
          actors: ['assistant', 'tokens'],
          hours: { from: '22:00', to: '06:00' },
          weekdays: [7, 6],
        },
      },
      'Refund a payment: asks first over USD 1.00, when the sum of the day passes USD 3.00, to one payee of your choice, to someone new, ' +
        'to a payee whose details changed lately, in EUR, GBP or USD, on a sensitive item, when it comes from an access token or the assistant, ' +
        'between 22:00 and 06:00, on Saturday or Sunday.',
    ],
    [{ when: { payees: ['a', 'b', 'c'] } }, 'Refund a payment: asks first to one of 3 payees of your choice.'],
    [
      { demands: { stepUp: true, coolingMinutes: 10, secondApprover: true, timeoutHours: 24 } },
      'Refund a payment: always asks first. Approving takes a new proof that it is you, 10 minutes of waiting and two approvers. ' +
        'After 24 hours without a decision it counts as denied.',
    ],
    [
      { demands: { coolingMinutes: 1, stepUp: false, secondApprover: false } },
      'Refund a payment: always asks first. Approving takes 1 minute of waiting.',
    ],
    [
      { demands: { timeoutHours: 1 } },
      'Refund a payment: always asks first. After 1 hour without a decision it counts as denied.',
    ],
  ])('%# is deterministic and plain', (parts, sentence) => {
    expect(ruleSentence(rule(parts))).toBe(sentence)
    expect(ruleSentence(structuredClone(rule(parts)))).toBe(sentence)
  })
})

test('why a rule stops a command tells each reason once', () => {
  const unstated = { kind: 'unstated', currency: 'USD' } as const
  const both = rule({ decision: 'refuse', over: usd(100), when: { dailySumOver: usd(300) } })
  expect(whyStopped(both, { over: unstated, day: unstated })).toBe(
    'Your rule: over USD 1.00, when the sum of the day passes USD 3.00 is refused. Not every amount that counts can be stated in USD, so this is refused.',
  )
})
