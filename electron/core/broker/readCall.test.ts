import { describe, expect, test } from 'vitest'
import { destinationOf } from './destination'
import { piecesOf } from './placeholders'
import { readCall } from './readCall'

const headers = { authorization: 'Bearer {{secret}}' }
const read = (more: Partial<Parameters<typeof readCall>[0]>) =>
  readCall({ secretId: 'sec_a', method: 'POST', url: 'https://api.example.com/v1', headers, ...more }, null)
const refusal = expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(/^Nothing was sent: /) })

describe('W9: where a call may go is read in one way only', () => {
  test.each([
    ['https://api.example.com', 'api.example.com', 443, '/', ''],
    ['https://API.Example.com/v1/a%20b?x=1&y=%2F', 'api.example.com', 443, '/v1/a%20b', '?x=1&y=%2F'],
    ['https://api.example.com:8443/', 'api.example.com', 8443, '/', ''],
    ['HTTPS://a.b.example/~me?', 'a.b.example', 443, '/~me', '?'],
    ['https://xn--bcher-kva.example/', 'xn--bcher-kva.example', 443, '/', ''],
  ])('%s', (url, host, port, path, query) => {
    expect(destinationOf(url, null)).toEqual({ target: { scheme: 'https', host, port }, host, path, query })
  })

  test.each([
    'http://api.example.com/',
    'ftp://api.example.com/',
    '//api.example.com/',
    'https:/api.example.com/',
    'https:///api.example.com/',
    'https:\\\\api.example.com/',
    ' https://api.example.com/',
    'https://api.example.com/ ',
    'https://api.example.com\t/',
    'https://user@api.example.com/',
    'https://user:pass@api.example.com/',
    'https://api.example.com@127.0.0.1/',
    'https://api.example.com\\@127.0.0.1/',
    'https://api.example.com#@127.0.0.1/',
    'https://api.example.com/#x',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://127.0.0.1./',
    'https://127.0.0.0x1/',
    'https://1.2.3.4.5/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fe80::1%25eth0]/',
    'https://::1/',
    'https://localhost/',
    'https://localhost./',
    'https://api/',
    'https://api.example.com./',
    'https://api..example.com/',
    'https://.example.com/',
    'https://-api.example.com/',
    'https://api-.example.com/',
    'https://api_x.example.com/',
    'https://%61pi.example.com/',
    'https://api%2eexample.com/',
    'https://api。example。com/',
    'https://①②⑦.⓪.⓪.①/',
    'https://bücher.example/',
    'https://exam​ple.com/',
    'https://api.example.com:0/',
    'https://api.example.com:65536/',
    'https://api.example.com:443443/',
    'https://api.example.com:+443/',
    'https://api.example.com:/',
    'https://api.example.com: 443/',
    'https://{{secret}}.example.com/',
    'https://api.example.com:{{secret}}/',
    '{{secret}}',
    'https://api.example.com/{{secret}}',
    'https://api.example.com/a/../b',
    'https://api.example.com/./a',
    'https://api.example.com/%2e%2e/a',
    'https://api.example.com/a\\b',
    'https://api.example.com/a b',
    'https://api.example.com/a%zz',
    'https://api.example.com/ü',
    'https://api.example.com/a?x=ü',
    'https://api.example.com/a?x= y',
    'https://api.example.com/a?x=\r\nHost: b',
    `https://${'a.'.repeat(130)}example/`,
    `https://${'a'.repeat(64)}.example/`,
    '',
    'https://',
  ])('%j is refused, not repaired', (url) => {
    expect(() => read({ url })).toThrow(refusal)
  })

  test('a practice vault reaches the stand-ins of its providers and nothing else', () => {
    const practice = new Map([['api.stripe.com', 'http://127.0.0.1:4242']])
    const target = { scheme: 'http', host: '127.0.0.1', port: 4242 }
    const there = { target, host: 'api.stripe.com', path: '/v1/balance', query: '?a=1' }
    expect(destinationOf('https://api.stripe.com/v1/balance?a=1', practice)).toEqual(there)
    expect(destinationOf('http://127.0.0.1:4242/v1/balance?a=1', practice)).toEqual(there)
    for (const url of ['https://api.example.com/', 'https://api.stripe.com:8443/', 'https://x.api.stripe.com/']) {
      expect(() => destinationOf(url, practice)).toThrow(expect.objectContaining({ code: 'wrong_world' }))
    }
    for (const url of [
      'http://127.0.0.1:42420/',
      'http://127.0.0.1:4242@127.0.0.1/',
      'http://127.0.0.1:4242.example.com/',
      'http://127.0.0.1:4242/a/../b',
      'http://127.0.0.1/',
      'http://localhost:4242/',
    ]) {
      expect(() => destinationOf(url, practice)).toThrow(refusal)
    }
    expect(() => destinationOf('http://127.0.0.1:4242/', null)).toThrow(refusal)
  })
})

describe('placeholders', () => {
  test('split a text; other braces stay', () => {
    expect(piecesOf('Bearer {{secret}}', 'x')).toEqual([{ text: 'Bearer ' }, { field: null }])
    expect(piecesOf('{{secret.user name}}:{{ secret.pass }}!', 'x')).toEqual([
      { field: 'user name' },
      { text: ':' },
      { field: 'pass' },
      { text: '!' },
    ])
    expect(piecesOf('{{name}} {{secretary}} {secret} {{', 'x')).toEqual([{ text: '{{name}} {{secretary}} {secret} {{' }])
    expect(piecesOf('', 'x')).toEqual([])
  })

  test.each(['{{secret', '{{secret.', '{{secret.a', '{{secret}', '{{secret.a}'])('%s is not closed', (text) => {
    if (text === '{{secret') expect(piecesOf(text, 'x')).toEqual([{ text }])
    else expect(() => piecesOf(text, 'the body')).toThrow(refusal)
  })

  test('one at least has to be there', () => {
    expect(() => read({ headers: { authorization: 'Bearer x' } })).toThrow(refusal)
    expect(read({ headers: {}, url: 'https://api.example.com/?key={{secret}}' }).query).toHaveLength(2)
    expect(read({ headers: {}, body: '{"key":"{{secret}}"}' }).body).toHaveLength(3)
  })
})

describe('headers and bodies', () => {
  test.each([
    'Host',
    'host',
    'Connection',
    'Content-Length',
    'Transfer-Encoding',
    'Expect',
    'Upgrade',
    'TE',
    'Proxy-Authorization',
    'Accept-Encoding',
  ])('the header %s is the app’s own', (name) => {
    expect(() => read({ headers: { ...headers, [name]: 'x' } })).toThrow(refusal)
  })
  test.each(['a\r\nX: b', 'a\nb', 'a\0b', 'ü'])('a header cannot hold %j', (value) => {
    expect(() => read({ headers: { ...headers, 'x-a': value } })).toThrow(refusal)
  })
  test('a GET has no body', () => {
    expect(() => read({ method: 'GET', body: 'x' })).toThrow(refusal)
    expect(() => read({ method: 'HEAD', body: 'x' })).toThrow(refusal)
  })
})
