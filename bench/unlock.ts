import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { argon2id } from '../electron/core/vault/keyDerivation'
import { beside, type Figure, info, show } from './support/figure'
import { passphrase, startHeadless } from './support/headlessApp'
import { median } from './support/stats'

interface KdfOfHeader {
  readonly wraps: readonly [
    { readonly kdf: { readonly memoryKiB: number; readonly iterations: number; readonly parallelism: number } },
  ]
}

const times = 5

/** Unlocking through the API beside the key derivation alone, which is meant to be slow and is all that should be. */
export const unlockFigure: Figure = {
  name: 'unlock',
  title: 'Unlocking a vault',
  async run(bench) {
    const dataDir = join(bench.folder('unlock'), 'data')
    bench.say('making a vault, calibrated to this machine ...')
    const first = await startHeadless({ dataDir })
    await first.stop()
    const app = await startHeadless({ dataDir })
    try {
      const { kdf } = (JSON.parse(readFileSync(join(dataDir, 'vault.header'), 'utf8')) as KdfOfHeader).wraps[0]
      const unlocks: number[] = []
      const derivations: number[] = []
      for (let n = 0; n < times; n++) {
        await app.call('vault.lock', {})
        const start = performance.now()
        await app.call('vault.unlock', { passphrase })
        unlocks.push(performance.now() - start)
        const alone = performance.now()
        await argon2id(Buffer.from(passphrase), randomBytes(16), kdf, 32)
        derivations.push(performance.now() - alone)
      }
      const cost = `${show(kdf.memoryKiB / 1024)} MiB, ${kdf.iterations} passes, ${kdf.parallelism} lanes`
      return [
        beside('vault/unlock through the API', median(unlocks), median(derivations), 'ms', 'Argon2id alone', cost),
        info('start of a new vault to the ready line', show(first.startMs, 'ms'), 'calibrates the passphrase cost'),
        beside('start of an existing vault', app.startMs, median(derivations), 'ms', 'Argon2id alone'),
      ]
    } finally {
      await app.stop()
    }
  },
}
