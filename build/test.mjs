// npm test: sets up what is missing and runs everything that this machine can run. The last line is `N passed, N failed`.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuild, ensureDependencies, node24, root, say, withSetupLock } from './lib.mjs'

await withSetupLock(() => {
  ensureDependencies()
  ensureBuild(['core', 'window'])
})

const reports = mkdtempSync(join(tmpdir(), 'countinghouse-tests-'))
let passed = 0
let failed = 0

/** @param {string} title @param {number} good @param {number} bad @param {number} startedAt */
function note(title, good, bad, startedAt) {
  passed += good
  failed += bad
  process.stdout.write(`== ${title}: ${good} passed, ${bad} failed (${((Date.now() - startedAt) / 1000).toFixed(1)} s)\n`)
}

/**
 * @param {string[]} args of Node 24
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} exit code
 */
function node(args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(node24, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`, ...env },
    })
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/** @param {string} title @param {string[]} args */
async function check(title, args) {
  const startedAt = Date.now()
  const code = await node(args)
  note(title, code === 0 ? 1 : 0, code === 0 ? 0 : 1, startedAt)
}

/** A runner that writes a JSON report with counts. @param {string} title @param {string[]} args @param {string} report @param {(json: any) => [number, number]} count @param {NodeJS.ProcessEnv} [env] */
async function suite(title, args, report, count, env) {
  const startedAt = Date.now()
  const code = await node(args, env)
  if (!existsSync(report)) return note(title, 0, 1, startedAt)
  const [good, bad] = count(JSON.parse(readFileSync(report, 'utf8')))
  note(title, good, code !== 0 && bad === 0 ? 1 : bad, startedAt)
}

await check('types', [join(root, 'build/types.mjs')])
await check('lint', [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'check', '.'])
await check('layout', [join(root, 'build/checkLayout.mjs')])

const unitReport = join(reports, 'unit.json')
await suite(
  'unit, conformance, fuzz',
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=dot', '--reporter=json', `--outputFile=${unitReport}`],
  unitReport,
  (json) => [
    json.numPassedTests,
    json.numFailedTests +
      json.testResults.filter((/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0).length,
  ],
)
await check('packaging', [join(root, 'build/package.mjs'), '--check'])
await check('demo', [join(root, 'build/demo.mjs')])
await check('faults (short dose)', [join(root, 'build/faults.mjs')])

const { findBrowser, installBrowser } = await import('./chromium-runtime/browser.mjs')
if (findBrowser() === null) {
  say('No browser is installed: installing Chromium ...')
  try {
    installBrowser()
  } catch (error) {
    say(`It could not be installed: ${error instanceof Error ? error.message : String(error)}`)
  }
}
if (findBrowser() === null && !existsSync(join(root, 'node_modules/electron/dist'))) {
  process.stdout.write(
    'skipped: e2e, because this machine has neither Electron’s binary nor an installed browser, and none could be installed\n',
  )
} else {
  const e2eReport = join(reports, 'e2e.json')
  await suite(
    'e2e',
    [join(root, 'node_modules/@playwright/test/cli.js'), 'test', '--reporter=line,json'],
    e2eReport,
    (json) => [json.stats.expected + json.stats.flaky, json.stats.unexpected],
    {
      PLAYWRIGHT_JSON_OUTPUT_NAME: e2eReport,
    },
  )
}

rmSync(reports, { recursive: true, force: true })
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)
