import { randomBytes } from 'node:crypto'
import type { CommandName, Input, Output, ProcedureName } from '../../../shared/contract/index'
import type { FieldType, Secret, SecretKind } from '../../../shared/contract/secrets'
import { AppError } from '../../../shared/errors'
import type { Actor } from '../dispatch/actor'
import type { Handlers } from '../dispatch/handler'
import { openTestDispatch, type TestDispatch } from '../dispatch/testing'
import type { CredentialTester } from '../ports/credentialTester'
import type { FileDialogs } from '../ports/fileDialogs'
import { createRecordCipher } from '../vault/index'
import { attachmentHandlers } from './attachment.handlers'
import { CopyTickets } from './copyTickets'
import { Items } from './items'
import { revealHandlers } from './reveal.handlers'
import type { RevealDeps } from './reveals'
import { rotationHandlers } from './rotation.handlers'
import { secretHandlers } from './secrets.handlers'

/** A vault behind real dispatch over a real encrypted database. For tests only. */
export interface TestVault extends TestDispatch {
  readonly items: Items
  readonly tickets: CopyTickets
  readonly testers: Map<SecretKind, CredentialTester>
  readonly recordsKey: Buffer
  /** Ids that helpers may see. */
  readonly seenByHelpers: Set<string>
  /** What the native dialogs of this machine answer. */
  dialogs: FileDialogs
  /** Carries out a command. @returns what it did */
  run<N extends CommandName>(name: N, input: Input<N>, actor?: Actor): Promise<Output<N>>
  /** As `run`, through the window. */
  inWindow<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>>
  /** A new login, or an item of another kind. */
  keep(more?: Partial<Input<'secrets.create'>>): Promise<Secret>
}

/** A field of an input. */
export function field(name: string, value: string, type: FieldType = 'hidden') {
  return { name, type, value }
}

const noDialogs: FileDialogs = {
  openForReading: async () => null,
  save: async () => false,
  chooseFolder: async () => null,
}

export function openTestVault(): TestVault {
  const dispatch = openTestDispatch()
  const recordsKey = randomBytes(32)
  const unlockedKey = () => {
    if (dispatch.locked) throw new AppError('locked', 'The vault is locked.')
    return recordsKey
  }
  const items = new Items(createRecordCipher('vault', { recordsKey: unlockedKey, previousRecordsKey: () => null }))
  const tickets = new CopyTickets(items)
  const testers = new Map<SecretKind, CredentialTester>()
  const seenByHelpers = new Set<string>()
  const reveals: RevealDeps = {
    items,
    stepUp: dispatch.deps.stepUp,
    mayReveal: (_, actor, id) => !actor.name.startsWith('helper:') || seenByHelpers.has(id),
    countUse: () => undefined,
  }
  const vault: TestVault = Object.assign(dispatch, {
    items,
    tickets,
    testers,
    recordsKey,
    seenByHelpers,
    dialogs: noDialogs,
    run: async <N extends CommandName>(name: N, input: Input<N>, actor: Actor = dispatch.owner) => {
      const outcome = await dispatch.call(name, input, actor)
      return (outcome as { value: Output<N> }).value
    },
    inWindow: async <N extends CommandName>(name: N, input: Input<N>) => {
      const outcome = await dispatch.dispatcher.call(name, input, { actor: dispatch.owner, door: 'window' })
      return (outcome as { value: Output<N> }).value
    },
    keep: (more: Partial<Input<'secrets.create'>> = {}) =>
      vault.run('secrets.create', {
        kind: 'login',
        title: 'Registrar',
        fields: [field('User name', 'ada', 'text'), field('Password', 'correct horse')],
        ...more,
      }),
  })
  const handlers = {
    ...secretHandlers({ items, stepUp: dispatch.deps.stepUp, visibleSecrets: () => null }),
    ...revealHandlers({ ...reveals, tickets }),
    ...rotationHandlers({ items, testers }),
    ...attachmentHandlers({ ...reveals, dialogs: () => vault.dialogs }),
  }
  for (const name of Object.keys(handlers) as (keyof typeof handlers & ProcedureName)[]) {
    dispatch.handle(name, handlers[name] as Handlers<typeof name>[typeof name])
  }
  return vault
}
