// npm run bench: measures the built app against limits and peers of the same run. See docs/performance.md for the words it takes.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuild, ensureDependencies, node24, root, run, withSetupLock } from '../build/lib.mjs'

const args = process.argv.slice(2)
const figures = args.filter((word) => !word.startsWith('--'))

await withSetupLock(() => {
  ensureDependencies()
  ensureBuild(figures.length === 0 || figures.includes('window') ? ['core', 'window'] : ['core'])
  run(node24, [join(root, 'bench', 'bundle.mjs')])
})

const bench = spawn(node24, ['--enable-source-maps', join(root, 'dist', 'bench', 'main.js'), ...args], { stdio: 'inherit' })
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) process.on(signal, () => bench.kill(signal))
bench.on('exit', (code) => process.exit(code ?? 1))
