import { randomBytes } from 'node:crypto'
import type { CommandName, Input, ProcedureName, QueryName, Reply } from '../../../shared/contract/index'
import { type Scope, scopes } from '../../../shared/contract/procedure'
import { AppError } from '../../../shared/errors'
import { approvalHandlers } from '../approvals/index'
import { businessHandlers, getBusiness, rateHandlers } from '../businesses/index'
import { CustomerDirectory, customerHandlers } from '../customers/index'
import type { ReadDb } from '../db/index'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import { openChart, post, publicEntryId } from '../ledger/index'
import { payeeDetailsChanged, payeeDetailsDigest, payeeHandlers } from '../payees/index'
import { payingCommands, policyHandlers } from '../policies/index'
import { newId } from '../ports/ids'
import { descendsFrom, findToken, holdersOf, tokenHandlers } from '../tokens/index'
import { open, seal } from '../vault/index'
import type { Actor, ActorName } from './actor'
import type { AnyCommandHandler, AnyQueryHandler, DispatchDeps } from './call'
import { decisionsOf } from './decisions'
import { Dispatcher, statesFacts } from './dispatch'
import type { Handlers } from './handler'

export interface TestDispatch {
  readonly test: TestDatabase
  readonly dispatcher: Dispatcher
  readonly deps: DispatchDeps
  readonly owner: Actor
  /** UTC epoch milliseconds; tests move it. */
  now: number
  locked: boolean
  /** Until when the owner has proved to be themselves. */
  provedUntil: number
  /** Topics of every publication so far. */
  readonly published: string[][]
  /** What was logged as a defect. */
  readonly defects: object[]
  call<N extends ProcedureName>(name: N, input: Input<N>, actor?: Actor): Promise<Reply<N>>
  /** The holder of a new token. @param by who makes it */
  token(scopes: readonly Scope[], by?: Actor): Promise<Actor & { readonly text: string; readonly id: string }>
  business(currency?: string): Promise<string>
  /** Puts a handler of the test's own in place of the app's. */
  handle<N extends QueryName | CommandName>(name: N, handler: Handlers<N>[N]): void
  /** Closes and opens the database and starts with a new dispatcher, as a restart does. */
  restart(): void
  cleanup(): void
}

const owner: Actor = { name: 'owner', scopes: new Set(scopes) }

/** Dispatch with real handlers over a real encrypted database; the clock is the test's. For tests only. */
export function openTestDispatch(): TestDispatch {
  const test = openTestDatabase()
  const keys = { records: randomBytes(32), tokens: randomBytes(32), digests: randomBytes(32) }
  const handlers = new Map<ProcedureName, AnyCommandHandler | AnyQueryHandler>()
  const published: string[][] = []
  const defects: object[] = []

  const start = () => {
    const { db } = test
    const deps: DispatchDeps = {
      database: db,
      handlers,
      sealer: () =>
        face.locked
          ? null
          : {
              seal: (plaintext, place) => seal(keys.records, plaintext, { vault: 'vault', ...place }),
              open: (sealed, place) => open(keys.records, sealed, { vault: 'vault', ...place }),
            },
      digestKey: keys.digests,
      clock: { now: () => face.now },
      actors: {
        resolve: (name) => resolveActor(name),
        isOwnRequest: (asker, decider) => asker === decider || descendsFrom(db.read, asker.slice(6), decider.slice(6)),
        approvers: () => holdersOf(db.read, 'approvals:decide', face.now).map((id): ActorName => `token:${id}`),
      },
      stepUp: {
        until: (actor) => (actor === 'owner' && face.provedUntil > face.now ? face.provedUntil : null),
        require(actor) {
          if (this.until(actor) === null) throw new AppError('step_up_required', 'Nothing was done: prove that it is you.')
        },
      },
      publish: (topics) => void published.push([...topics].sort()),
      logger: { debug() {}, info() {}, warn() {}, error: (details) => void defects.push(details) },
      practice: false,
    }
    return { deps, dispatcher: new Dispatcher(deps) }
  }

  const resolveActor = (name: ActorName): Actor | null => {
    if (name === 'owner') return owner
    const token = findToken(test.db.read, name.slice('token:'.length))
    if (token === undefined || token.revokedAt !== null || token.expiresAt <= face.now) return null
    return { name, scopes: new Set(token.scopes) }
  }

  const face: TestDispatch = {
    test,
    owner,
    now: Date.UTC(2026, 0, 15, 12),
    locked: false,
    provedUntil: 0,
    published,
    defects,
    ...start(),
    call: (name, input, actor = owner) => face.dispatcher.call(name, input, { actor, door: 'api' }),
    async token(wanted, by = owner) {
      const made = await face.call('tokens.create', { name: 'A script', scopes: [...wanted], expiresInHours: 24 }, by)
      if (made.status !== 'done') throw new Error('It waits')
      const { id, token: text } = made.value
      return { name: `token:${id}`, scopes: new Set(wanted), text, id }
    },
    async business(currency = 'USD') {
      const input = { name: 'Mill Street Studio', currency, country: 'US', timeZone: 'America/New_York' }
      const made = await face.call('businesses.create', input)
      if (made.status !== 'done') throw new Error('It waits')
      return made.value.id
    },
    handle: (name, handler) => void handlers.set(name, handler as AnyCommandHandler | AnyQueryHandler),
    restart() {
      test.reopen()
      Object.assign(face, start())
    },
    cleanup: () => test.cleanup(),
  }

  const assertBusiness = (db: ReadDb, id: string) => void getBusiness(db, id)
  const all: Record<string, unknown> = {
    ...businessHandlers({ openChart, world: 'live', hasNumbers: () => false, sharingAccount: () => [] }),
    ...rateHandlers(),
    ...customerHandlers({
      directory: new CustomerDirectory(),
      onContactChanged: (w, { businessId, customerId, email, address, by, now }) => {
        const detailsDigest = payeeDetailsDigest(keys.digests, { email, address: JSON.stringify(address) })
        payeeDetailsChanged(w, { businessId, kind: 'customer', subjectId: customerId, detailsDigest, by: [by], now })
      },
    }),
    ...tokenHandlers(keys.tokens),
    ...approvalHandlers({ ...decisionsOf(() => face), assertBusiness }),
    ...policyHandlers({ assertBusiness, statesFacts: (name) => statesFacts(handlers, name) }),
    ...payeeHandlers({ assertBusiness, paying: payingCommands, now: () => face.now, isOneHand: (a, b) => a === b }),
    'ledger.post': {
      run: ({ db, now, note }, { businessId, occurredOn, description, postings }) => {
        const source = { kind: 'manual', id: newId('man', now) } as const
        const entryId = publicEntryId(post(db, { businessId, occurredOn, description, source, postings, now }))
        note({ businessId, entryId })
        return { entryId }
      },
    } satisfies Handlers<'ledger.post'>['ledger.post'],
  }
  for (const [name, handler] of Object.entries(all)) {
    handlers.set(name as ProcedureName, handler as AnyCommandHandler | AnyQueryHandler)
  }
  return face
}
