// Builds parts of the app on Node 24: `core` (main process and headless) or `window` (renderer and preload); both without an argument.
import { createBuilder } from 'vite'
import { root } from './lib.mjs'

const environments = { core: ['main'], window: ['client', 'preload'] }
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(environments)
const builder = await createBuilder({ configFile: `${root}/vite.config.ts`, logLevel: 'warn', mode: 'production' })
for (const part of wanted) {
  for (const name of environments[/** @type {keyof typeof environments} */ (part)]) {
    const environment = builder.environments[name]
    if (environment === undefined) throw new Error(`There is no environment ${name} in vite.config.ts`)
    await builder.build(environment)
  }
}
