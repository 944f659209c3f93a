import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createOutboundHttps } from '../electron/adapters/https/index'
import { node24, root, tied } from './support/child'
import { atMost, beside, type Figure, holds, info, show } from './support/figure'
import { done } from './support/headlessApp'
import { type InProcessApp, openInProcess } from './support/inProcessApp'
import { spreadOf } from './support/stats'

const host = 'api.provider.test'
/** Any public address: what is dialled is the peer on loopback. */
const publicAddress = '93.184.216.34'
const folder = join(root, 'tests', 'support', 'tls')
const rounds = 300
const warmUp = 20
const longestOverhead = 5
const manySecrets = 1_000

async function startPeer(): Promise<{ port: number; stop(): void }> {
  const script = join(root, 'dist', 'bench', 'tlsPeer.js')
  const child = tied(spawn(node24, [script, JSON.stringify({ folder })], { stdio: ['ignore', 'pipe', 'inherit'] }))
  const { stdout } = child
  if (stdout === null) throw new Error('The peer has no output')
  const [text] = (await once(stdout, 'data')) as [Buffer]
  return { port: Number(text.toString().trim()), stop: () => void child.kill() }
}

/** The same call without the app: name, certificate and headers alike, over a connection of its own. */
function bareCall(port: number, ca: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...{ host: '127.0.0.1', port, servername: host, ca, agent: false, method: 'POST', path: '/v1/charges' },
        headers: { host, authorization: 'Bearer sk_test_bench', 'content-type': 'application/json' },
      },
      (response) => {
        let bytes = 0
        response.on('data', (piece: Buffer) => {
          bytes += piece.length
        })
        response.on('end', () => resolve(bytes))
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

/** Wall clock and processor time of a piece of work, in milliseconds. */
const timed = async (work: () => Promise<unknown>): Promise<readonly [wall: number, cpu: number]> => {
  const before = process.cpuUsage()
  const start = performance.now()
  await work()
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  return [wall, (user + system) / 1000]
}

async function newSecret(app: InProcessApp, n: number): Promise<string> {
  const fields = [{ name: 'key', type: 'hidden' as const, value: `sk_test_bench_${n}_0123456789` }]
  return done(await app.call('secrets.create', { kind: 'api_key', title: `Key ${n}`, fields })).id
}

/** A call through the broker beside the same call without it, in turns. */
export const brokerFigure: Figure = {
  name: 'broker',
  title: 'Calls through the broker',
  async run(bench) {
    const ca = readFileSync(join(folder, 'ca.crt'), 'utf8')
    const peer = await startPeer()
    const outbound = createOutboundHttps({
      lookup: async () => [publicAddress],
      dial: () => connect(peer.port, '127.0.0.1'),
      ca,
    })
    const app = await openInProcess(join(bench.folder('broker'), 'data'), 'live', { outbound })
    try {
      bench.say(`keeping ${manySecrets} secrets ...`)
      const secretId = await newSecret(app, 0)
      for (let n = 1; n < manySecrets; n++) await newSecret(app, n)
      const body = JSON.stringify({ amount: 100, note: 'x'.repeat(900) })
      const brokered = async () => {
        const headers = { authorization: 'Bearer {{secret}}', 'content-type': 'application/json' }
        const url = `https://${host}/v1/charges`
        return done(await app.call('broker.call', { secretId, method: 'POST', url, headers, body })).body.length
      }
      const bare = () => bareCall(peer.port, ca, body)
      const same = (await brokered()) === (await bare())
      for (let n = 0; n < warmUp; n++) await Promise.all([brokered(), bare()])
      const mine: (readonly [number, number])[] = []
      const theirs: (readonly [number, number])[] = []
      for (let n = 0; n < rounds; n++) {
        theirs.push(await timed(bare))
        mine.push(await timed(brokered))
      }
      const [own, peers] = [mine, theirs].map((each) => spreadOf(each.map(([wall]) => wall)))
      const [ownCpu, peersCpu] = [mine, theirs].map((each) => spreadOf(each.map(([, cpu]) => cpu)).p50)
      if (own === undefined || peers === undefined) throw new Error('Nothing was measured')
      return [
        holds('the same answer', `${same}`, same),
        atMost('overhead at the median', own.p50 - peers.p50, longestOverhead, 'ms', `p95 ${show(own.p95 - peers.p95)}`),
        beside('a call through the broker', own.p50, peers.p50, 'ms', 'bare https', `p95 ${show(own.p95)}`),
        beside('processor time of a call', ownCpu ?? Number.NaN, peersCpu ?? Number.NaN, 'ms', 'bare https'),
        info('secrets in the vault', show(manySecrets), `${rounds} calls each, in turns`),
      ]
    } finally {
      await app.close()
      peer.stop()
    }
  },
}
