import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { InvoiceNumber } from '../../invoices/InvoiceNumber'
import { FollowLink } from '../view/Follow'
import { entryHref } from '../view/links'
import { splitIds } from './splitIds'
import { words } from './words'

interface SentenceProps {
  readonly text: string
  /** The entry that the sentence is about, which needs no link to itself. */
  readonly own: string
}

/** A sentence of an explanation, with the ids in it as links. Only inside Follow. */
export function Sentence({ text, own }: SentenceProps) {
  return splitIds(text).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one unchanging sentence
    <Fragment key={at}>
      {part.kind === 'entry' && part.text !== own ? (
        <FollowLink href={entryHref(part.text)}>{part.text}</FollowLink>
      ) : part.kind === 'invoice' ? (
        <Link to="/invoices/$invoiceId" params={{ invoiceId: part.text }}>
          <InvoiceNumber invoiceId={part.text} />
        </Link>
      ) : part.kind === 'payment' ? (
        <Link to="/payments" search={{ payment: part.text }}>
          {words.thisPayment}
        </Link>
      ) : (
        part.text
      )}
    </Fragment>
  ))
}
