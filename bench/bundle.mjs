// Bundles the bench and the parts of the app that it runs in its own process, as the app itself is bundled.
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { build } from 'vite'
import { root } from '../build/lib.mjs'

const external = (/** @type {string} */ id) =>
  isBuiltin(id) || (!id.startsWith('.') && !id.startsWith('/') && !id.startsWith('\0'))

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: join(root, 'dist', 'bench'),
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: {
        main: join(root, 'bench', 'main.ts'),
        peer: join(root, 'bench', 'children', 'peer.ts'),
        feed: join(root, 'bench', 'children', 'feed.ts'),
        tlsPeer: join(root, 'bench', 'children', 'tlsPeer.ts'),
        webhookLoad: join(root, 'bench', 'children', 'webhookLoad.ts'),
      },
      external,
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})
