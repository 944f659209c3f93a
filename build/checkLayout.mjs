// Part of npm run lint: what the linter cannot say. No source over 400 lines, each folder imports only what the dependency rule allows.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { root } from './lib.mjs'

export const lineLimit = 400

/**
 * Who may import whom. The first rule whose folder holds the file applies. `own` are folders of this project, `packages` names of npm
 * packages; Node's own modules are allowed where `node` is true.
 * @type {{ folder: string, own: string[], packages: string[], node: boolean }[]}
 */
export const rules = [
  { folder: 'shared/', own: ['shared/'], packages: ['zod'], node: false },
  {
    folder: 'electron/core/',
    own: ['shared/', 'electron/core/'],
    packages: ['zod', 'better-sqlite3', '@node-rs/argon2', 'pdfmake', 'otpauth', 'node-cron'],
    node: true,
  },
  {
    folder: 'electron/adapters/stripe/',
    own: ['shared/', 'electron/core/ports/', 'electron/adapters/stripe/'],
    packages: ['stripe', 'zod'],
    node: true,
  },
  {
    folder: 'electron/adapters/https/',
    own: ['shared/', 'electron/core/ports/', 'electron/adapters/https/'],
    packages: ['zod'],
    node: true,
  },
  {
    folder: 'electron/adapters/upwork/',
    own: ['shared/', 'electron/core/ports/', 'electron/adapters/upwork/'],
    packages: ['zod'],
    node: true,
  },
  {
    folder: 'electron/adapters/vaultFiles/',
    own: ['shared/', 'electron/core/ports/', 'electron/adapters/vaultFiles/'],
    packages: ['zod', 'kdbxweb', 'yauzl', 'csv-parse', '@node-rs/argon2'],
    node: true,
  },
  {
    folder: 'electron/adapters/pino/',
    own: ['shared/', 'electron/core/ports/', 'electron/adapters/pino/'],
    packages: ['pino'],
    node: true,
  },
  {
    folder: 'electron/practice/',
    own: ['shared/', 'electron/core/ports/', 'electron/practice/'],
    packages: ['stripe', 'zod', 'better-sqlite3'],
    node: true,
  },
  {
    folder: 'electron/server/',
    own: ['shared/', 'electron/core/', 'electron/server/'],
    packages: ['fastify', 'zod'],
    node: true,
  },
  { folder: 'electron/preload/', own: ['shared/', 'electron/preload/'], packages: ['electron'], node: false },
  { folder: 'electron/headless/', own: ['shared/', 'electron/'], packages: [], node: true },
  { folder: 'electron/main/', own: ['shared/', 'electron/'], packages: ['electron', 'electron-store', 'zod'], node: true },
  {
    folder: 'renderer/',
    own: ['shared/', 'renderer/'],
    packages: ['react', 'react-dom', 'dayjs', '@mantine/*', '@tanstack/*', '@tabler/icons-react', 'uqr', 'zod'],
    node: false,
  },
]

const importPatterns = [
  /^\s*import\s+(?:[\w*\s{},$]+\s+from\s+)?['"]([^'"]+)['"]/gm,
  /^\s*export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s+from\s+['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
]

/** @param {string} text @returns {string[]} what a source imports, as written */
function importsOf(text) {
  return importPatterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))
}

/** @returns {string[]} sources under version control, generated ones left out */
export function sources() {
  const files = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx', '*.mjs', '*.css'],
    { cwd: root, encoding: 'utf8' },
  )
  return files.split('\n').filter((file) => file !== '' && existsSync(join(root, file)))
}

/** @param {string} file @param {string} text @returns {string[]} */
export function findings(file, text) {
  const found = []
  const lines = text.split('\n').length - 1
  if (lines > lineLimit) found.push(`${file}: ${lines} lines; split it (limit ${lineLimit})`)
  const rule = rules.find(({ folder }) => file.startsWith(folder))
  const isTest = /(\.test\.tsx?|[tT]esting\.ts)$/.test(file)
  if (rule === undefined || isTest) return found
  for (const target of importsOf(text)) {
    if (allowed(rule, file, target)) continue
    found.push(
      `${file}: must not import ${target} (${rule.folder} may import ${[...rule.own, ...rule.packages].join(', ')}${rule.node ? ', Node' : ''})`,
    )
  }
  return [...found, ...domainFindings(file, text), ...styleFindings(file, text)]
}

/** @param {{ own: string[], packages: string[], node: boolean }} rule @param {string} file @param {string} target */
function allowed(rule, file, target) {
  if (target.startsWith('.')) {
    const path = normalize(join(dirname(file), target))
    return rule.own.some((folder) => path.startsWith(folder) || `${path}/` === folder)
  }
  if (target.startsWith('node:')) return rule.node
  return rule.packages.some((name) =>
    name.endsWith('/*') ? target.startsWith(name.slice(0, -1)) : target === name || target.startsWith(`${name}/`),
  )
}

/** A core domain imports another only through its index. @param {string} file @param {string} text @returns {string[]} */
function domainFindings(file, text) {
  const own = /^electron\/core\/([^/]+)\//.exec(file)?.[1]
  if (own === undefined) return []
  const open = ['ports', 'db', 'dispatch']
  return importsOf(text).flatMap((target) => {
    if (!target.startsWith('.')) return []
    const path = normalize(join(dirname(file), target))
    const other = /^electron\/core\/([^/]+)(\/(.*))?$/.exec(path)
    if (other === null || other[1] === own || open.includes(other[1] ?? '')) return []
    return other[3] === undefined || other[3] === 'index' ? [] : [`${file}: reach ${other[1]} through its index, not ${target}`]
  })
}

/** The styles of a feature are its own. @param {string} file @param {string} text @returns {string[]} */
function styleFindings(file, text) {
  const own = /^renderer\/features\/[^/]+\//.exec(file)?.[0]
  return importsOf(text)
    .filter((target) => target.endsWith('.module.css'))
    .filter((target) => {
      const path = normalize(join(dirname(file), target))
      return path.startsWith('renderer/features/') && (own === undefined || !path.startsWith(own))
    })
    .map((target) => `${file}: ${target} belongs to its feature; share it in renderer/components`)
}

/** @param {string} path @returns {string | null} the room of a feature of the window that holds it, such as renderer/features/ledger/entry */
function roomOf(path) {
  return /^renderer\/features\/[^/]+\/[^/]+(?=\/)/.exec(path)?.[0] ?? null
}

/**
 * A room of a feature keeps its words and its styles to itself, and rooms do not lean on each other in a circle. What several rooms share
 * stands in a room below them, or beside the rooms where it imports none of them.
 * @param {{ file: string, text: string }[]} files
 * @returns {string[]}
 */
export function roomFindings(files) {
  const found = []
  /** @type {Map<string, Set<string>>} room -> rooms that it imports */
  const arrows = new Map()
  for (const { file, text } of files) {
    const own = roomOf(file)
    for (const target of own === null ? [] : importsOf(text).filter((name) => name.startsWith('.'))) {
      const path = normalize(join(dirname(file), target))
      const other = roomOf(path)
      if (own === null || other === null || other === own || dirname(other) !== dirname(own)) continue
      if (/\/words$|\.module\.css$/.test(path)) found.push(`${file}: ${target} belongs to its room; share it beside the rooms`)
      arrows.set(own, (arrows.get(own) ?? new Set()).add(other))
    }
  }
  for (const room of arrows.keys()) {
    const reached = new Set(arrows.get(room))
    for (const next of reached) for (const beyond of arrows.get(next) ?? []) reached.add(beyond)
    if (reached.has(room))
      found.push(`${room}: leans on itself through ${[...reached].filter((name) => name !== room).join(', ')}`)
  }
  return found
}

if (process.argv[1] === import.meta.filename) {
  const files = sources().map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
  const all = [...files.flatMap(({ file, text }) => findings(file, text)), ...roomFindings(files)]
  for (const line of all) process.stdout.write(`${line}\n`)
  process.exit(all.length === 0 ? 0 : 1)
}
