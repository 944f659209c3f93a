/** The number of the n-th sent invoice of a business, from 1: `INV-0001`; longer from the ten-thousandth on. */
export function invoiceNumber(prefix: string, seq: number): string {
  return `${prefix}-${String(seq).padStart(4, '0')}`
}
