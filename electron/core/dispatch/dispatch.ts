import type { Topic } from '../../../shared/contract/events'
import {
  type CommandName,
  contract,
  type Input,
  isProcedureName,
  type Parsed,
  type ProcedureName,
  procedureOf,
  type Reply,
} from '../../../shared/contract/index'
import type { Command, Outcome, Query } from '../../../shared/contract/procedure'
import { AppError } from '../../../shared/errors'
import { spendPermit } from '../approvals/index'
import { appendAudit } from '../audit/index'
import type { WriteDb } from '../db/connection'
import { type Actor, mayCall } from './actor'
import type { AnyCommandHandler, AnyQueryHandler, Caller, CommandCall, DispatchDeps } from './call'
import { auditCommand, type Gated, gate, recordStated } from './gate'
import type { AuditDetail, CommandContext, TaskContext } from './handler'
import { bodyDigestOf } from './parking'
import { parseInput } from './parseInput'
import { keepOutcome, otherBody } from './requests.repository'
import { Turnstile } from './turnstile'

const whileLocked: ReadonlySet<ProcedureName> = new Set(['vault.status', 'vault.unlock', 'safety.pause', 'safety.status'])

/** The one path of every action: parse, authorise, policy, handler, audit. */
export class Dispatcher {
  readonly #deps: DispatchDeps
  readonly #inFlight = new Map<string, { readonly digest: Buffer; readonly promise: Promise<Outcome<unknown>> }>()
  readonly #abort = new AbortController()
  readonly #turnstile = new Turnstile()

  constructor(deps: DispatchDeps) {
    this.#deps = deps
  }

  /** Aborts long commands; called when the app closes. */
  stop(): void {
    this.#abort.abort(
      new AppError('unavailable', 'The app is closing. Nothing of this was kept; run it again after the next start.'),
    )
  }

  /**
   * Carries out a procedure for a caller.
   * @throws AppError with a code of the closed list; anything else is a defect and reaches doors as `internal`
   */
  async call<N extends ProcedureName>(name: N, input: Input<N>, caller: Caller): Promise<Reply<N>> {
    return (await this.callByName(name, input, caller)) as Reply<N>
  }

  /** As `call`, for doors that receive a name and an unparsed input. Unknown names are `not_found`. */
  async callByName(name: string, rawInput: unknown, caller: Caller): Promise<unknown> {
    const isCommand = isProcedureName(name) && procedureOf(name).kind === 'command'
    if (!isCommand) return this.#carryOut(name, rawInput, caller)
    return this.#turnstile.pass(name, () => this.#carryOut(name, rawInput, caller))
  }

  /**
   * Runs `work` once no command is under way; those that come meanwhile wait for it to end, queries are answered.
   * @param own the command whose part it is
   * @param signal ends the waiting, not the work; its reason is thrown then
   */
  alone<T>(own: CommandName, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#turnstile.alone(own, work, signal)
  }

  async #carryOut(name: string, rawInput: unknown, caller: Caller): Promise<unknown> {
    const procedure = this.#find(name, caller)
    const input = parseInput(procedure, rawInput)
    const now = this.#deps.clock.now()
    if (!mayCall(caller.actor, name, procedure.scope)) {
      if (procedure.kind === 'command') this.#auditRefusal(name, caller, 'forbidden', now)
      throw beyondScopes(caller.actor, procedure)
    }
    if (procedure.kind === 'query') return this.#query(name as ProcedureName, procedure, input, caller, now)
    return this.#command(name as CommandName, procedure, input, caller, now)
  }

  /**
   * Parses and authorises a query that a door answers as a stream.
   * @returns its parsed input
   */
  authorise<N extends ProcedureName>(name: N, rawInput: unknown, caller: Caller): Parsed<N> {
    const procedure = this.#find(name, caller)
    const input = parseInput(procedure, rawInput)
    if (!mayCall(caller.actor, name, procedure.scope)) throw beyondScopes(caller.actor, procedure)
    return input as Parsed<N>
  }

  #find(name: string, caller: Caller): Query | Command {
    const missing = () => new AppError('not_found', 'There is no such procedure. GET /api/v1/openapi.json lists them all.')
    if (!isProcedureName(name)) throw missing()
    const procedure = procedureOf(name)
    if (procedure.doors === 'window' && caller.door === 'api') throw missing()
    if (procedure.doors === 'practice' && !this.#deps.practice) throw missing()
    if (this.#deps.sealer() === null && !whileLocked.has(name) && caller.door !== 'schedule') {
      throw new AppError(
        'locked',
        'The vault is locked. Unlock it with vault/unlock, then try again. Schedules and webhooks go on meanwhile.',
      )
    }
    return procedure
  }

  async #query(name: ProcedureName, procedure: Query, input: unknown, caller: Caller, now: number): Promise<unknown> {
    const handler = this.#deps.handlers.get(name) as AnyQueryHandler
    return procedure.output.parse(await handler({ ...caller, now, db: this.#deps.database.read }, input))
  }

  async #command(
    name: CommandName,
    procedure: Command,
    input: Record<string, unknown>,
    caller: Caller,
    now: number,
  ): Promise<Outcome<unknown>> {
    const handler = this.#deps.handlers.get(name) as AnyCommandHandler
    const { requestId, ...body } = input
    const request = typeof requestId === 'string' ? { actor: caller.actor.name, procedure: name, requestId } : null
    const digest = bodyDigestOf(this.#deps.digestKey, body)
    const inputDigest = (
      procedure.secretInput.length === 0 ? digest : bodyDigestOf(this.#deps.digestKey, without(body, procedure.secretInput))
    ).toString('hex')
    const call: CommandCall = {
      name,
      procedure,
      input,
      caller,
      now,
      handler,
      request,
      digest,
      inputDigest,
      stated: null,
      permit: null,
    }
    if (handler.task === undefined) return this.#runNow(call)
    if (request === null) return this.#runTask(call)

    const key = `${request.actor}\n${name}\n${request.requestId}`
    const running = this.#inFlight.get(key)
    if (running !== undefined) {
      if (!running.digest.equals(digest)) throw otherBody()
      return running.promise
    }
    const promise = this.#runTask(call)
    this.#inFlight.set(key, { digest, promise })
    try {
      return await promise
    } finally {
      this.#inFlight.delete(key)
    }
  }

  #runNow(call: CommandCall): Outcome<unknown> {
    const touched = new Set<Topic>(['audit'])
    const result = this.#deps.database.write((w) => {
      const gated = gate(w, call, this.#deps)
      if (gated.kind === 'go')
        return this.execute(w, { ...call, stated: gated.stated, permit: gated.permit }, touched, gated.details)
      touched.add('approvals')
      return this.#answer(w, call, gated)
    })
    this.#deps.publish(touched)
    if (result instanceof AppError) throw result
    return result
  }

  #answer(w: WriteDb, call: CommandCall, gated: Exclude<Gated, { kind: 'go' }>): Outcome<unknown> | AppError {
    if (gated.kind === 'refuse') return gated.error
    return gated.kind === 'answer' ? gated.outcome : restoreOutcome(w, call.handler, gated.outcome)
  }

  /** Runs a synchronous handler inside the given transaction, with its audit row and stored outcome. */
  execute(w: WriteDb, call: CommandCall, touched: Set<Topic>, extra: { readonly [key: string]: AuditDetail }): Outcome<unknown> {
    const recorder = recorderOf(touched)
    const run = call.handler.run as NonNullable<AnyCommandHandler['run']>
    const context: CommandContext = { ...call.caller, now: call.now, db: w, note: recorder.note, changed: recorder.changed }
    const outcome: Outcome<unknown> = { status: 'done', value: call.procedure.output.parse(run(context, call.input)) }
    this.#settle(w, call, outcome, { ...recorder.details, ...extra })
    return outcome
  }

  async #runTask(call: CommandCall): Promise<Outcome<unknown>> {
    const touched = new Set<Topic>(['audit'])
    const gated = this.#deps.database.write((w) => {
      const answer = gate(w, call, this.#deps)
      return answer.kind === 'go' ? answer : this.#answer(w, call, answer)
    })
    if ('kind' in gated) return this.executeTask({ ...call, stated: gated.stated, permit: gated.permit }, touched, gated.details)
    this.#deps.publish(new Set<Topic>(['audit', 'approvals']))
    if (gated instanceof AppError) throw gated
    return gated
  }

  /**
   * Runs a long handler. Its audit row and stored outcome commit with what it did where the handler says so (`settle`), else in a
   * transaction of their own afterwards, also when it fails.
   */
  async executeTask(
    call: CommandCall,
    touched: Set<Topic>,
    extra: { readonly [key: string]: AuditDetail },
  ): Promise<Outcome<unknown>> {
    const recorder = recorderOf(touched)
    const task = call.handler.task as NonNullable<AnyCommandHandler['task']>
    let settled = false
    let permit = call.permit
    const settle = (w: WriteDb, output: unknown) => {
      const outcome = { status: 'done', value: call.procedure.output.parse(output) } as const
      this.#settle(w, { ...call, permit }, outcome, { ...recorder.details, ...extra })
      settled = true
    }
    const spend = (w: WriteDb) => {
      if (permit !== null) spendPermit(w, permit, call.now)
      permit = null
    }
    const context: TaskContext = {
      ...call.caller,
      body: call.caller.body ?? null,
      now: call.now,
      database: this.#deps.database,
      signal: this.#abort.signal,
      note: recorder.note,
      changed: recorder.changed,
      settle,
      spendPermit: spend,
    }
    try {
      const value = call.procedure.output.parse(await task(context, call.input))
      if (!settled) this.#deps.database.write((w) => settle(w, value))
      return { status: 'done', value }
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal'
      this.#deps.database.write((w) =>
        auditCommand(w, call, `failed:${code}`, businessOf(call.input), { ...recorder.details, ...extra }),
      )
      throw error
    } finally {
      this.#deps.publish(touched)
    }
  }

  #settle(w: WriteDb, call: CommandCall, outcome: Outcome<unknown>, details: { readonly [key: string]: AuditDetail }): void {
    if (call.request !== null) {
      keepOutcome(
        w,
        call.request,
        call.digest,
        call.procedure.secretOutput ? null : storedOutcome(call.handler, outcome),
        call.now,
      )
    }
    if (call.permit !== null) spendPermit(w, call.permit, call.now)
    const seq = auditCommand(w, call, 'done', businessOf(call.input), { inputDigest: call.inputDigest, ...details })
    if (call.stated === null) return
    const approvalId = typeof details.approvalId === 'string' ? details.approvalId : null
    recordStated(w, call, call.stated, { auditSeq: seq, outcome: 'done', approvalId })
  }

  #auditRefusal(name: string, caller: Caller, outcome: string, now: number): void {
    this.#deps.database.write((w) =>
      appendAudit(w, {
        at: now,
        actor: caller.actor.name,
        door: caller.door,
        procedure: name,
        businessId: null,
        outcome,
        details: {},
      }),
    )
  }
}

function beyondScopes(actor: Actor, { scope }: Query | Command): AppError {
  const why = actor.scopes.has(scope)
    ? 'the grant of this helper does not reach this.'
    : `this needs the scope ${scope}, which this caller does not have.`
  return new AppError('forbidden', `Nothing was done: ${why}`)
}

function businessOf(input: Record<string, unknown>): string | null {
  return typeof input.businessId === 'string' ? input.businessId : null
}

function without(body: Record<string, unknown>, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([field]) => !fields.includes(field)))
}

function recorderOf(touched: Set<Topic>) {
  const details: Record<string, AuditDetail> = {}
  return {
    details,
    note: (more: { readonly [key: string]: AuditDetail }) => void Object.assign(details, more),
    changed: (...topics: readonly Topic[]) => {
      for (const topic of topics) touched.add(topic)
    },
  }
}

function storedOutcome(handler: AnyCommandHandler, outcome: Outcome<unknown>): string {
  if (outcome.status === 'done' && handler.recall)
    return JSON.stringify({ status: 'done', kept: handler.recall.keep(outcome.value) })
  return JSON.stringify(outcome)
}

function restoreOutcome(w: WriteDb, handler: AnyCommandHandler, stored: string): Outcome<unknown> {
  const outcome = JSON.parse(stored) as Outcome<unknown> & { readonly kept?: unknown }
  if (outcome.status === 'done' && handler.recall) return { status: 'done', value: handler.recall.restore(w, outcome.kept) }
  return outcome
}

/** Whether the handler of a command states facts of its own. */
export function statesFacts(handlers: DispatchDeps['handlers'], name: string): boolean {
  const handler = isProcedureName(name) ? handlers.get(name) : undefined
  return typeof handler === 'object' && handler.facts !== undefined
}

/** Every procedure name, for doors that list them. */
export const procedureNames = Object.keys(contract) as readonly ProcedureName[]
