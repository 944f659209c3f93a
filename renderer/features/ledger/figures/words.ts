/** Words of figures that are followed. */
export const words = {
  settled: 'even',
  debitShort: 'Dr',
  creditShort: 'Cr',
  madeOf: (what: string) => `${what} is made of`,
  openRegister: (account: string, amount: string) => `${account}: ${amount}. Opens its register.`,
  explainTotal: (what: string, amount: string) => `${what}: ${amount}. Shows what it is made of.`,
  nothing: 'nothing',
  nextRow: 'Next row',
  previousRow: 'Previous row',
} as const
