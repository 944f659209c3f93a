import { spawnSync } from 'node:child_process'

/** A plain-text ledger of the system, and how it is asked for what our reports say. */
export interface PlainTextTool {
  readonly name: 'hledger' | 'ledger'
  readonly balances: readonly string[]
  readonly register: readonly string[]
  readonly months: readonly string[]
}

export const plainTextTools: readonly PlainTextTool[] = [
  {
    name: 'hledger',
    balances: ['bal', '--flat', '--no-total', '--layout=bare', '-O', 'csv'],
    register: ['areg'],
    months: ['is', '-M', '--flat'],
  },
  { name: 'ledger', balances: ['bal', '--flat', '--no-total'], register: ['reg'], months: ['reg', '-M', '^income', '^expenses'] },
]

/** @returns its version, null when it is not installed */
export function versionOf(tool: PlainTextTool): string | null {
  const { status, stdout } = spawnSync(tool.name, ['--version'], { encoding: 'utf8' })
  return status === 0 ? (stdout.split('\n', 1)[0] ?? '') : null
}

/** Runs a report on a journal, as a person at a terminal would: the whole process. @throws Error with its complaint */
export function runPlainText(tool: PlainTextTool, file: string, report: readonly string[]): { ms: number; output: string } {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(tool.name, ['-f', file, ...report], { encoding: 'utf8', maxBuffer: 2 ** 30 })
  if (status !== 0) throw new Error(`${tool.name} ${report.join(' ')} failed: ${stderr.slice(0, 500)}`)
  return { ms: performance.now() - start, output: stdout }
}

/** The balances of hledger's bare CSV (`"account","commodity","balance"`), as `account currency amount` in the smallest unit of two digits. */
export function hledgerBalances(csv: string): string[] {
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.slice(1, -1).split('","'))
    .map(([account, currency, amount]) => `${account} ${currency} ${Math.round(Number(amount) * 100)}`)
    .filter((row) => !row.endsWith(' 0'))
    .sort()
}
