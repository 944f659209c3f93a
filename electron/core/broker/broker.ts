import type { Output, Parsed } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { appendAudit } from '../audit/index'
import type { Database, WriteDb } from '../db'
import type { TaskContext } from '../dispatch/handler'
import { endedSentence, findGrant, helperName } from '../grants/index'
import type { Clock } from '../ports/clock'
import type { OutboundAnswer, OutboundHttp } from '../ports/outboundHttp'
import type { Pause } from '../ports/pause'
import { isHidden, type SecretItems, wipeFields } from '../secrets/index'
import { type Authority, type AuthorityDeps, authorityOf } from './authority'
import { CallsUnderWay } from './callsUnderWay'
import type { PracticeOrigins } from './destination'
import { type FilledRequest, fillRequest } from './fillRequest'
import { failureError, refusalError } from './outcomeErrors'
import { readCall, type WantedRequest } from './readCall'
import { Redactor, readBeyond } from './redaction'
import { shownAnswer } from './shownAnswer'
import { VaultValues } from './vaultValues'

/** Bytes of an answer that reach the caller. */
export const mostAnswerBytes = 512 * 1024
const usualTimeoutMs = 30_000

export interface BrokerDeps extends AuthorityDeps {
  readonly database: Database
  readonly outbound: OutboundHttp
  readonly secrets: Pick<SecretItems, 'summary' | 'readFields' | 'recordUse' | 'hiddenValues' | 'writtenSince'>
  readonly pause: Pause
  readonly clock: Clock
  /** The stand-ins of a practice world, the only places that it reaches; null in a live one. */
  readonly practice: () => PracticeOrigins | null
  /** Whether an actor may still call the broker at all: a token that was revoked may not. */
  readonly isInForce: (actor: Authority['actor']) => boolean
}

type Call = Parsed<'broker.call'>

interface Permitted {
  readonly filled: FilledRequest
  readonly redactor: Redactor
}

/** Makes calls for those who may use a secret but not see it. A value is read once the far side has proved who it is, and wiped after the call. */
export class Broker {
  readonly deps: BrokerDeps
  readonly #underWay = new CallsUnderWay()
  readonly #vaultValues: VaultValues
  readonly #stops: (() => void)[] = []

  constructor(deps: BrokerDeps) {
    this.deps = deps
    this.#vaultValues = new VaultValues(deps)
    deps.database.afterCommit(() => this.#underWay.recheckSoon())
    this.#stops.push(deps.pause.onChange((paused) => paused && this.#underWay.cutOff(pausedWhileUnderWay())))
  }

  /** Calls under way now. */
  get callsUnderWay(): number {
    return this.#underWay.count
  }

  /** Cuts off every call under way, as the lock does: their values leave memory. */
  cutOff(): void {
    this.#vaultValues.forget()
    this.#underWay.cutOff(new AppError('locked', `The vault was locked while the call was under way. ${mayHaveArrived}`))
  }

  /** Cuts off and takes no more news. */
  stop(): void {
    for (const stop of this.#stops) stop()
    this.#underWay.cutOff(new AppError('unavailable', `The app is closing. ${mayHaveArrived}`))
  }

  /**
   * Carries out a call: is it allowed, is the far side public and who it says, then, in one transaction, the value is read, the use
   * counted and recorded (promise V11), and only after that commit anything leaves.
   * @throws AppError
   */
  async call(context: TaskContext, input: Call): Promise<Output<'broker.call'>> {
    const { pause, clock, database, outbound, practice } = this.deps
    pause.assertRunning()
    const wanted = readCall(input, practice())
    const { destination, method } = wanted
    const before = authorityOf(database.read, this.deps, context.actor, input, wanted, clock.now())
    const { secretId, grant, businessId } = before
    context.note({ secretId, host: destination.host, method, businessId, sent: false })
    if (grant !== null) context.note({ grantId: grant.id })
    const deadline = input.timeoutMs ?? usualTimeoutMs
    const { signal, end } = this.#underWay.begin(before.actor, () => this.#problem(before))
    try {
      const ended = AbortSignal.any([signal, context.signal])
      const connected = await outbound.connect(destination.target, { signal: ended, deadline })
      if (!connected.ok) throw refusalError(connected.why, destination.host)
      const { connection } = connected
      try {
        const permitted = database.write((w) => this.#permit(w, context, input, wanted))
        context.note({ sent: true, fields: permitted.filled.fields })
        try {
          const result = await connection.send(permitted.filled.request)
          if (!result.ok) throw failureError(result.why, destination.host)
          await this.#learnFrom(result.answer, permitted.redactor, secretId)
          const output = await shownAnswer(result.answer, permitted.redactor, mostAnswerBytes)
          ended.throwIfAborted()
          context.note({ status: output.status, redactions: output.redactions })
          const { others } = permitted.redactor
          if (others.length > 0) context.note({ otherSecrets: others })
          database.write((w) => context.settle(w, output))
          return output
        } finally {
          permitted.redactor.wipe()
          permitted.filled.wipe()
        }
      } finally {
        connection.close()
      }
    } finally {
      end()
    }
  }

  /** Inside the transaction that permits the call: everything is asked again, as it stands at this instant. */
  #permit(w: WriteDb, context: TaskContext, input: Call, wanted: WantedRequest): Permitted {
    const { access, secrets, clock, pause } = this.deps
    pause.assertRunning()
    const now = clock.now()
    const authority = authorityOf(w, this.deps, context.actor, input, wanted, now)
    const { actor, grant, secretId, businessId } = authority
    context.spendPermit(w)
    if (grant !== null) access.countUse(w, { name: helperName(grant.id) }, now)
    const fields = secrets.readFields(w, secretId)
    try {
      const filled = fillRequest(wanted, fields, mostAnswerBytes + readBeyond)
      const { host } = wanted.destination
      if (wanted.destination.target.scheme === 'http') refuseRealKeys(filled)
      const { seq } = appendAudit(w, {
        at: now,
        actor,
        door: context.door,
        procedure: 'broker.call',
        businessId,
        outcome: 'sent',
        details: {
          secretId,
          host,
          method: wanted.method,
          ...(grant === null ? {} : { grantId: grant.id, by: context.actor.name }),
        },
      })
      const [field = null, ...more] = filled.fields
      secrets.recordUse(w, {
        ...{ secretId, actor, door: context.door, procedure: 'broker.call', now, action: 'used', host, auditSeq: seq },
        field: more.length === 0 ? field : null,
      })
      const known = fields.filter(({ type }) => isHidden(type))
      return {
        filled,
        redactor: new Redactor([
          ...filled.putIn.map((value) => ({ value, putIn: true })),
          ...known.map(({ value }) => ({ value, putIn: false })),
        ]),
      }
    } finally {
      wipeFields(fields)
    }
  }

  /** Lets the redactor know every other secret of the vault that may stand in an answer. */
  async #learnFrom({ headers, body }: OutboundAnswer, redactor: Redactor, own: string): Promise<void> {
    const head = Buffer.from(headers.flat().join('\n'), 'latin1')
    for (const { secretId, fields } of await this.#vaultValues.within([head, body])) {
      redactor.learn(fields.map(({ value }) => ({ value, putIn: false, ...(secretId === own ? {} : { other: secretId }) })))
      wipeFields(fields)
    }
    head.fill(0)
  }

  /** Why a call under way may not go on. The use that it took itself does not end it. */
  #problem({ actor, grant }: Authority): AppError | null {
    const { access, database, isInForce } = this.deps
    if (grant === null) return isInForce(actor) ? null : cutOffError('the token of the caller was revoked or has expired.')
    const current = findGrant(database.read, grant.id)
    const end = current === undefined ? null : access.endOf(database.read, current)
    return end === null || end.why === 'used_up' ? null : cutOffError(endedSentence)
  }
}

const mayHaveArrived = 'The call was cut off; the far side may have received it.'

function cutOffError(why: string): AppError {
  return new AppError('forbidden', `${mayHaveArrived} ${why.charAt(0).toUpperCase()}${why.slice(1)}`)
}

function pausedWhileUnderWay(): AppError {
  return new AppError('paused', `Everything was paused while the call was under way. ${mayHaveArrived}`)
}

/** Stripe's live keys and their like never reach a stand-in. @throws AppError wrong_world */
function refuseRealKeys({ putIn }: FilledRequest): void {
  if (putIn.some((value) => /^(?:sk|rk|pk)_live_/.test(value.toString('latin1', 0, 8)))) {
    throw new AppError(
      'wrong_world',
      'Nothing was sent: this is a real key, and a practice vault reaches practice providers alone.',
    )
  }
}
