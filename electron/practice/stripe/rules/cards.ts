/** What a documented test card does (docs.stripe.com/testing). */
export interface TestCard {
  number: string
  brand: 'visa' | 'mastercard' | 'amex' | 'discover' | 'diners' | 'jcb' | 'unionpay'
  funding: 'credit' | 'debit' | 'prepaid'
  country: string
  /** The test payment method that stands for this card, for `POST /v1/invoices/{id}/pay`. */
  paymentMethod?: string
  says: string
  decline?: Decline
}

export interface Decline {
  code: string
  declineCode?: string
  message: string
  networkDeclineCode: string
  advice: 'try_again_later' | 'do_not_try_again' | 'confirm_card_data'
}

const card = (number: string, says: string, more: Partial<TestCard> = {}): TestCard => ({
  number,
  brand: 'visa',
  funding: 'credit',
  country: 'US',
  says,
  ...more,
})
const declined = (declineCode: string, message: string, networkDeclineCode: string, advice: Decline['advice']): Decline => ({
  code: 'card_declined',
  declineCode,
  message,
  networkDeclineCode,
  advice,
})

export const TEST_CARDS: readonly TestCard[] = [
  card('4242424242424242', 'Pays (Visa)', { paymentMethod: 'pm_card_visa' }),
  card('4000056655665556', 'Pays (Visa, debit)', { funding: 'debit', paymentMethod: 'pm_card_visa_debit' }),
  card('5555555555554444', 'Pays (Mastercard)', { brand: 'mastercard', paymentMethod: 'pm_card_mastercard' }),
  card('2223003122003222', 'Pays (Mastercard, 2-series)', { brand: 'mastercard' }),
  card('5200828282828210', 'Pays (Mastercard, debit)', {
    brand: 'mastercard',
    funding: 'debit',
    paymentMethod: 'pm_card_mastercard_debit',
  }),
  card('5105105105105100', 'Pays (Mastercard, prepaid)', {
    brand: 'mastercard',
    funding: 'prepaid',
    paymentMethod: 'pm_card_mastercard_prepaid',
  }),
  card('378282246310005', 'Pays (American Express)', { brand: 'amex', paymentMethod: 'pm_card_amex' }),
  card('371449635398431', 'Pays (American Express)', { brand: 'amex' }),
  card('6011111111111117', 'Pays (Discover)', { brand: 'discover', paymentMethod: 'pm_card_discover' }),
  card('3056930009020004', 'Pays (Diners Club)', { brand: 'diners', paymentMethod: 'pm_card_diners' }),
  card('3566002020360505', 'Pays (JCB)', { brand: 'jcb', country: 'JP', paymentMethod: 'pm_card_jcb' }),
  card('6200000000000005', 'Pays (UnionPay)', { brand: 'unionpay', country: 'CN', paymentMethod: 'pm_card_unionpay' }),
  card('4000008260000000', 'Pays (Visa, United Kingdom)', { country: 'GB', paymentMethod: 'pm_card_gb' }),
  card('4000002760000016', 'Pays (Visa, Germany)', { country: 'DE', paymentMethod: 'pm_card_de' }),
  card('4000000000000002', 'Declined', {
    paymentMethod: 'pm_card_visa_chargeDeclined',
    decline: declined('generic_decline', 'Your card was declined.', '01', 'try_again_later'),
  }),
  card('4000000000009995', 'Declined: insufficient funds', {
    paymentMethod: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    decline: declined('insufficient_funds', 'Your card has insufficient funds.', '51', 'try_again_later'),
  }),
  card('4000000000009987', 'Declined: lost card', {
    paymentMethod: 'pm_card_visa_chargeDeclinedLostCard',
    decline: declined('lost_card', 'Your card was declined.', '41', 'do_not_try_again'),
  }),
  card('4000000000009979', 'Declined: stolen card', {
    paymentMethod: 'pm_card_visa_chargeDeclinedStolenCard',
    decline: declined('stolen_card', 'Your card was declined.', '43', 'do_not_try_again'),
  }),
  card('4000000000000069', 'Declined: expired card', {
    paymentMethod: 'pm_card_chargeDeclinedExpiredCard',
    decline: { code: 'expired_card', message: 'Your card has expired.', networkDeclineCode: '54', advice: 'confirm_card_data' },
  }),
  card('4000000000000127', 'Declined: wrong security code', {
    paymentMethod: 'pm_card_chargeDeclinedIncorrectCvc',
    decline: {
      code: 'incorrect_cvc',
      message: "Your card's security code is incorrect.",
      networkDeclineCode: 'N7',
      advice: 'confirm_card_data',
    },
  }),
  card('4000000000000119', 'Declined: processing error', {
    paymentMethod: 'pm_card_chargeDeclinedProcessingError',
    decline: {
      code: 'processing_error',
      message: 'An error occurred while processing your card. Try again in a little bit.',
      networkDeclineCode: '06',
      advice: 'try_again_later',
    },
  }),
]

/** Finds a test card by what a person typed (blanks and dashes allowed). Other numbers are never kept anywhere. */
export function findCard(typed: string): TestCard | undefined {
  const digits = typed.replace(/[\s-]/g, '')
  return TEST_CARDS.find((known) => known.number === digits)
}

/** Luhn check (ISO/IEC 7812-1, annex B). */
export function isCardNumber(typed: string): boolean {
  const digits = typed.replace(/[\s-]/g, '')
  if (!/^\d{12,19}$/.test(digits)) return false
  const total = [...digits].reverse().reduce((sum, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return sum + (value > 9 ? value - 9 : value)
  }, 0)
  return total % 10 === 0
}
