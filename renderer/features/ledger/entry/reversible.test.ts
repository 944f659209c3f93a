import { expect, it } from 'vitest'
import { canReverse } from './reversible'

it('only entries made by hand or imported are reversed by hand, and only once', () => {
  const entry = (
    kind: 'manual' | 'import' | 'invoice' | 'reversal',
    reversedBy: string | null = null,
    reverses: string | null = null,
  ) => canReverse({ source: { kind, id: 'x' }, reversedBy, reverses })
  expect([entry('manual'), entry('import')]).toEqual([true, true])
  expect([entry('invoice'), entry('reversal', null, 'je_1'), entry('manual', 'je_2')]).toEqual([false, false, false])
})
