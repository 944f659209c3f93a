import { join } from 'node:path'
import { allBackups } from '../../electron/core/backups/backups.repository'
import { Backups, workerThreads } from '../../electron/core/backups/index'
import { restore, sweepRestores } from '../../electron/core/backups/restoring'
import { databaseFileName, openDatabase } from '../../electron/core/db/index'
import { createThrottle, throttleFileName, unlockVault } from '../../electron/core/vault/index'

// A process to be killed: `node child.js DATA_DIR PASSPHRASE WORKER`. Recovers, then makes and restores backups until it ends.
const [dir = '', passphrase = '', worker = ''] = process.argv.slice(2)
const silent = { debug() {}, info() {}, warn() {}, error() {} }
const keys = await unlockVault(dir, { passphrase })
const database = openDatabase({ file: join(dir, databaseFileName), key: keys.database, now: Date.now })
const backups = new Backups({
  dataDir: dir,
  world: 'live',
  appVersion: '1.0.0',
  database,
  keys: () => keys,
  workbench: workerThreads(worker),
  clock: { now: Date.now },
  logger: silent,
  notifier: { notify() {} },
  sign() {},
  onProgress() {},
})
const say = (line: string) => process.stdout.write(`${line}\n`)
backups.recover()
sweepRestores(dir, keys.vaultId)
const throttle = createThrottle(join(dir, throttleFileName))
say('ready')
for (;;) {
  const { backup } = await backups.run('owner')
  say(`made ${backup.fileName} ${backup.problem === null}`)
  const oldest = allBackups(database.read).at(-1)
  const { profile } = await restore({ backups, throttle }, oldest?.id ?? '', { passphrase }, 'api')
  say(`restored ${profile}`)
  await backups.drill()
}
