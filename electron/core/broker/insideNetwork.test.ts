import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BrokerDesk, openBrokerDesk } from '../../../tests/support/brokerDesk'
import { publicAddress } from '../../../tests/support/tlsServer'
import { createOutboundHttps } from '../../adapters/https/index'

/** What must never be reached: it counts whoever connects. */
let canary: Server
let hits = 0
let desk: BrokerDesk
let secretId: string
/** What the resolver says, call by call; the last answer stays. */
let answers: (readonly string[])[] = []
let asked = 0

beforeAll(async () => {
  canary = createServer((socket) => {
    hits += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
  const { port } = canary.address() as AddressInfo
  desk = await openBrokerDesk((server) =>
    createOutboundHttps({
      ...server.options,
      lookup: async () => {
        const answer = answers[Math.min(asked, answers.length - 1)] ?? []
        asked += 1
        return answer
      },
      dial: (addresses) =>
        addresses.every((address) => address === publicAddress)
          ? server.options.dial(addresses, 443)
          : connect(port, '127.0.0.1'),
    }),
  )
  secretId = await desk.secret()
})
afterAll(async () => {
  await desk.close()
  canary.close()
})

async function callOnce(url: string, resolver: (readonly string[])[]) {
  answers = resolver
  asked = 0
  desk.server.requests.length = 0
  const ended = await desk.call({ secretId, url }).then(
    (value) => ({ value }),
    (error: unknown) => ({ error: error as { code: string; message: string } }),
  )
  expect(hits).toBe(0)
  return ended
}

/** 127.0.0.1, 10.0.0.1, 169.254.169.254 and their like in every spelling that some reader of addresses takes. */
const spelled = [
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '127.0.0.1.',
    '127.000.000.001',
  ],
  ...['10.0.0.1', '10.1', '167772161', '0xa000001', '192.168.0.1', '192.168.1', '3232235521', '172.16.0.1', '100.64.0.1'],
  ...['169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '169.254.43518', '0.0.0.0', '0', '255.255.255.255'],
  ...[
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:7f00:1]',
    '[fe80::1]',
    '[fc00::1]',
    '[64:ff9b::7f00:1]',
  ],
  ...[
    '[2002:7f00:1::]',
    '[::127.0.0.1]',
    '[fd00:ec2::254]',
    'localhost',
    'LOCALHOST',
    'localhost.',
    '①②⑦.0.0.1',
    '127。0。0。1',
    '１２７.0.0.1',
  ],
  ...[
    'user@127.0.0.1',
    'api.provider.test@127.0.0.1',
    '127.0.0.1:443',
    '127.0.0.1%2f.provider.test',
    '127.0.0.1\\.provider.test',
  ],
  ...[
    'api.provider.test\\@127.0.0.1',
    'api.provider.test#@127.0.0.1',
    '127.0.0.1\t',
    '\t127.0.0.1',
    '%31%32%37.0.0.1',
    'metadata',
  ],
]
const inside = [
  ...[
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.254',
    '192.168.0.1',
    '192.168.255.255',
  ],
  ...[
    '169.254.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '100.127.255.255',
    '0.0.0.0',
    '0.1.2.3',
    '192.0.0.1',
    '192.0.0.8',
  ],
  ...['192.0.2.1', '198.51.100.1', '203.0.113.1', '192.88.99.1', '198.18.0.1', '198.19.255.255', '224.0.0.1', '239.255.255.255'],
  ...[
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '::ffff:7f00:1',
  ],
  ...[
    '::ffff:0:127.0.0.1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '2002:7f00:1::1',
    '2002:c0a8:1::1',
  ],
  ...[
    '2001::1',
    '2001:0:4136:e378::1',
    '2001:db8::1',
    '3fff::1',
    'fc00::1',
    'fd00:ec2::254',
    'fdff::1',
    'fe80::1',
    'fe80::1%lo',
    'febf::1',
  ],
  ...[
    'fec0::1',
    'ff02::1',
    'ff05::2',
    '100::1',
    '5f00::1',
    '::ffff:93.184.216.34',
    'localhost',
    '127.1',
    '',
    '0x7f.0.0.1',
    '[::1]',
  ],
]
const rebinding = [
  '127.0.0.1',
  '10.0.0.1',
  '169.254.169.254',
  '192.168.1.1',
  '::1',
  '::ffff:127.0.0.1',
  'fd00::1',
  'fe80::1',
  '0.0.0.0',
  '100.64.0.1',
]
const redirects = [301, 302, 303, 307, 308].flatMap((status) =>
  ['https://127.0.0.1/', 'http://169.254.169.254/latest/meta-data/', 'https://localhost/'].map(
    (location) => [status, location] as const,
  ),
)
const url = 'https://api.provider.test/v1/me'
const refused = (code: string) => ({
  error: expect.objectContaining({ code, message: expect.stringMatching(/^Nothing was sent: /) }),
})

test('W9: the corpus has at least 150 cases', () => {
  expect(new Set(spelled).size + new Set(inside).size * 2 + rebinding.length + redirects.length).toBeGreaterThanOrEqual(150)
})

describe('W9: no call reaches the inside', () => {
  test.each(spelled)('by the address %j, whatever a resolver makes of it', async (host) => {
    expect(await callOnce(`https://${host}/v1/me`, [['127.0.0.1']])).toEqual(refused('invalid_input'))
    expect(asked).toBe(0)
  })

  test.each(inside)('by a name that leads to %j, alone or beside a public address', async (address) => {
    expect(await callOnce(url, [[address]])).toEqual(refused('forbidden'))
    expect(await callOnce(url, [[publicAddress, address]])).toEqual(refused('forbidden'))
    expect(await callOnce(url, [[address, publicAddress]])).toEqual(refused('forbidden'))
    expect(desk.server.requests).toEqual([])
  })

  test.each(rebinding)('by a name whose second answer is %j: the first is the only one', async (second) => {
    const ended = await callOnce(url, [[publicAddress], [second]])
    expect(ended).toMatchObject({ value: { status: 200 } })
    expect([asked, desk.server.requests.length]).toEqual([1, 1])
    expect(desk.server.requests[0]?.headers.host).toBe('api.provider.test')
    expect(await callOnce(url, [[second]])).toEqual(refused('forbidden'))
  })

  test.each(redirects)('by a redirect %i to %s', async (status, location) => {
    desk.answer = (_request, response) => response.writeHead(status, { location }).end()
    expect(await callOnce(url, [[publicAddress], ['127.0.0.1']])).toMatchObject({ value: { status, headers: { location } } })
    expect([asked, desk.server.requests.length]).toEqual([1, 1])
    desk.answer = (_request, response) => response.end('{}')
  })
})
