import { z } from 'zod'
import { payeeChecks } from '../../../shared/contract/payees'
import type { ReadDb } from '../db/index'
import { decodeCursor, defaultLimit, pageOfRows } from '../db/paging'
import type { ActorName } from '../dispatch/actor'
import type { CommandContext, CommandFacts, Handlers } from '../dispatch/handler'
import { changersOf, endHold, listPayees, quarantineHours, readPayee, setChecks, setQuarantineHours } from './payees.repository'
import { assertHeld, assertOtherHand, assertReleasable, assertSameDetails, checkWords, ticked } from './quarantine'

export interface PayeeDeps {
  /** Names of the commands that pay somebody. */
  readonly paying: readonly string[]
  /** UTC epoch milliseconds. */
  readonly now: () => number
  /** Refuses a business that does not exist. */
  readonly assertBusiness: (db: ReadDb, businessId: string) => void
  /** Whether two actors are the same, or one acts for the other. */
  readonly isOneHand: (a: ActorName, b: ActorName) => boolean
}

const cursorKey = z.tuple([z.string()])

/** The handlers of `payees.*`. */
export function payeeHandlers({
  paying,
  now,
  assertBusiness,
  isOneHand,
}: PayeeDeps): Handlers<'payees.list' | 'payees.check' | 'payees.release' | 'payees.setQuarantine'> {
  const held = (db: ReadDb, { payeeId, checksum }: { payeeId: string; checksum: string }, at: number) => {
    const payee = readPayee(db, paying, payeeId, at)
    assertHeld(payee)
    assertSameDetails(payee, checksum)
    return payee
  }
  /** The payee, for somebody who may say that its new details are right. */
  const judged = ({ db, actor, now: at }: CommandContext, input: { payeeId: string; checksum: string }) => {
    const payee = held(db, input, at)
    assertOtherHand(actor.name, changersOf(db, payee.id, at), isOneHand)
    return payee
  }
  const about = (
    payee: { readonly businessId: string; readonly subjectId: string },
    rest: Partial<CommandFacts>,
  ): CommandFacts => ({
    businessId: payee.businessId,
    what: '',
    amount: null,
    payee: payee.subjectId,
    before: {},
    after: {},
    undo: 'yes',
    ...rest,
  })
  return {
    'payees.list': (context, input) => {
      assertBusiness(context.db, input.businessId)
      const [after] = input.cursor === undefined ? [''] : decodeCursor(input.cursor, cursorKey)
      const limit = input.limit ?? defaultLimit
      const { businessId, quarantined } = input
      const rows = listPayees(context.db, paying, { businessId, quarantined, after, limit: limit + 1, now: context.now })
      const page = pageOfRows(
        rows,
        limit,
        (row) => [row.id],
        (row) => row,
      )
      return { ...page, quarantineHours: quarantineHours(context.db) }
    },
    'payees.check': {
      facts: (db, input) => {
        const payee = held(db, input, now())
        return about(payee, {
          what: `${input.done ? 'Tick' : 'Take back'} a step of the checklist of a payee: ${checkWords[input.check]}`,
          before: { Checksum: input.checksum, Ticked: `${payee.checks.length} of ${payeeChecks.length}` },
          after: {
            Checksum: input.checksum,
            Ticked: `${ticked(payee.checks, input.check, input.done).length} of ${payeeChecks.length}`,
          },
        })
      },
      run: (context, input) => {
        const payee = judged(context, input)
        setChecks(context.db, payee.id, ticked(payee.checks, input.check, input.done), context.now)
        context.note({ businessId: payee.businessId, payeeId: payee.id, check: input.check, done: input.done })
        context.changed('policies')
        return readPayee(context.db, paying, payee.id, context.now)
      },
    },
    'payees.release': {
      facts: (db, input) => {
        const payee = held(db, input, now())
        assertReleasable(payee)
        return about(payee, {
          what: 'End the quarantine of a payee whose details changed',
          before: { Checksum: input.checksum, Quarantine: 'until its time is over' },
          after: { Checksum: input.checksum, Quarantine: 'ended' },
          undo: 'no',
        })
      },
      run: (context, input) => {
        const payee = judged(context, input)
        assertReleasable(payee)
        endHold(context.db, payee.id, context.now)
        context.note({ businessId: payee.businessId, payeeId: payee.id })
        context.changed('policies')
        return readPayee(context.db, paying, payee.id, context.now)
      },
    },
    'payees.setQuarantine': {
      facts: (db, input) => ({
        businessId: null,
        what: `Hold changed details of payees for ${input.hours} hours from now on`,
        amount: null,
        payee: null,
        before: { Hours: String(quarantineHours(db)) },
        after: { Hours: String(input.hours) },
        undo: 'yes',
      }),
      run: (context, input) => {
        setQuarantineHours(context.db, input.hours)
        context.note({ hours: input.hours })
        context.changed('policies')
        return { hours: input.hours }
      },
    },
  }
}
