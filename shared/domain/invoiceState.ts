/**
 * Where an invoice stands.
 * - `draft`: may be edited; has no number. `sending`: numbered, on its way to the provider.
 * - `open`: issued, waiting for money; `voiding` while a void of it is on its way.
 * - `paid`, `void`, `uncollectible`: an uncollectible invoice may still be paid or voided; the other two are final.
 */
export type InvoiceState =
  | { readonly status: 'draft' }
  | { readonly status: 'sending' }
  | { readonly status: 'open'; readonly voiding: boolean }
  | { readonly status: 'paid' }
  | { readonly status: 'void' }
  | { readonly status: 'uncollectible'; readonly voiding: boolean }

/**
 * What happens to an invoice: by its owner (`send`, `discard`, `requestVoid`, and `withdraw`: void it while its sending is paused), or
 * reported by the provider.
 */
export type InvoiceEvent =
  | 'send'
  | 'discard'
  | 'requestVoid'
  | 'withdraw'
  | 'issued'
  | 'sendDeclined'
  | 'voided'
  | 'voidDeclined'
  | 'paid'
  | 'writtenOff'

/** `move`: goes on to that state. `stay`: repeated, late or overtaken, so nothing changes. `refuse`: its owner must be told why. */
export type InvoiceTransition =
  | { readonly kind: 'move'; readonly to: InvoiceState }
  | { readonly kind: 'stay' }
  | { readonly kind: 'refuse'; readonly why: string }

const stay: InvoiceTransition = { kind: 'stay' }
const move = (to: InvoiceState): InvoiceTransition => ({ kind: 'move', to })
const refuse = (why: string): InvoiceTransition => ({ kind: 'refuse', why })

function whenDraft(event: InvoiceEvent): InvoiceTransition {
  if (event === 'send') return move({ status: 'sending' })
  if (event === 'discard') return move({ status: 'void' })
  if (event === 'requestVoid' || event === 'withdraw') return refuse('This invoice is a draft; nobody has received it.')
  return stay
}

function whenSending(event: InvoiceEvent): InvoiceTransition {
  switch (event) {
    case 'send':
      return refuse('This invoice is already on its way.')
    case 'discard':
    case 'requestVoid':
      return refuse('This invoice is on its way to the provider. Wait until it is open, then void it.')
    case 'withdraw':
      return move({ status: 'void' })
    case 'issued':
      return move({ status: 'open', voiding: false })
    case 'sendDeclined':
      return move({ status: 'void' })
    case 'voided':
    case 'voidDeclined':
    case 'paid':
    case 'writtenOff':
      return stay
  }
}

/** States that the provider knows as waiting for money. */
type IssuedState = Extract<InvoiceState, { readonly voiding: boolean }>

function whenIssued(state: IssuedState, event: InvoiceEvent): InvoiceTransition {
  switch (event) {
    case 'send':
      return refuse('This invoice has been sent already.')
    case 'discard':
    case 'requestVoid':
    case 'withdraw':
      return state.voiding ? refuse('This invoice is already being voided.') : move({ ...state, voiding: true })
    case 'voided':
      return move({ status: 'void' })
    case 'voidDeclined':
      return state.voiding ? move({ ...state, voiding: false }) : stay
    case 'paid':
      return move({ status: 'paid' })
    case 'writtenOff':
      return state.status === 'uncollectible' ? stay : move({ status: 'uncollectible', voiding: state.voiding })
    case 'issued':
    case 'sendDeclined':
      return stay
  }
}

function whenFinal(status: 'paid' | 'void', event: InvoiceEvent): InvoiceTransition {
  if (event === 'send')
    return refuse(status === 'paid' ? 'This invoice is paid already.' : 'This invoice is void; duplicate it to send it anew.')
  if (event === 'discard' || event === 'requestVoid' || event === 'withdraw') {
    return refuse(status === 'paid' ? 'This invoice is paid. Refund the payment instead.' : 'This invoice is void already.')
  }
  return stay
}

/** The one state machine of invoices. Reports of the provider never move it backwards, whatever their order. */
export function nextInvoiceState(state: InvoiceState, event: InvoiceEvent): InvoiceTransition {
  switch (state.status) {
    case 'draft':
      return whenDraft(event)
    case 'sending':
      return whenSending(event)
    case 'open':
    case 'uncollectible':
      return whenIssued(state, event)
    case 'paid':
    case 'void':
      return whenFinal(state.status, event)
  }
}

/** Overdue is shown, not stored: open, and its due date is over in the business's time zone. */
export function isOverdue(status: InvoiceState['status'], dueOn: string, today: string): boolean {
  return status === 'open' && dueOn < today
}
