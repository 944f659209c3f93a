// npm run types: checks every layer with the libraries and types that it may see, so a forbidden import does not compile.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { node24, root } from './lib.mjs'

export const layers = ['shared', 'core', 'node', 'main', 'renderer', 'build', 'tests']

/**
 * @param {string} layer
 * @returns {string} what the compiler found; empty when the layer is right
 */
export function checkLayer(layer) {
  const result = spawnSync(node24, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, `tsconfig.${layer}.json`)], {
    cwd: root,
    encoding: 'utf8',
  })
  return result.status === 0 ? '' : `${result.stdout}${result.stderr}`
}

if (process.argv[1] === import.meta.filename) {
  let failed = false
  for (const layer of layers) {
    const found = checkLayer(layer)
    if (found !== '') {
      failed = true
      process.stdout.write(found)
    }
  }
  process.exit(failed ? 1 : 0)
}
