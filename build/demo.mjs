// npm run demo: the main job in a terminal, on the practice world. Invoice written, sent, paid on the hosted page, booked, refunded over
// the limit and approved, with the trial balance before and after. Everything goes through the app's own API; nothing is simulated here.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ensureBuild, ensureDependencies, node24, root, say, withSetupLock } from './lib.mjs'

await withSetupLock(() => {
  ensureDependencies()
  ensureBuild(['core'])
})

const print = (/** @type {string} */ text = '') => process.stdout.write(`${text}\n`)
const folder = mkdtempSync(join(tmpdir(), 'countinghouse-demo-'))
const passphraseFile = join(folder, 'passphrase')
writeFileSync(passphraseFile, 'a demonstration passphrase\n', { mode: 0o600 })
print('Starting Countinghouse headless with a practice business (a year of books is made through the app itself) ...')
const app = spawn(
  node24,
  [join(root, 'dist/main/headless.js'), '--data', join(folder, 'data'), '--practice', '--passphrase-file', passphraseFile],
  {
    stdio: ['ignore', 'pipe', 'pipe'],
  },
)
/** @type {string[]} */
const log = []
createInterface({ input: app.stderr }).on('line', (line) => log.push(line))

let code = 1
try {
  const ready = await readyLine()
  await story(ready)
  code = 0
} catch (error) {
  say(`The demo failed: ${error instanceof Error ? error.message : String(error)}`)
  say(log.slice(-20).join('\n'))
} finally {
  app.kill('SIGTERM')
  await new Promise((resolve) => (app.exitCode === null ? app.once('exit', resolve) : resolve(null)))
  rmSync(folder, { recursive: true, force: true })
}
process.exit(code)

/** @returns {Promise<{ url: string, token: string }>} */
function readyLine() {
  return new Promise((resolve, reject) => {
    createInterface({ input: app.stdout }).once('line', (line) => resolve(JSON.parse(line)))
    app.once('exit', (exitCode) => reject(new Error(`the app ended with exit code ${exitCode} before it was ready`)))
  })
}

/**
 * @param {{ url: string, token: string }} ready
 */
async function story({ url, token }) {
  /** @param {string} procedure @param {object} input */
  const call = async (procedure, input) => {
    const response = await fetch(`${url}/api/v1/${procedure}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    const body = await response.json()
    if (!response.ok) throw new Error(`${procedure}: ${body.error?.message ?? response.status}`)
    return body
  }
  /** @param {string} procedure @param {object} input */
  const command = async (procedure, input) => (await call(procedure, input)).value
  const money = (/** @type {{ minor: number, currency: string }} */ { minor, currency }) =>
    `${currency} ${(minor / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })}`
  /** @param {string} what @param {() => Promise<any>} check */
  const until = async (what, check) => {
    for (let i = 0; i < 150; i++) {
      const value = await check()
      if (value) return value
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`${what} did not happen within 15 s`)
  }

  const { items } = await call('businesses/list', {})
  const business = items.find((/** @type {{ practice: boolean }} */ candidate) => candidate.practice)
  print(`Practice business: ${business.name} (${business.currency}, ${business.timeZone})`)
  const before = await trialBalance('Trial balance before')

  const customer = await command('customers/create', {
    businessId: business.id,
    name: 'Northwind Studio',
    email: 'accounts@northwind.example',
  })
  const dueOn = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10)
  const draft = await command('invoices/create', {
    businessId: business.id,
    customerId: customer.id,
    currency: business.currency,
    dueOn,
    lines: [
      {
        description: 'Brand system, fixed price',
        quantity: '1',
        unitPrice: { minor: 1_150_000, currency: business.currency },
        taxRate: '0.08',
      },
      {
        description: 'Workshop, hours',
        quantity: '7.5',
        unitPrice: { minor: 14_000, currency: business.currency },
        taxRate: '0.08',
      },
    ],
  })
  print(`\n1. Written: draft over ${money(draft.total)} (net ${money(draft.subtotal)}, tax ${money(draft.tax)})`)
  await command('invoices/send', { invoiceId: draft.id, requestId: `demo-send-${draft.id}` })
  const sent = await until('Sending', async () => {
    const invoice = await call('invoices/get', { invoiceId: draft.id })
    return invoice.status === 'open' && invoice.hostedInvoiceUrl ? invoice : null
  })
  print(`2. Sent: ${sent.number}, due ${sent.dueOn}, to be paid at ${sent.hostedInvoiceUrl}`)

  const declined = await pay('4000000000000002')
  print(
    `3. A card that declines: HTTP ${declined.status}; the invoice stays ${(await call('invoices/get', { invoiceId: draft.id })).status}`,
  )
  const paidReply = await pay('4242424242424242')
  if (!paidReply.ok) throw new Error(`the hosted page answered ${paidReply.status}`)
  const paid = await until('Payment', async () => {
    const invoice = await call('invoices/get', { invoiceId: draft.id })
    return invoice.status === 'paid' ? invoice : null
  })
  const payment = await until('The fee', async () => {
    const [found] = (await call('payments/list', { businessId: business.id, invoiceId: draft.id })).items
    return found?.fee ? found : null
  })
  print(
    `4. Paid on the hosted page: ${money(paid.amountPaid)}; Stripe keeps ${money(payment.fee)}, ${money(payment.net)} is in the Stripe balance`,
  )
  await trialBalance('Trial balance after the payment', before)

  const reply = await call('payments/requestRefund', {
    requestId: `demo-refund-${payment.id}`,
    paymentId: payment.id,
    amount: { minor: 1_080_000, currency: business.currency },
    reason: 'Brand system cancelled by agreement',
  })
  if (reply.status !== 'awaitingApproval') throw new Error('the refund over the limit was not stopped')
  const [approval] = (await call('approvals/list', { businessId: business.id, status: 'pending' })).items
  print(`\n5. Refund asked for: ${approval.facts.what}`)
  print(`   Waiting for approval. ${approval.facts.why} Can it be undone: ${approval.facts.undo}.`)
  await command('approvals/decide', {
    approvalId: approval.id,
    digest: approval.digest,
    decision: 'approve',
    note: 'Agreed with the client',
  })
  const refund = await until('The refund', async () => {
    const [found] = (await call('payments/refunds', { paymentId: payment.id })).items
    return found?.status === 'succeeded' ? found : null
  })
  print(`6. Approved and refunded: ${money(refund.amount)} (${refund.reason})`)
  const after = await trialBalance('Trial balance after the refund', before)
  const sum = after.reduce((/** @type {number} */ total, /** @type {{ minor: number }} */ row) => total + row.minor, 0)
  const verified = await call('audit/verify', {})
  print(`\nThe books balance: ${sum === 0}. Audit chain: ${verified.rows} rows, ${verified.ok ? 'intact' : 'BROKEN'}.`)
  if (sum !== 0 || !verified.ok) throw new Error('the books or the audit chain are wrong')

  /** @param {string} card */
  function pay(card) {
    return fetch(`${sent.hostedInvoiceUrl}/pay`, { method: 'POST', body: new URLSearchParams({ card }) })
  }

  /** @param {string} title @param {any[]} [earlier] */
  async function trialBalance(title, earlier = []) {
    const { rows } = await call('ledger/trialBalance', { businessId: business.id })
    print(`\n${title}`)
    for (const row of rows) {
      const old =
        earlier.find((candidate) => candidate.account === row.account && candidate.currency === row.currency)?.minor ?? 0
      const change =
        earlier.length > 0 && row.minor !== old ? `  (${row.minor > old ? '+' : ''}${((row.minor - old) / 100).toFixed(2)})` : ''
      print(`  ${row.account.padEnd(28)} ${money(row).padStart(20)}${change}`)
    }
    return rows
  }
}
