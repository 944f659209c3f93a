import { randomBytes } from 'node:crypto'
import { createOutboundHttps } from '../../electron/adapters/https/index'
import { Broker, brokerHandlers, type PracticeOrigins } from '../../electron/core/broker/index'
import { type Actor, type Caller, procedureNames } from '../../electron/core/dispatch/index'
import { openTestDispatch, type TestDispatch } from '../../electron/core/dispatch/testing'
import { GrantAccess, grantHandlers, sweepGrants } from '../../electron/core/grants/index'
import type { OutboundHttp } from '../../electron/core/ports/outboundHttp'
import { PauseSwitch, safetyHandlers } from '../../electron/core/safety/index'
import { CopyTickets, Items, revealHandlers, rotationHandlers, secretHandlers } from '../../electron/core/secrets/index'
import { createRecordCipher } from '../../electron/core/vault/index'
import type { Grant } from '../../shared/contract/grants'
import type { Input, Output, ProcedureName } from '../../shared/contract/index'
import { AppError } from '../../shared/errors'
import { startTlsServer, type TlsServer } from './tlsServer'

/** The value of every key made here: of the alphabet of real ones, and found nowhere else. */
export const canary = 'sk_test_51CanaryQ+/8uXv3n7=='
export const password = 'pä"ss\\word & more+1%'

export interface BrokerDesk {
  readonly t: TestDispatch
  readonly server: TlsServer
  readonly access: GrantAccess
  readonly broker: Broker
  readonly items: Items
  readonly zone: { machine: string }
  /** What the far side does. */
  answer: Parameters<typeof startTlsServer>[0]
  practice: PracticeOrigins | null
  /** Carries out a command. */
  run<N extends ProcedureName>(name: N, input: Input<N>, actor?: Actor): Promise<Output<N>>
  /** A key in the vault: a login with a user name, a hidden password and the canary as its first hidden field. */
  secret(businessId?: string): Promise<string>
  /** A grant with its token; by default of calls with one secret to `api.provider.test`. */
  grant(
    secretIds: string | readonly string[],
    more?: Partial<Input<'grants.create'>>,
    by?: Actor,
  ): Promise<Grant & { token: string }>
  /** The actor of a grant's token at this moment. @throws Error when it opens nothing */
  helper(token: string): Actor
  /** A call with the canary in a header. */
  call(more?: Partial<Input<'broker.call'>>, actor?: Actor): Promise<Output<'broker.call'>>
  sweep(): number
  close(): Promise<void>
}

/** Grants, secrets, pause and broker over a real encrypted database and a real https server on loopback; the clock is the test's. */
export async function openBrokerDesk(outbound?: (server: TlsServer) => OutboundHttp): Promise<BrokerDesk> {
  const t = openTestDispatch()
  const server = await startTlsServer((request, response) => desk.answer(request, response))
  const database = t.test.db
  const { stepUp } = t.deps
  const tokenKey = () => tokens
  const tokens = randomBytes(32)
  const records = randomBytes(32)
  const clock = { now: () => t.now }
  const zone = { machine: 'UTC' }
  const access = new GrantAccess({ tokenKey, clock, machineTimeZone: () => zone.machine })
  const openRecords = () => {
    if (t.locked) throw new AppError('locked', 'The vault is locked.')
    return records
  }
  const items = new Items(createRecordCipher('vault', { recordsKey: openRecords, previousRecordsKey: () => null }))
  items.registerDependants(access.dependants((r, id) => items.ids(r).includes(id)))
  const pause = new PauseSwitch(database)
  const broker = new Broker({
    database,
    outbound: outbound?.(server) ?? createOutboundHttps(server.options),
    secrets: items,
    stepUp,
    access,
    pause,
    clock,
    practice: () => desk.practice,
    isInForce: (name) => t.deps.actors.resolve(name) !== null,
  })
  const reveals = {
    items,
    stepUp,
    mayReveal: (r: Parameters<GrantAccess['mayReveal']>[0], actor: Actor, id: string) => access.mayReveal(r, actor, id, t.now),
    countUse: access.countUse.bind(access),
  }
  const handlers = {
    ...grantHandlers({ access, secrets: items, stepUp, tokenKey }),
    ...brokerHandlers(broker),
    ...secretHandlers({ items, stepUp, visibleSecrets: (r, actor) => access.visibleSecrets(r, actor) }),
    ...revealHandlers({ ...reveals, tickets: new CopyTickets(items) }),
    ...rotationHandlers({ items, testers: new Map() }),
    ...safetyHandlers({ upcoming: () => [] }),
  }
  for (const name of procedureNames) if (name in handlers) t.handle(name, handlers[name as keyof typeof handlers] as never)

  const desk: BrokerDesk = {
    ...{ t, server, access, broker, items, zone },
    answer: (_request, response) => response.end('{"ok":true}'),
    practice: null,
    async run(name, input, actor = t.owner) {
      const caller: Caller = { actor, door: 'api' }
      const outcome = (await t.dispatcher.callByName(name, input, caller)) as { status: string; value?: unknown }
      if (outcome.status !== 'done') throw new Error(`${name} ended as ${outcome.status}`)
      return outcome.value as never
    },
    async secret(businessId) {
      const fields = [
        { name: 'user', type: 'text', value: 'ada@provider.test' },
        { name: 'key', type: 'hidden', value: canary },
        { name: 'password', type: 'hidden', value: password },
      ] as const
      const input: Input<'secrets.create'> = { kind: 'login', title: 'Provider', fields: [...fields] }
      return (await desk.run('secrets.create', { ...input, ...(businessId === undefined ? {} : { businessId }) })).id
    },
    grant: (secretIds, more = {}, by = t.owner) => {
      const ids = typeof secretIds === 'string' ? [secretIds] : [...secretIds]
      const input = { holder: 'Grace', secretIds: ids, actions: ['use' as const], hosts: ['api.provider.test'] }
      return desk.run('grants.create', { ...input, ...more }, by)
    },
    helper(token) {
      const actor = access.actorOfToken(database.read, token)
      if (actor === null) throw new Error('This token opens nothing')
      return actor
    },
    call: (more = {}, actor = t.owner) =>
      desk.run(
        'broker.call',
        { method: 'GET', url: 'https://api.provider.test/v1/me', headers: { authorization: 'Bearer {{secret}}' }, ...more },
        actor,
      ),
    sweep: () => database.write((w) => sweepGrants(w, access, t.now)),
    async close() {
      broker.stop()
      await server.close()
      t.cleanup()
    },
  }
  return desk
}
