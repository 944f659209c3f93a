import { describe, expect, test } from 'vitest'
import { orderOfPlaces } from './rowPlaces'

describe('the places of a list', () => {
  test('stay where they are while it is scrolled, whatever rows they hold', () => {
    expect(orderOfPlaces([0, 1, 2, 3], [2, 3, 0, 1], true)).toEqual([0, 1, 2, 3])
  })

  test('that lost their row go, and those that got one come last', () => {
    expect(orderOfPlaces([0, 1, 2, 3], [3, 4, 0, 1], true)).toEqual([0, 1, 3, 4])
    expect(orderOfPlaces([], [1, 2], true)).toEqual([1, 2])
  })

  test('follow the rows once scrolling rests', () => {
    expect(orderOfPlaces([0, 1, 2, 3], [2, 3, 0, 1], false)).toEqual([2, 3, 0, 1])
  })
})
