import { expect, test } from 'vitest'
import { triedAgain } from './container.work'

test('what fails in a turn of a timer is logged, and the next turn comes', () => {
  const logged: unknown[] = []
  const full = new Error('disk full')
  let turns = 0
  const turn = triedAgain({ debug() {}, info() {}, warn() {}, error: (details) => void logged.push(details) }, () => {
    turns++
    if (turns === 1) throw full
  })
  turn()
  turn()
  expect([turns, logged]).toEqual([2, [{ err: full }]])
})
