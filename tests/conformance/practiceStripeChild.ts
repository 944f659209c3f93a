import { startPracticeStripe } from '../../electron/practice/stripe'

// A process to be killed: `node child.js FILE KEY WEBHOOK_URL WEBHOOK_SECRET`. Prints its address, then serves.
const [file = '', secretKey = '', url = '', secret = ''] = process.argv.slice(2)
const stand = await startPracticeStripe({ file, secretKey, clock: Date, webhook: () => (url === '' ? null : { url, secret }) })
process.stdout.write(`${stand.url}\n`)
