import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, parse, resolve } from 'node:path'
import { AppError } from '../../../shared/errors'
import { databaseErrorKind } from './databaseError'

export type DataFolderProblem = 'synced' | 'network' | 'read-only' | 'not-a-folder' | 'shared' | 'no-space'

/** A folder that cannot safely hold a vault. The message says why and what to do; it holds no path. */
export class DataFolderError extends AppError {
  readonly kind: DataFolderProblem

  constructor(kind: DataFolderProblem, message: string) {
    super('unavailable', message, { dataFolder: kind })
    this.name = 'DataFolderError'
    this.kind = kind
  }
}

/** Folder names by which the clients of file synchronisers are known, each a whole path segment. */
const syncedNames: readonly (readonly [RegExp, string])[] = [
  [/^dropbox( \(.+\))?$/i, 'Dropbox'],
  [/^onedrive( ?- .+)?$/i, 'OneDrive'],
  [/^(mobile documents|com~apple~clouddocs|icloud ?drive)$/i, 'iCloud Drive'],
  [/^(google ?drive(-.+)?|my drive|drivefs)$/i, 'Google Drive'],
  [/^cloudstorage$/i, 'a cloud storage service'],
  [/^nextcloud\d*$/i, 'Nextcloud'],
  [/^owncloud\d*$/i, 'ownCloud'],
  [/^(Box|Box Sync)$/, 'Box'],
  [/^(MEGA|MEGAsync)$/, 'MEGA'],
  [/^pcloud ?drive$/i, 'pCloud'],
  [/^synologydrive$/i, 'Synology Drive'],
  [/^(Sync|[Ss]yncthing)$/, 'a file synchroniser'],
  [/^seafile$/i, 'Seafile'],
  [/^tresorit$/i, 'Tresorit'],
]

/** Marker files that synchronisers leave in the root of what they keep in step (`.dropbox` also names a settings folder, so it is no mark). */
const syncedMarkers: readonly (readonly [string, string])[] = [
  ['.stfolder', 'Syncthing'],
  ['.owncloudsync.log', 'ownCloud'],
  ['.nextcloudsync.log', 'Nextcloud'],
  ['.tresorit', 'Tresorit'],
  ['.849C9593-D756-4E56-8D6E-42412F2A707B', 'OneDrive'],
]

/**
 * Names the synchroniser that a path seems to belong to, by its folder names.
 * @param path absolute, in the style of any system
 * @returns null when none is recognised
 */
export function syncedBy(path: string): string | null {
  for (const segment of path.split(/[\\/]/)) {
    for (const [name, service] of syncedNames) if (name.test(segment)) return service
  }
  return null
}

function markedBy(path: string, home: string): string | null {
  for (let dir = path; ; dir = dirname(dir)) {
    for (const [marker, service] of syncedMarkers) if (dir !== home && existsSync(join(dir, marker))) return service
    if (dir === parse(dir).root) return null
  }
}

/** `f_type` of Linux network file systems (linux/magic.h and the sources of each). */
const networkMagics: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x564c, 'NCP'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
])

const fuseMagic = 0x65735546

/** FUSE serves local disks too (NTFS, gocryptfs); these reach over a network. */
const networkFuse =
  /^fuse\.(sshfs|rclone|davfs2?|s3fs|s3ql|gcsfuse|blobfuse2?|goofys|curlftpfs|glusterfs|ceph-fuse|smbnetfs|google-drive-ocamlfuse|onedriver)$/

/**
 * The type of the mount that holds `path`, from the text of /proc/self/mountinfo (proc(5)): the longest mount point that is a prefix.
 * @returns e.g. 'ext4', 'fuse.sshfs'; null when nothing matches
 */
export function mountTypeOf(path: string, mountinfo: string): string | null {
  let best = { point: '', type: null as string | null }
  for (const line of mountinfo.split('\n')) {
    const [head, tail] = line.split(' - ')
    const point = head
      ?.split(' ')[4]
      ?.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    const type = tail?.split(' ')[0]
    if (!point || !type) continue
    const holds = path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`)
    if (holds && point.length >= best.point.length) best = { point, type }
  }
  return best.type
}

/**
 * Names the network file system behind a path; locks and flushes are not reliable there.
 * @param magic `f_type` of statfs(2) on Linux, null elsewhere
 * @returns null for a local disk, or when it cannot be told
 */
export function networkFileSystem(path: string, magic: number | null, mountinfo: () => string): string | null {
  if (/^(\\\\|\/\/)[^\\/?.]/.test(path)) return 'a network share'
  if (magic === null) return null
  const known = networkMagics.get(magic >>> 0)
  if (known) return known
  if (magic >>> 0 !== fuseMagic) return null
  const type = mountTypeOf(path, mountinfo())
  return type && networkFuse.test(type) ? type.slice('fuse.'.length) : null
}

export interface DataFolderChecks {
  readonly platform?: NodeJS.Platform
  /** `f_type` of the file system that holds a path. */
  readonly magic?: (path: string) => number
  readonly mountinfo?: () => string
  readonly home?: string
}

/** The nearest part of the path that exists, with links followed, and the rest appended. */
function realPath(path: string): { existing: string; full: string } {
  let existing = resolve(path)
  const rest: string[] = []
  while (!existsSync(existing) && existing !== parse(existing).root) {
    rest.unshift(parse(existing).base)
    existing = dirname(existing)
  }
  const real = realpathSync.native(existing)
  return { existing: real, full: join(real, ...rest) }
}

function checkPlace(path: string, { platform = process.platform, magic, mountinfo, home = homedir() }: DataFolderChecks): string {
  const { existing, full } = realPath(path)
  const service = syncedBy(full) ?? markedBy(existing, home)
  if (service) {
    throw new DataFolderError(
      'synced',
      `This folder is kept in step by ${service}, which would copy the open database in pieces and could damage it. Nothing was written. Choose a folder outside it.`,
    )
  }
  const type = platform === 'linux' ? (magic ?? ((dir: string) => statfsSync(dir).type))(existing) : null
  const network = networkFileSystem(full, type, mountinfo ?? (() => readFileSync('/proc/self/mountinfo', 'utf8')))
  if (network) {
    throw new DataFolderError(
      'network',
      `This folder lies on a network file system (${network}), where locks and flushes cannot be relied on. Nothing was written. Choose a folder on a local disk.`,
    )
  }
  return full
}

const readOnly =
  'This folder cannot be written. Nothing was changed. Check its permissions and that its disk is writable, or choose another folder.'

function asFolderError(error: unknown): unknown {
  if (error instanceof DataFolderError) return error
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new DataFolderError(
      'not-a-folder',
      'A file stands where the data folder should be. Nothing was changed. Choose another folder.',
    )
  }
  const kind = databaseErrorKind(error)
  if (kind === 'no-space')
    return new DataFolderError('no-space', 'The disk is full. Nothing was changed. Free some space and try again.')
  return kind === 'read-only' || code === 'ENOENT' ? new DataFolderError('read-only', readOnly) : error
}

/** Narrows the folder to its owner, unless it plainly serves others too. */
function narrow(dir: string, home: string): void {
  if (process.platform === 'win32') return
  const { mode, uid } = statSync(dir)
  if ((mode & 0o077) === 0) return
  const common = (mode & 0o1000) !== 0 || dir === parse(dir).root || dir === home || uid !== process.getuid?.()
  if (common) {
    throw new DataFolderError(
      'shared',
      'Others use this folder too, so it cannot be closed to them. Nothing was changed. Choose a folder of its own for Countinghouse.',
    )
  }
  chmodSync(dir, 0o700)
}

/** Makes a folder and those above it. Not `recursive`: that one tries for ever where a system refuses with ENOENT (/proc). */
function makeFolders(dir: string): void {
  if (existsSync(dir)) return
  if (!existsSync(dirname(dir))) makeFolders(dirname(dir))
  mkdirSync(dir, { mode: 0o700 })
}

/**
 * Makes a folder ready to hold a vault: created if missing, readable by its owner alone (0700), on a local disk, not synchronised,
 * writable.
 * @returns its absolute path with links followed
 * @throws DataFolderError whose `kind` and message say why not
 */
export function prepareDataFolder(path: string, checks: DataFolderChecks = {}): string {
  try {
    const dir = checkPlace(path, checks)
    makeFolders(dir)
    narrow(dir, checks.home ?? homedir())
    const probe = join(dir, `.probe-${process.pid}`)
    writeFileSync(probe, 'probe', { mode: 0o600 })
    rmSync(probe)
    return dir
  } catch (error) {
    throw asFolderError(error)
  }
}
