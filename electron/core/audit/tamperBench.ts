import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openReader } from '../db'
import { openDriver } from '../db/driver'
import { type Anchor, fileAnchor } from './anchors'
import { publicKeyBytes } from './heads'
import { type Expected, logRows, olderRows, type Tampering } from './tamperTesting'
import { openTestAudit } from './testing'
import type { VerifyOptions, VerifyResult } from './verifyAudit'

export type Verify = (options: VerifyOptions) => VerifyResult | Promise<VerifyResult>

const guards = ['row', 'subject', 'node', 'head'].flatMap((table) => [`audit_${table}_no_update`, `audit_${table}_no_delete`])

/** A log to tamper with, made once; every case works on a copy of its files, with the database key in hand. */
export class TamperBench {
  readonly #audit = openTestAudit()
  readonly #dir = this.#audit.database.dir
  #cases = 0

  constructor() {
    const { database } = this.#audit
    this.#audit.append(olderRows)
    database.db.checkpoint()
    copyFileSync(database.file, join(this.#dir, 'older.db'))
    this.#audit.append(logRows - olderRows)
    database.db.checkpoint()
    copyFileSync(database.file, join(this.#dir, 'whole.db'))
  }

  /** Folders of the anchors of the case that runs now. */
  get caseAnchorDirs(): readonly string[] {
    return [join(this.#dir, `anchors${this.#cases}`), this.#audit.anchorDirs[1]]
  }

  /** Tampers (or does not) and asks. @returns what the check got wrong, or undefined */
  async run(
    verify: Verify,
    tampering: Tampering | undefined,
    pick: (low: number, high: number) => number,
  ): Promise<string | undefined> {
    const file = join(this.#dir, `case${++this.#cases}.db`)
    const anchors = this.#copyAnchors()
    copyFileSync(join(this.#dir, 'whole.db'), file)
    const driver = openDriver(file, this.#audit.database.key, 'existing')
    let expected: Expected | undefined
    let older = false
    try {
      driver.pragma('foreign_keys = OFF')
      driver.pragma('ignore_check_constraints = ON')
      for (const guard of [...guards, 'audit_row_extends_the_chain', 'audit_head_grows']) driver.exec(`DROP TRIGGER ${guard}`)
      const putOlderCopy = () => {
        older = true
      }
      expected = tampering?.apply({ anchorDir: anchors.dir, putOlderCopy }, driver, pick)
    } finally {
      driver.close()
    }
    if (older) copyFileSync(join(this.#dir, 'older.db'), file)
    const reader = openReader({ file, key: this.#audit.database.key })
    try {
      return judge(await verify({ db: reader.read, publicKey: this.#audit.publicKey, anchors: anchors.anchors }), expected)
    } finally {
      reader.close()
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
      rmSync(anchors.dir, { recursive: true, force: true })
    }
  }

  #copyAnchors(): { dir: string; anchors: readonly Anchor[] } {
    const dir = join(this.#dir, `anchors${this.#cases}`)
    const bytes = publicKeyBytes(this.#audit.publicKey)
    const [source, second] = this.#audit.anchorDirs
    const copy = fileAnchor(dir, bytes, 'data folder')
    const head = this.#audit.anchors[0].history()[0]
    if (!head) throw new Error('no head')
    copy.write(head, [])
    for (const name of ['audit-heads.jsonl', 'audit-head.json']) copyFileSync(join(source, name), join(dir, name))
    return { dir, anchors: [copy, fileAnchor(second, bytes, 'second folder')] }
  }

  cleanup(): void {
    this.#audit.database.cleanup()
  }
}

function judge(result: VerifyResult, expected: Expected | undefined): string | undefined {
  const { firstBad } = result
  if (!expected) return result.ok && !firstBad ? undefined : `a false alarm: ${firstBad?.reason}`
  if (result.ok || !firstBad) return `not seen; it should have named row ${expected.seq}`
  if (firstBad.seq === expected.seq && firstBad.kind === expected.kind) return undefined
  return `named row ${firstBad.seq} as ${firstBad.kind}, not row ${expected.seq} as ${expected.kind}: ${firstBad.reason}`
}
