import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { contentHandler, readManifest } from './content'

const outside = mkdtempSync(join(tmpdir(), 'countinghouse-content-'))
const folder = join(outside, 'renderer')
mkdirSync(join(folder, 'assets'), { recursive: true })
writeFileSync(join(outside, 'secret.html'), 'secret')
writeFileSync(join(folder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">')
writeFileSync(join(folder, 'assets', 'main.js'), 'void 0')
writeFileSync(join(folder, 'assets', 'notes.txt'), 'no media type')
const answer = contentHandler(readManifest(folder))
afterAll(() => rmSync(outside, { recursive: true }))

test('E4: the page comes with a policy whose style nonce is its own and new for each load', async () => {
  const [first, second] = [
    answer(new Request('app://countinghouse/index.html')),
    answer(new Request('app://countinghouse/index.html')),
  ]
  const nonceOf = async (response: Response) => /content="([^"]+)"/.exec(await response.text())?.[1] ?? ''
  const [a, b] = [await nonceOf(first), await nonceOf(second)]
  expect(a).not.toBe(b)
  const policy = first.headers.get('content-security-policy') ?? ''
  expect(policy).toContain(`'nonce-${a}'`)
  for (const directive of [
    "default-src 'none'",
    "script-src 'self'",
    "frame-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ]) {
    expect(policy.split('; ')).toContain(directive)
  }
  expect(policy).not.toMatch(/unsafe|\*|https?:/)
})

test('files of the manifest are served with their media type, and nothing else exists', () => {
  const script = answer(new Request('app://countinghouse/assets/main.js'))
  expect(script.status).toBe(200)
  expect(script.headers.get('content-type')).toMatch(/^text\/javascript/)
  expect(answer(new Request('app://countinghouse/assets/notes.txt')).status).toBe(404)
  expect(answer(new Request('app://countinghouse/index.html', { method: 'POST' })).status).toBe(404)
  expect(answer(new Request('app://evil/index.html')).status).toBe(404)
})

test('E3: no spelling of a path leads outside the manifest', () => {
  const dots = [
    '..',
    '%2e%2e',
    '%2E.',
    '.%2e',
    '%252e%252e',
    '..%00',
    '%c0%ae%c0%ae',
    '%u002e%u002e',
    '....',
    '..;',
    '%ef%bc%8e%ef%bc%8e',
  ]
  const slashes = ['/', '%2f', '%5c', '\\', '//', '%252f', '%c0%af', '/%2f', '/./', '%00/']
  const targets = ['secret.html', 'etc/passwd']
  let tried = 0
  for (const dot of dots) {
    for (const slash of slashes) {
      for (const target of targets) {
        const url = `app://countinghouse/assets/${dot}${slash}${dot}${slash}${target}`
        if (!URL.canParse(url)) continue
        expect(answer(new Request(url)).status, url).toBe(404)
        tried++
      }
    }
  }
  expect(tried).toBeGreaterThan(190)
})
