import { describe, expect, it } from 'vitest'
import { givesWay, goesWithScreen, type StandingToast } from './standingToasts'

const toast = (id: string, more: Partial<StandingToast> = {}): StandingToast => ({
  id,
  key: id,
  passing: true,
  at: 1000,
  ...more,
})

describe('givesWay', () => {
  it('leaves room for three, the oldest going first', () => {
    expect(givesWay([toast('a'), toast('b')], 'c')).toEqual([])
    expect(givesWay([toast('a'), toast('b'), toast('c')], 'd')).toEqual(['a'])
    expect(givesWay([toast('a'), toast('b'), toast('c'), toast('d')], undefined)).toEqual(['a', 'b'])
  })

  it('replaces the one of the same key, and never one without a key', () => {
    expect(givesWay([toast('a'), toast('b'), toast('c')], 'b')).toEqual(['b'])
    expect(givesWay([toast('a', { key: undefined }), toast('b')], undefined)).toEqual([])
  })
})

describe('goesWithScreen', () => {
  it('takes what only passes, unless it was said as the screen was left', () => {
    const standing = [toast('old'), toast('failure', { passing: false }), toast('fresh', { at: 9000 })]
    expect(goesWithScreen(standing, 10_000)).toEqual(['old'])
    expect(goesWithScreen(standing, 10_501)).toEqual(['old', 'fresh'])
  })
})
