// npm run package: builds installers with electron-builder. With --check: packs a folder around a stand-in for Electron's binary and asserts
// what the archive holds, so that file lists stay right on machines that cannot download Electron.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuild, root, say } from './lib.mjs'
import { writeNotices } from './notices.mjs'

const require = createRequire(join(root, 'node_modules/electron-builder/package.json'))
const { build, Platform, Arch } = require('electron-builder')
const { listPackage } = require('@electron/asar')

ensureBuild(['core', 'window'])
writeNotices()

if (!process.argv.includes('--check')) {
  await build({ projectDir: root })
  process.exit(0)
}

const work = mkdtempSync(join(tmpdir(), 'countinghouse-package-'))
try {
  const dist = join(work, 'electron')
  mkdirSync(join(dist, 'resources'), { recursive: true })
  mkdirSync(join(dist, 'locales'))
  writeFileSync(join(dist, 'electron'), '#!/bin/sh\nexit 0\n')
  chmodSync(join(dist, 'electron'), 0o755)
  writeFileSync(join(dist, 'locales', 'en-US.pak'), '')
  writeFileSync(join(dist, 'version'), '45.4.1')
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir', Arch.x64),
    config: { electronDist: dist, electronFuses: null, directories: { output: join(work, 'out') } },
  })
  const resources = join(work, 'out', 'linux-unpacked', 'resources')
  const files = new Set(listPackage(join(resources, 'app.asar'), { isPack: false }))
  const problems = [
    ...[
      '/dist/main/index.js',
      '/dist/main/backupWorker.js',
      '/dist/main/vaultFileWorker.js',
      '/dist/preload/index.cjs',
      '/dist/renderer/index.html',
      '/package.json',
      '/node_modules/stripe/package.json',
      '/node_modules/fastify/package.json',
    ]
      .filter((file) => !files.has(file))
      .map((file) => `${file} is missing`),
    ...[...files]
      .filter((file) => /^\/(electron|renderer|shared|tests|bench|build)\//.test(file) || /\.(map|test\.ts)$/.test(file))
      .map((file) => `${file} must not be shipped`),
    ...['better-sqlite3', 'argon2']
      .filter((name) => ![...files].some((file) => file.includes(name) && file.endsWith('.node')))
      .map((name) => `the binary of ${name} is missing`),
    ...(existsSync(join(resources, 'app.asar.unpacked', 'node_modules', 'better-sqlite3'))
      ? []
      : ['the database driver is not unpacked']),
    ...(existsSync(join(resources, 'NOTICES.txt')) && readFileSync(join(resources, 'NOTICES.txt'), 'utf8').includes('stripe')
      ? []
      : ['NOTICES.txt is missing or empty']),
  ]
  for (const problem of problems) say(`package: ${problem}`)
  say(`package: ${files.size} files in the archive, ${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  rmSync(work, { recursive: true, force: true })
}
