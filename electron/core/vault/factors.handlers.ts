import { randomBytes } from 'node:crypto'
import type { Output, Parsed } from '../../../shared/contract/index'
import type { Factor } from '../../../shared/contract/vault'
import { AppError } from '../../../shared/errors'
import type { Database, ReadDb } from '../db'
import type { CallContext, Handlers, TaskContext } from '../dispatch/handler'
import type { KeyStore } from '../ports/keyStore'
import { type CodesDeps, confirmedGenerator, confirmGenerator, makeCodeGenerator, takeCode } from './codeGenerator'
import type { WrapInfo } from './factors'
import type { KeyChanges } from './keyChanges'
import { formatKitCode, newKit } from './kitCode'
import { keychainEntry, passkeyProof } from './proofInput'
import type { StepUpState } from './stepUp'
import {
  codeGenerators,
  deleteCodeGenerator,
  factorUses,
  noteFactorUse,
  readSettings,
  type VaultSettings,
  writeSettings,
} from './vault.repository'
import type { Session } from './vault.session'

export interface FactorHandlerDeps extends CodesDeps {
  readonly session: Session
  readonly stepUp: StepUpState
  readonly keyStore: KeyStore
  readonly keyChanges: KeyChanges
  /** Why no passkey can be asked for here, a sentence; null when one can. */
  readonly passkeyProblem: string | null
  /** Called with the settings as they stand after a change of them. */
  readonly onSettings: (settings: VaultSettings) => void
}

type Names =
  | 'vault.security'
  | 'vault.stepUp'
  | 'vault.configure'
  | 'vault.rotateKeys'
  | 'vault.createRecoveryKit'
  | 'vault.testRecoveryKit'
  | 'vault.revokeRecoveryKit'
  | 'vault.addFactor'
  | 'vault.confirmFactor'
  | 'vault.removeFactor'

const keyLength = 32
const labels = { kit: 'Recovery kit', keychain: 'This machine’s keychain', passkey: 'Passkey', totp: 'Code generator' } as const

function asFactor(wrap: WrapInfo, uses: ReadonlyMap<string, number>): Factor {
  return { ...wrap, lastUsedAt: uses.get(wrap.id) ?? null }
}

/** Wraps of the header and code generators of the database, in one list. */
function factorsOf(r: ReadDb, wraps: readonly WrapInfo[]): Factor[] {
  const uses = factorUses(r)
  const generators = codeGenerators(r).map(({ id, label, createdAt, confirmedAt }) => ({
    id,
    kind: 'totp' as const,
    label,
    createdAt,
    lastUsedAt: uses.get(id) ?? null,
    confirmedAt,
  }))
  return [...wraps.map((wrap) => asFactor(wrap, uses)), ...generators]
}

/** What opens the vault, step-up, what goes on while locked, and changes of keys. */
export function factorHandlers(deps: FactorHandlerDeps): Handlers<Names> {
  const { session, stepUp, keyStore } = deps

  const security = async (r: ReadDb, { actor }: CallContext): Promise<Output<'vault.security'>> => {
    const { wraps, keysChangedAt } = session.factors()
    const keychain = await keyStore.available()
    return {
      factors: factorsOf(r, wraps),
      keychainProblem: keychain.ok ? null : keychain.problem,
      passkeyProblem: deps.passkeyProblem,
      stepUpUntil: stepUp.until(actor.name),
      ...readSettings(r),
      keysChangedAt,
      keysChanging: session.previousRecordsKey() !== null,
    }
  }

  const afterChange = (context: TaskContext) => {
    context.changed('vault')
    return security(context.database.read, context)
  }

  /** The new wrap opens nothing until its key is in the keychain; when that fails it is taken back. */
  const addKeychain = async (passphrase: string, made: { label: string; now: number }, door: string): Promise<WrapInfo> => {
    const keychain = await keyStore.available()
    if (!keychain.ok) throw new AppError('unavailable', `${keychain.problem} Nothing was changed.`)
    const keychainKey = randomBytes(keyLength)
    try {
      const wrap = await session.addFactor(passphrase, { keychainKey }, made, door)
      try {
        await keyStore.set(keychainEntry(session.coreKeys().vaultId), keychainKey)
      } catch (error) {
        await session.removeFactor(({ id }) => id === wrap.id)
        throw error
      }
      return wrap
    } finally {
      keychainKey.fill(0)
    }
  }

  const forgetKeychain = () => keyStore.delete(keychainEntry(session.coreKeys().vaultId))

  const addWrap = (
    context: TaskContext,
    { kind, passkey, passphrase, label }: Parsed<'vault.addFactor'>,
  ): Promise<WrapInfo> | null => {
    const made = { label: label ?? labels[kind], now: context.now }
    if (kind === 'passkey' && passkey !== undefined)
      return session.addFactor(passphrase, passkeyProof(passkey), made, context.door)
    if (kind === 'passkey' || passkey !== undefined)
      throw new AppError('invalid_input', 'Nothing was added: what the authenticator gave belongs to a passkey, and only to one.')
    return kind === 'keychain' ? addKeychain(passphrase, made, context.door) : null
  }

  const stepUpByPassphrase = async (context: TaskContext, passphrase: string): Promise<void> => {
    await session.verifyPassphrase(passphrase, context.door)
    const own = session.factors().wraps.filter(({ kind }) => kind === 'passphrase')
    for (const { id } of own) context.database.write((w) => noteFactorUse(w, id, context.now))
  }

  return {
    'vault.security': (context) => security(context.db, context),
    'vault.stepUp': {
      task: async (context, { passphrase, code }) => {
        stepUp.assertOwner(context.actor.name)
        if (passphrase !== undefined && code === undefined) await stepUpByPassphrase(context, passphrase)
        else if (code !== undefined && passphrase === undefined) stepUpByCode(context, deps, code)
        else throw new AppError('invalid_input', 'Nothing was done: give either the passphrase or a code.')
        context.note({ by: passphrase === undefined ? 'totp' : 'passphrase' })
        context.changed('vault')
        return { until: stepUp.proved() }
      },
    },
    'vault.configure': {
      facts: (db, input) => {
        const old = readSettings(db)
        const before = { whileLocked: old.whileLocked, idleMinutes: String(old.idleMinutes) }
        const after = {
          whileLocked: input.whileLocked ?? old.whileLocked,
          idleMinutes: String(input.idleMinutes ?? old.idleMinutes),
        }
        return {
          businessId: null,
          what: 'Change what goes on while locked',
          amount: null,
          payee: null,
          before,
          after,
          undo: 'yes',
        }
      },
      task: async (context, { whileLocked, idleMinutes }) => {
        const settings = context.database.write((w) => {
          const old = readSettings(w)
          writeSettings(w, { whileLocked: whileLocked ?? old.whileLocked, idleMinutes: idleMinutes ?? old.idleMinutes })
          return readSettings(w)
        })
        context.note({ ...settings })
        deps.onSettings(settings)
        return afterChange(context)
      },
    },
    'vault.rotateKeys': {
      task: async (context, { passphrase }) => {
        context.changed('vault', 'backups')
        const { records, unreadable, backupId } = await deps.keyChanges.change(passphrase, context.now, context.door)
        await forgetKeychain()
        context.note({ records, unreadable, backupId })
        return { records, keysChangedAt: session.factors().keysChangedAt, backupId }
      },
    },
    'vault.createRecoveryKit': {
      task: async (context, { passphrase }) => {
        const kit = newKit()
        const code = formatKitCode(kit)
        kit.fill(0)
        const made = { label: labels.kit, now: context.now }
        const wrap = await session.addFactor(passphrase, { kitCode: code }, made, context.door)
        context.note({ factorId: wrap.id })
        context.changed('vault')
        const { vaultId, publicKey } = session.coreKeys()
        return { factor: asFactor(wrap, new Map()), code, vaultId, publicKey: publicKey.toString('hex') }
      },
    },
    'vault.testRecoveryKit': {
      task: async (context, { code }) => {
        const wrap = await session.confirmKit(code, context.now, context.door)
        context.note({ ok: wrap !== null })
        context.changed('vault')
        return { ok: wrap !== null, factor: wrap === null ? null : asFactor(wrap, factorUses(context.database.read)) }
      },
    },
    'vault.revokeRecoveryKit': {
      task: async (context) => {
        const gone = await session.removeFactor(({ kind }) => kind === 'kit')
        if (gone === null) throw new AppError('not_found', 'There is no recovery kit. Nothing was changed.')
        context.note({ factorId: gone.id })
        return afterChange(context)
      },
    },
    'vault.addFactor': {
      task: async (context, input) => {
        const wrap = await addWrap(context, input)
        if (wrap !== null) {
          context.note({ factorId: wrap.id, kind: wrap.kind })
          context.changed('vault')
          return { factor: asFactor(wrap, new Map()), otpauthUri: null }
        }
        await session.verifyPassphrase(input.passphrase, context.door)
        const label = input.label ?? labels.totp
        const { id, uri } = context.database.write((w) => makeCodeGenerator(w, deps, label, context.now))
        context.note({ factorId: id, kind: 'totp' })
        context.changed('vault')
        const factor = { id, kind: 'totp' as const, label, createdAt: context.now, lastUsedAt: null, confirmedAt: null }
        return { factor, otpauthUri: uri }
      },
    },
    'vault.confirmFactor': {
      task: async (context, { factorId, code }) => {
        confirmGenerator(context.database, deps, { id: factorId, code, now: context.now })
        context.note({ factorId })
        return afterChange(context)
      },
    },
    'vault.removeFactor': {
      task: async (context, { factorId, passphrase }) => {
        await session.verifyPassphrase(passphrase, context.door)
        if (session.factors().wraps.some(({ id, kind }) => id === factorId && kind === 'passphrase'))
          throw new AppError('conflict', 'The passphrase always stays; it can only be changed. Nothing was removed.')
        const wrap = await session.removeFactor(({ id }) => id === factorId)
        if (wrap?.kind === 'keychain') await forgetKeychain()
        if (wrap === null && !context.database.write((w) => deleteCodeGenerator(w, factorId)))
          throw new AppError('not_found', 'There is nothing of this id that opens the vault. Nothing was removed.')
        context.note({ factorId })
        return afterChange(context)
      },
    },
  }
}

function stepUpByCode(context: CallContext & { readonly database: Database }, deps: CodesDeps, code: string): void {
  const generator = confirmedGenerator(context.database.read)
  if (generator === undefined)
    throw new AppError('conflict', 'No code generator is set up, so a code proves nothing. Give the passphrase instead.')
  takeCode(context.database, deps, { id: generator.id, code, now: context.now })
}
