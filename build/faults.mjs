// Kill -9, power cuts and disk faults against the built app. `--long` takes the long dose; further words choose scenarios: powercut, first, disk, backups,
// rotation, kill9, memory.
import { runnerImport } from 'vite'
import { ensureBuild, ensureDependencies, root, withSetupLock } from './lib.mjs'

const words = process.argv.slice(2)
const scenarios = words.filter((word) => word !== '--long')
await withSetupLock(() => {
  ensureDependencies()
  ensureBuild(scenarios.length === 0 || scenarios.includes('memory') ? ['core', 'window'] : ['core'])
})

const seed = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 1e9))
const { module } = await runnerImport(`${root}/tests/faults/run.ts`, { root, configFile: false, logLevel: 'error' })
const { passed, failed } = await module.run({
  long: words.includes('--long'),
  only: scenarios,
  seed,
})
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)
