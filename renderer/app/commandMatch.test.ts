import { describe, expect, it } from 'vitest'
import { rankCommands } from './commandMatch'

const commands = [
  { label: 'Go to Invoices' },
  { label: 'New invoice', keywords: 'create bill' },
  { label: 'Trial balance', keywords: 'report ledger' },
]
const found = (typed: string) => rankCommands(commands, typed).map((command) => command.label)

describe('rankCommands', () => {
  it('offers everything before anything is typed', () => {
    expect(found('  ')).toHaveLength(3)
  })

  it('matches the beginnings of words, in any order', () => {
    expect(found('bal tri')).toEqual(['Trial balance'])
    expect(found('alance')).toEqual([])
  })

  it('knows other words for a command, after its own', () => {
    expect(found('create')).toEqual(['New invoice'])
    expect(found('report')).toEqual(['Trial balance'])
  })

  it('puts labels that begin with the text first', () => {
    expect(found('new inv')[0]).toBe('New invoice')
    expect(found('inv')).toEqual(['Go to Invoices', 'New invoice'])
    expect(found('n')[0]).toBe('New invoice')
  })
})
