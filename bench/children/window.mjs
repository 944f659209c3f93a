// Drives the window with the same support as the end-to-end tests, whose sources find the runtime by their own place.
import { runnerImport } from 'vite'

const root = process.cwd()
const { module } = await runnerImport(`${root}/bench/children/windowMeasures.ts`, { root, configFile: false, logLevel: 'error' })
await module.measure()
process.exit(0)
