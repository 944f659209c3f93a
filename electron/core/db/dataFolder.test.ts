import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DataFolderError, mountTypeOf, networkFileSystem, prepareDataFolder, syncedBy } from './dataFolder'
import { asOrdinaryUser } from './testing'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'countinghouse-folder-')))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function problem(fn: () => unknown): DataFolderError {
  try {
    fn()
  } catch (error) {
    if (error instanceof DataFolderError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

test('a missing folder is made, with those above it, for its owner alone', () => {
  const dir = join(root, 'a', 'b')
  expect(prepareDataFolder(dir)).toBe(dir)
  expect(statSync(dir).mode & 0o777).toBe(0o700)
  expect(readdirSync(dir)).toEqual([])
})

test('a folder open to others is closed to them', () => {
  const dir = join(root, 'open')
  mkdirSync(dir)
  chmodSync(dir, 0o755)
  prepareDataFolder(dir)
  expect(statSync(dir).mode & 0o777).toBe(0o700)
})

test('a link is followed, so that what counts is where it leads', () => {
  mkdirSync(join(root, 'real'))
  symlinkSync(join(root, 'real'), join(root, 'link'))
  expect(prepareDataFolder(join(root, 'link', 'data'))).toBe(join(root, 'real', 'data'))
  mkdirSync(join(root, 'Dropbox'))
  symlinkSync(join(root, 'Dropbox'), join(root, 'innocent'))
  expect(problem(() => prepareDataFolder(join(root, 'innocent', 'data'))).kind).toBe('synced')
  expect(readdirSync(join(root, 'Dropbox'))).toEqual([])
})

test.each([
  ['the home folder', 0o755, 'home'],
  ['a folder for everyone, such as /tmp', 0o1777, 'elsewhere'],
])('%s is not closed to others but refused', (_, mode, home) => {
  const dir = join(root, 'common')
  mkdirSync(dir)
  chmodSync(dir, mode)
  expect(problem(() => prepareDataFolder(dir, { home: home === 'home' ? dir : '/nowhere' })).kind).toBe('shared')
  expect(statSync(dir).mode & 0o7777).toBe(mode)
})

test('a file in the way is told', () => {
  writeFileSync(join(root, 'file'), 'mine')
  expect(problem(() => prepareDataFolder(join(root, 'file'))).kind).toBe('not-a-folder')
  expect(problem(() => prepareDataFolder(join(root, 'file', 'data'))).kind).toBe('not-a-folder')
})

test('L3: a folder that cannot be written is told, without its path', () => {
  chmodSync(root, 0o555)
  const inside = asOrdinaryUser(() => problem(() => prepareDataFolder(join(root, 'new'))))
  chmodSync(root, 0o700)
  expect(inside.kind).toBe('read-only')
  expect(inside.message).not.toContain(root)
  expect(existsSync(join(root, 'new'))).toBe(false)
})

test.each([
  ['ENOSPC', 'no-space'],
  ['EROFS', 'read-only'],
])('L3: %s is told as %s', (code, kind) => {
  const magic = () => {
    throw Object.assign(new Error(code), { code })
  }
  expect(problem(() => prepareDataFolder(join(root, 'data'), { platform: 'linux', magic })).kind).toBe(kind)
})

test('an unknown failure keeps its own error', () => {
  const magic = () => {
    throw new Error('something else')
  }
  expect(() => prepareDataFolder(join(root, 'data'), { platform: 'linux', magic })).toThrow('something else')
})

describe('synchronised folders', () => {
  test.each([
    ['/home/ana/Dropbox/books', 'Dropbox'],
    ['/Users/ana/Dropbox (Personal)/books', 'Dropbox'],
    ['C:\\Users\\ana\\OneDrive\\books', 'OneDrive'],
    ['C:\\Users\\ana\\OneDrive - Studio GmbH\\books', 'OneDrive'],
    ['/Users/ana/Library/Mobile Documents/com~apple~CloudDocs/books', 'iCloud Drive'],
    ['/Users/ana/Library/CloudStorage/GoogleDrive-a@b.c/My Drive', 'a cloud storage service'],
    ['/home/ana/Google Drive/books', 'Google Drive'],
    ['/home/ana/Nextcloud2/books', 'Nextcloud'],
    ['/home/ana/ownCloud', 'ownCloud'],
    ['/home/ana/Box/books', 'Box'],
    ['/home/ana/MEGA/books', 'MEGA'],
    ['/home/ana/pCloudDrive/books', 'pCloud'],
    ['/home/ana/SynologyDrive/books', 'Synology Drive'],
    ['/home/ana/Sync/books', 'a file synchroniser'],
    ['/home/ana/Seafile/books', 'Seafile'],
    ['/home/ana/Tresorit/books', 'Tresorit'],
  ])('%s belongs to %s', (path, service) => {
    expect(syncedBy(path)).toBe(service)
  })

  test.each([
    '/home/ana/books',
    '/home/box/dropbox-exports',
    '/srv/sync/data',
    '/home/ana/my mega plan',
    '/home/ana/.config/Countinghouse',
  ])('%s belongs to none', (path) => {
    expect(syncedBy(path)).toBeNull()
  })

  test('refused with the reason, nothing written', () => {
    const error = problem(() => prepareDataFolder(join(root, 'Nextcloud', 'data')))
    expect(error.kind).toBe('synced')
    expect(error.message).toContain('Nextcloud')
    expect(readdirSync(root)).toEqual([])
  })

  test('a marker above the folder counts, but not one in the home folder', () => {
    mkdirSync(join(root, '.stfolder'))
    const dir = join(root, 'books')
    expect(problem(() => prepareDataFolder(dir)).message).toContain('Syncthing')
    expect(existsSync(dir)).toBe(false)
    expect(prepareDataFolder(dir, { home: root })).toBe(dir)
  })
})

describe('network file systems', () => {
  const mountinfo = [
    '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
    '30 22 0:40 / /mnt/remote rw,nosuid - fuse.sshfs ana@host:/ rw',
    '31 22 0:41 / /mnt/vault rw - fuse.gocryptfs /dev/x rw',
    '32 22 0:42 / /mnt/with\\040space rw - fuse.rclone remote: rw',
    'garbage',
  ].join('\n')

  test.each([
    ['/home/ana', 'ext4'],
    ['/mnt/remote', 'fuse.sshfs'],
    ['/mnt/remote/deep/er', 'fuse.sshfs'],
    ['/mnt/remoteless', 'ext4'],
    ['/mnt/with space/x', 'fuse.rclone'],
  ])('%s lies on %s', (path, type) => {
    expect(mountTypeOf(path, mountinfo)).toBe(type)
  })

  test('nothing mounted, nothing known', () => {
    expect(mountTypeOf('/x', '')).toBeNull()
  })

  test.each([
    ['NFS', 0x6969],
    ['SMB', 0x517b],
    ['SMB', 0xfe534d42],
    ['SMB', 0xfe534d42 | 0],
    ['CIFS', 0xff534d42],
    ['AFS', 0x5346414f],
    ['Ceph', 0x00c36400],
  ])('%s is known by its magic number %i', (name, magic) => {
    expect(networkFileSystem('/data', magic, () => '')).toBe(name)
  })

  test.each([
    ['/mnt/remote/x', 0x65735546, 'sshfs'],
    ['/mnt/with space', 0x65735546, 'rclone'],
    ['/mnt/vault/x', 0x65735546, null],
    ['/home/ana', 0xef53, null],
    ['/home/ana', null, null],
    ['\\\\server\\share\\books', null, 'a network share'],
    ['//server/share', null, 'a network share'],
    ['\\\\?\\C:\\books', null, null],
  ])('%s with %s: %s', (path, magic, name) => {
    expect(networkFileSystem(path, magic, () => mountinfo)).toBe(name)
  })

  test('refused with the reason, nothing written', () => {
    const error = problem(() => prepareDataFolder(join(root, 'data'), { platform: 'linux', magic: () => 0x6969 }))
    expect(error.kind).toBe('network')
    expect(error.message).toContain('NFS')
    expect(readdirSync(root)).toEqual([])
  })

  test('where the type of a file system cannot be asked, the folder is taken', () => {
    expect(prepareDataFolder(join(root, 'data'), { platform: 'darwin', magic: () => 0x6969 })).toBe(join(root, 'data'))
  })
})
