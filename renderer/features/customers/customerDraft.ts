import { z } from 'zod'
import type { Address, Customer } from '../../../shared/contract/customers'
import { words } from './words'

/** What the customer form holds; empty text where nothing is known. */
interface CustomerDraft {
  readonly name: string
  readonly email: string
  readonly line1: string
  readonly line2: string
  readonly city: string
  readonly state: string
  readonly postalCode: string
  readonly country: string
}

export function draftOfCustomer(customer: Customer | null, name = ''): CustomerDraft {
  const address = customer?.address
  return {
    name: customer?.name ?? name,
    email: customer?.email ?? '',
    line1: address?.line1 ?? '',
    line2: address?.line2 ?? '',
    city: address?.city ?? '',
    state: address?.state ?? '',
    postalCode: address?.postalCode ?? '',
    country: address?.country ?? '',
  }
}

/** The address of a draft; null when every part is empty. */
export function addressOf(draft: CustomerDraft): Address | null {
  const { line1, line2, city, state, postalCode, country } = trimmed(draft)
  if ([line1, line2, city, state, postalCode, country].every((part) => part === '')) return null
  return {
    line1,
    ...(line2 === '' ? {} : { line2 }),
    ...(city === '' ? {} : { city }),
    ...(state === '' ? {} : { state }),
    ...(postalCode === '' ? {} : { postalCode }),
    ...(country === '' ? {} : { country }),
  }
}

/** What is wrong with a draft, by field; empty when it can be saved. */
export function customerProblems(draft: CustomerDraft): Partial<Record<keyof CustomerDraft, string>> {
  const { name, email } = trimmed(draft)
  const address = addressOf(draft)
  return {
    ...(name === '' ? { name: words.nameMissing } : {}),
    ...(z.email().safeParse(email).success ? {} : { email: words.emailWrong }),
    ...(address && address.line1 === '' ? { line1: words.line1Missing } : {}),
  }
}

export function trimmed(draft: CustomerDraft): CustomerDraft {
  return Object.fromEntries(Object.entries(draft).map(([key, text]) => [key, text.trim()])) as unknown as CustomerDraft
}
