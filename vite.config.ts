import { isBuiltin } from 'node:module'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const root = import.meta.dirname

/** Dependencies stay in node_modules (packed into the asar); only our own sources are bundled. */
const external = (id: string) =>
  isBuiltin(id) || id === 'electron' || (!id.startsWith('.') && !id.startsWith('/') && !id.startsWith('\0'))

/** One configuration for the window (client), the main process with its headless twin (ES modules) and the preload (CommonJS, for the sandbox). */
export default defineConfig({
  root: resolve(root, 'renderer'),
  base: './',
  plugins: [react()],
  builder: {},
  environments: {
    client: {
      build: {
        outDir: resolve(root, 'dist/renderer'),
        emptyOutDir: true,
        target: 'chrome140',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 2000,
      },
    },
    main: {
      consumer: 'server',
      build: {
        outDir: resolve(root, 'dist/main'),
        emptyOutDir: true,
        target: 'node24',
        minify: false,
        sourcemap: true,
        rolldownOptions: {
          input: {
            index: resolve(root, 'electron/main/index.ts'),
            headless: resolve(root, 'electron/headless/index.ts'),
            backupWorker: resolve(root, 'electron/core/backups/worker.ts'),
            vaultFileWorker: resolve(root, 'electron/adapters/vaultFiles/worker.ts'),
          },
          external,
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    },
    preload: {
      consumer: 'server',
      resolve: { noExternal: true },
      build: {
        outDir: resolve(root, 'dist/preload'),
        emptyOutDir: true,
        target: 'chrome140',
        minify: false,
        sourcemap: false,
        rolldownOptions: {
          input: { index: resolve(root, 'electron/preload/index.ts') },
          external: ['electron'],
          output: { format: 'cjs', entryFileNames: '[name].cjs' },
        },
      },
    },
  },
})
