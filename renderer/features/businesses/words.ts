/** Words of naming and describing a business. */
export const words = {
  firstTitle: 'Name your first business',
  firstNote:
    'It gets its own chart of accounts. You can add more businesses later; each has its own books and its own Stripe key.',
  newTitle: 'New business',
  newNote: 'It gets its own chart of accounts, customers and Stripe key. Nothing is shared between businesses.',
  name: 'Name',
  namePlaceholder: 'Harbour Lane Studio',
  nameMissing: 'Give the business a name.',
  currency: 'Main currency',
  currencyNote: 'Reports and limits are in this currency. It cannot be changed later; invoices may use any.',
  country: 'Country',
  timeZone: 'Time zone',
  choose: 'Choose one.',
  create: 'Create the business',
  notCreated: 'The business was not created',
  created: (name: string) => `${name} is ready`,
  nothingFound: 'Nothing found',
  closeVault: 'Close the vault',
} as const
