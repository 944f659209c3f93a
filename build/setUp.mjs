// Installs the dependencies where they are missing, before a script that needs nothing but them.
import { ensureDependencies, say, withSetupLock } from './lib.mjs'

try {
  await withSetupLock(ensureDependencies)
} catch (error) {
  say(`The set-up failed: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
