import { expect, test } from 'vitest'
import { appUrl, isOurPage } from './origin'

test('E2: only our own scheme and host are our page', () => {
  expect(isOurPage(appUrl)).toBe(true)
  expect(isOurPage('app://countinghouse/')).toBe(true)
  const foreign = [
    'app://evil/index.html',
    'app://countinghouse.evil/',
    'app://user@countinghouse/',
    'app://countinghouse:8080/',
    'https://countinghouse/index.html',
    'file:///countinghouse/index.html',
    'data:text/html,app://countinghouse/',
    'about:blank',
    'javascript:alert(1)',
    'blob:app://countinghouse/1',
    '',
    'not a url',
  ]
  for (const url of foreign) expect(isOurPage(url), url).toBe(false)
})
