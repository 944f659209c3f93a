import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { powercutLibrary } from '../../../build/powercut/compile.mjs'
import { createRandom } from '../random'
import { Disk, type Loss } from './disk'
import { type DiskEvent, openMarks, readLog } from './log'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-disk-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const at = '/data'
const open = (id: bigint, path: string, truncates = false): DiskEvent => ({ kind: 'open', id, path, truncates })
const write = (id: bigint, offset: number, text: string): DiskEvent => ({ kind: 'write', id, offset, data: Buffer.from(text) })
const sync = (id: bigint): DiskEvent => ({ kind: 'sync', id })
const folder = open(9n, at)

/** Every outcome of many cuts at the end of these events: name and content of each file. */
function outcomes(events: readonly DiskEvent[], loss: Loss, cuts = 60): Set<string> {
  const found = new Set<string>()
  for (let seed = 0; seed < cuts; seed++) {
    const disk = new Disk(at)
    for (const event of events) disk.apply(event)
    const target = join(dir, `cut${seed}`)
    mkdirSync(target)
    disk.cut(loss, createRandom(seed), target)
    const files = readdirSync(target).sort()
    found.add(files.map((name) => `${name}=${readFileSync(join(target, name), 'latin1')}`).join(' '))
    rmSync(target, { recursive: true })
  }
  return found
}

describe('what a power cut may leave', () => {
  const created = [folder, open(1n, '/data/a'), sync(9n)]

  test('L2: what was flushed is always there', () => {
    for (const loss of ['dropped', 'kept', 'prefix', 'torn', 'reordered'] as const) {
      expect(outcomes([...created, write(1n, 0, 'one'), sync(1n)], loss)).toEqual(new Set(['a=one']))
    }
  })

  test('L2: what was not flushed is lost, kept, or cut short', () => {
    const events = [...created, write(1n, 0, 'one'), sync(1n), write(1n, 3, 'two')]
    expect(outcomes(events, 'dropped')).toEqual(new Set(['a=one']))
    expect(outcomes(events, 'kept')).toEqual(new Set(['a=onetwo']))
    expect(outcomes(events, 'prefix')).toEqual(new Set(['a=one', 'a=onet', 'a=onetw', 'a=onetwo']))
  })

  test('L2: sectors of unflushed writes are lost each for itself, whatever their order', () => {
    const first = 'a'.repeat(512)
    const second = 'b'.repeat(512)
    const found = outcomes([...created, write(1n, 0, first), write(1n, 512, second)], 'torn', 200)
    expect(found).toEqual(new Set(['a=', `a=${first}`, `a=${first}${second}`, `a=${'\0'.repeat(512)}${second}`]))
  })

  test('L2: a write over several blocks is torn between them', () => {
    const blocks = 'x'.repeat(4096) + 'y'.repeat(4096)
    const found = outcomes([...created, write(1n, 0, blocks)], 'reordered', 200)
    expect(found).toContain(`a=${'x'.repeat(4096)}`)
    expect(found).toContain(`a=${'\0'.repeat(4096)}${'y'.repeat(4096)}`)
  })

  test('L2: an unflushed truncation may come undone', () => {
    const events: DiskEvent[] = [...created, write(1n, 0, 'long'), sync(1n), { kind: 'truncate', id: 1n, size: 1 }]
    expect(outcomes(events, 'dropped')).toEqual(new Set(['a=long']))
    expect(outcomes(events, 'kept')).toEqual(new Set(['a=l']))
    expect(outcomes([...events, write(1n, 3, 'z')], 'kept')).toEqual(new Set(['a=l\0\0z']))
  })

  test('L2: a new file whose folder was not flushed may be gone, also after a flush of the file alone', () => {
    expect(outcomes([folder, open(1n, '/data/a'), write(1n, 0, 'x'), sync(1n)], 'dropped')).toEqual(new Set(['', 'a=x']))
    expect(outcomes([folder, open(1n, '/data/a'), write(1n, 0, 'x'), sync(1n), sync(9n)], 'dropped')).toEqual(new Set(['a=x']))
  })

  test('L2: a renamed file holds what was flushed before, and the name may still be the old one', () => {
    const renamed: DiskEvent[] = [folder, open(1n, '/data/a'), write(1n, 0, 'old'), sync(1n), sync(9n)]
    renamed.push(open(2n, '/data/n'), write(2n, 0, 'new'), sync(2n), { kind: 'rename', path: '/data/n', to: '/data/a' })
    expect(outcomes(renamed, 'dropped')).toEqual(new Set(['a=old', 'a=old n=new']))
    expect(outcomes([...renamed, sync(9n)], 'dropped')).toEqual(new Set(['a=new']))
  })

  test('L2: a removed file may come back, with what it held', () => {
    const events: DiskEvent[] = [...created, write(1n, 0, 'x'), sync(1n), { kind: 'unlink', path: '/data/a' }]
    expect(outcomes(events, 'dropped')).toEqual(new Set(['a=x']))
    expect(outcomes([...events, sync(9n)], 'dropped')).toEqual(new Set(['']))
    expect(outcomes([...events, open(2n, '/data/a'), sync(9n)], 'dropped')).toEqual(new Set(['a=']))
  })
})

const compiled = powercutLibrary()

describe.runIf('library' in compiled)('the preload library', () => {
  const library = 'library' in compiled ? compiled.library : ''
  const node24 = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'node', 'bin', 'node')

  const runScript = (script: string, env: Record<string, string> = {}) => {
    const data = join(dir, 'data')
    mkdirSync(data)
    const preload = { LD_PRELOAD: library, POWERCUT_DIR: data, POWERCUT_LOG: join(dir, 'log'), POWERCUT_NOSYNC: '1', ...env }
    const result = spawnSync(node24, ['-e', script, data], { env: { ...process.env, ...preload }, encoding: 'utf8' })
    return { data, log: () => readLog(join(dir, 'log')), ...result }
  }

  test('L2: sees every way in which Node changes files, so that the log gives the folder back', () => {
    const { data, status, log } = runScript(`
      const fs = require('node:fs'); const dir = process.argv[1]; const at = (name) => dir + '/' + name
      fs.writeFileSync(at('a'), 'one'); fs.appendFileSync(at('a'), 'two'); fs.truncateSync(at('a'), 4)
      fs.mkdirSync(at('sub/deep'), { recursive: true }); fs.writeFileSync(at('sub/deep/b'), Buffer.alloc(9000, 7))
      fs.renameSync(at('sub/deep/b'), at('sub/deep/c')); fs.writeFileSync(at('gone'), 'x'); fs.rmSync(at('gone'))
      fs.writeFileSync(at('gone2'), 'x'); fs.unlinkSync(at('gone2')); fs.mkdirSync(at('empty')); fs.rmdirSync(at('empty'))
      const handle = fs.openSync(at('v'), 'w'); fs.writevSync(handle, [Buffer.from('12'), Buffer.from('34')]); fs.writeSync(handle, 'x', 1)
      fs.ftruncateSync(handle, 3); fs.fsyncSync(handle); fs.closeSync(handle)
      require('node:net').createServer().listen(0, function () { this.close() })
      fs.promises.writeFile(at('later'), 'later').then(() => fs.promises.rename(at('later'), at('last')))
    `)
    expect(status).toBe(0)
    const disk = new Disk(data)
    for (const event of log()) disk.apply(event)
    const copy = join(dir, 'copy')
    mkdirSync(copy)
    disk.cut('kept', createRandom(1), copy)
    const names = (of: string) => readdirSync(of, { recursive: true }).map(String).sort()
    expect(names(copy)).toEqual(names(data))
    expect(names(data)).toEqual(['a', 'last', 'sub', 'sub/deep', 'sub/deep/c', 'v'])
    for (const name of ['a', 'last', 'sub/deep/c', 'v'])
      expect(readFileSync(join(copy, name))).toEqual(readFileSync(join(data, name)))
  })

  test('L2: what it does not understand fails the replay', () => {
    const script = `const fs = require('node:fs'); const at = process.argv[1] + '/'; fs.writeFileSync(at + 'a', ''); fs.linkSync(at + 'a', at + 'b')`
    const { status, log } = runScript(script)
    expect(status).toBe(0)
    expect(log).toThrow('cannot be replayed')
  })

  test('L2: marks of the harness stand in the log between the writes', () => {
    const marks = openMarks(join(dir, 'log'))
    marks.mark({ n: 1 })
    const { log } = runScript(`require('node:fs').writeFileSync(process.argv[1] + '/a', 'x')`)
    marks.mark({ n: 2 })
    marks.close()
    const kinds = log().map((event) => (event.kind === 'mark' ? JSON.stringify(event.value) : event.kind))
    expect(kinds).toEqual(['{"n":1}', 'open', 'write', '{"n":2}'])
  })

  test('L3: from the given change on every change fails as asked', () => {
    const script = `
      const fs = require('node:fs'); const { constants } = require('node:os'); const dir = process.argv[1]
      const handle = fs.openSync(process.env.POWERCUT_CONTROL, 'r+'); const words = Buffer.alloc(8)
      words.writeInt32LE(3, 0); words.writeInt32LE(constants.errno.ENOSPC, 4); fs.writeSync(handle, words, 0, 8, 0)
      const seen = []
      for (let i = 0; i < 4; i++) try { fs.writeFileSync(dir + '/f' + i, 'x'); seen.push('ok') } catch (error) { seen.push(error.code) }
      fs.writeSync(handle, Buffer.alloc(8), 0, 8, 0); fs.writeFileSync(dir + '/last', 'x')
      console.log(seen.join())
    `
    const control = join(dir, 'control')
    spawnSync('truncate', ['-s', '12', control])
    const { stdout, data } = runScript(script, { POWERCUT_CONTROL: control })
    expect(stdout.trim()).toBe('ok,ENOSPC,ENOSPC,ENOSPC')
    expect(existsSync(join(data, 'last'))).toBe(true)
  })
})
