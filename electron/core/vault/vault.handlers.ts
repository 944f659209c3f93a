import type { Output } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import type { Handlers } from '../dispatch/handler'
import type { KeyStore } from '../ports/keyStore'
import { proofOf, wipeProof } from './proofInput'
import type { World } from './vault'
import { noteFactorUse } from './vault.repository'
import type { Session } from './vault.session'

export interface VaultHandlerDeps {
  readonly session: Session
  readonly keyStore: KeyStore
  readonly world: World
  readonly version: string
  /** What locking does beyond dropping the records key: head signed, page destroyed. */
  readonly lock: () => void
}

export function vaultHandlers(
  deps: VaultHandlerDeps,
): Handlers<'vault.status' | 'vault.lock' | 'vault.unlock' | 'vault.changePassphrase'> {
  const { session } = deps
  const status = (): Output<'vault.status'> => ({
    state: session.state === 'unlocked' ? 'unlocked' : 'locked',
    world: deps.world,
    version: deps.version,
  })
  return {
    'vault.status': () => status(),
    'vault.lock': {
      task: async (context) => {
        deps.lock()
        context.changed('vault')
        return status()
      },
    },
    'vault.unlock': {
      task: async (context, input) => {
        if (input.keychain && context.door !== 'window') {
          throw new AppError('forbidden', 'Nothing was tried: the keychain opens the vault at this machine’s own screen alone.')
        }
        const proof = await proofOf(input, () => session.coreKeys().vaultId, deps.keyStore)
        try {
          await session.unlock(proof, context.door)
        } finally {
          wipeProof(proof)
        }
        context.database.write((w) => noteFactorUse(w, session.openedWith(), context.now))
        context.changed('vault')
        return status()
      },
    },
    'vault.changePassphrase': {
      task: async (context, input) => {
        const { current, kitCode, next } = input
        if ((current === undefined) === (kitCode === undefined)) {
          throw new AppError(
            'invalid_input',
            'The passphrase was not changed: give the current one, or the code of the recovery kit where it is lost.',
          )
        }
        if (current === next)
          throw new AppError('invalid_input', 'The passphrase was not changed: the new one is the same as the old one.')
        await session.changePassphrase(current ?? { kitCode: kitCode ?? '' }, next, context.door)
        context.changed('vault')
        return status()
      },
    },
  }
}
