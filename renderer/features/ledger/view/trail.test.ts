import { expect, it } from 'vitest'
import { entryHref } from './links'
import { followed } from './trail'

it('a trail ends at a place that is visited again, and keeps the last four', () => {
  const crumb = (href: string) => ({ label: href, href })
  const trail = ['/a', '/b', '/c'].map(crumb)
  expect(followed(trail, crumb('/b'))).toEqual(['/a', '/b'].map(crumb))
  expect(followed([...trail, crumb('/d')], crumb('/e'))).toEqual(['/b', '/c', '/d', '/e'].map(crumb))
  expect(followed([], crumb(entryHref('je_1')))).toEqual([crumb('/ledger/entries/je_1')])
})
