import { describe, expect, it } from 'vitest'
import { browserCandidates, browserVersion, findBrowser, installBrowser } from './browser.mjs'

describe('findBrowser', () => {
  it('prefers the one that the environment names, and does not replace one that is not there', () => {
    const env = { COUNTINGHOUSE_BROWSER: '/opt/mine', PATH: '/usr/bin' }
    expect(findBrowser({ platform: 'linux', env, exists: () => true })).toBe('/opt/mine')
    expect(findBrowser({ platform: 'linux', env, exists: (file) => file !== '/opt/mine' })).toBeNull()
  })

  it('takes Chromium before Chrome before Edge on Linux', () => {
    const env = { PATH: '/a:/b' }
    const found = (installed: string[]) => findBrowser({ platform: 'linux', env, exists: (file) => installed.includes(file) })
    expect(found(['/b/microsoft-edge', '/a/google-chrome', '/b/chromium'])).toBe('/b/chromium')
    expect(found(['/b/microsoft-edge', '/a/google-chrome'])).toBe('/a/google-chrome')
    expect(found(['/b/microsoft-edge'])).toBe('/b/microsoft-edge')
    expect(found([])).toBeNull()
  })

  it('knows the usual places of macOS and Windows', () => {
    expect(browserCandidates({ platform: 'darwin', env: { HOME: '/Users/ann' } })).toContain(
      '/Users/ann/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    )
    expect(browserCandidates({ platform: 'win32', env: { PROGRAMFILES: 'C:\\Program Files' } })).toContain(
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    )
  })

  it('the browser that is found says its version', () => {
    const executable = findBrowser()
    expect(executable).not.toBeNull()
    expect(browserVersion(executable ?? '')).toMatch(/\d+(\.\d+)+$/)
  })
})

describe('installBrowser', () => {
  it('is left to root, and says how to go on by hand', () => {
    expect(() => installBrowser({ isRoot: false, run: () => 0 })).toThrow(/COUNTINGHOUSE_BROWSER/)
  })

  it('names the command that failed', () => {
    const ran: string[] = []
    const run = (command: string, args: string[]) => {
      ran.push([command, ...args].join(' '))
      return ran.length === 2 ? 100 : 0
    }
    expect(() => installBrowser({ isRoot: true, run })).toThrow(
      /"apt-get install -y --no-install-recommends chromium" failed with exit code 100/,
    )
    expect(ran).toEqual(['apt-get update', 'apt-get install -y --no-install-recommends chromium'])
  })
})
