/** Words of the list. */
export const words = {
  all: 'All',
  filter: 'Status',
  search: 'Number, customer, memo or line',
  create: 'New invoice',
  empty: 'No invoices yet',
  emptyText: 'Write the first one: choose a customer, add lines, see the page your customer will see, and send it.',
  noneFound: 'No invoice fits',
  noneFoundText: 'Clear the search or choose another status.',
  columns: {
    number: 'Number',
    customer: 'Customer',
    status: 'Status',
    issued: 'Issued',
    due: 'Due',
    total: 'Total',
    open: 'Amount due',
  },
} as const
