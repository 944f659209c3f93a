#!/usr/bin/env node
// Verifies a Countinghouse audit log (JSON lines) with Node alone: no app code, no secret.
//   node verifyAudit.mjs LOG.jsonl [--key HEX] [--heads FILE]...
// --key    public key of the vault in hex, from the recovery kit or an anchor, instead of the one that the file names
// --heads  heads kept elsewhere (the `audit-heads.jsonl` of an anchor, or a carried head): the log must agree with each of them
// Exit 0: all of it agrees. Exit 1: it does not, and the first bad row is named. Exit 2: usage or an unreadable file.
// Rows are leaves of the Merkle tree of RFC 6962, hashed as canonical JSON (RFC 8785); heads are signed with Ed25519 (RFC 8032).
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const leafHash = (text) => sha256(Buffer.from([0]), text)
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right)

/** The one text of a JSON value (RFC 8785). */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.keys(value).sort()
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
}

/** Grows the tree leaf by leaf; keeps one complete subtree per level. */
class Tree {
  nodes = []
  size = 0
  append(leaf) {
    let node = leaf
    let level = 0
    for (; this.nodes[level]; level++) {
      node = nodeHash(this.nodes[level], node)
      this.nodes[level] = undefined
    }
    this.nodes[level] = node
    this.size++
  }
  root() {
    return this.nodes.reduce((root, node) => (node ? (root ? nodeHash(node, root) : node) : root), undefined) ?? sha256('')
  }
}

/** Whether `path` leads from leaf `index` to the root of a tree of `size` leaves (RFC 9162 section 2.1.3.2). */
function includes(leaf, index, size, path, root) {
  let [at, last, node] = [index, size - 1, leaf]
  for (const sibling of path) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      node = nodeHash(sibling, node)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else node = nodeHash(node, sibling)
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && node.equals(root)
}

class Bad extends Error {}
const bad = (seq, reason) => new Bad(`row ${seq}: ${reason}`)
const bytes = (text, length, encoding = 'hex') => {
  const found = Buffer.from(String(text), encoding)
  if (found.length !== length) throw new Bad('the file is damaged: a hash or signature has the wrong length')
  return found
}

/** A head as it is written down, with its signature checked. */
function readHead(found, keyHex, where) {
  const { size, root, at } = found
  if (!Number.isSafeInteger(size) || size < 1 || !Number.isSafeInteger(at)) throw new Bad(`a head of ${where} is no head`)
  if (found.publicKey !== undefined && found.publicKey !== keyHex) throw new Bad(`a head of ${where} belongs to another vault`)
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes(keyHex, 32)])
  const signed = canonical({ at, root, size, type: 'countinghouse audit head 1' })
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  if (!verify(null, Buffer.from(signed), key, bytes(found.signature, 64, 'base64')))
    throw bad(size, `the signature of the head of ${size} rows (${where}) is not from this vault`)
  return { size, at, root: bytes(root, 32), where }
}

function readArguments(words) {
  const options = { log: undefined, key: undefined, heads: [] }
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '--key') options.key = (words[++i] ?? '').toLowerCase()
    else if (words[i] === '--heads') options.heads.push(words[++i])
    else if (options.log || words[i].startsWith('--')) return undefined
    else options.log = words[i]
  }
  const whole = options.log && options.heads.every(Boolean) && (options.key === undefined || /^[0-9a-f]{64}$/.test(options.key))
  return whole ? options : undefined
}

async function* linesOf(file) {
  let number = 0
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (text.trim() === '') continue
    try {
      yield JSON.parse(text)
    } catch {
      throw new Bad(`line ${number} is no JSON: the file is damaged or cut off`)
    }
  }
}

function keptHeads(files, keyHex) {
  return files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((text) => text.trim() !== '')
      .map((text) => readHead(JSON.parse(text), keyHex, file)),
  )
}

/** Groups heads by the number of rows that they cover. */
function bySize(heads) {
  const map = new Map()
  for (const head of heads) map.set(head.size, [...(map.get(head.size) ?? []), head])
  return map
}

function compare(heads, root, confirmed) {
  const other = heads.find((head) => !head.root.equals(root))
  if (!other) return
  throw bad(confirmed + 1, `one of the rows ${confirmed + 1} to ${other.size} was rewritten: ${other.where} signs another root`)
}

async function main() {
  const options = readArguments(process.argv.slice(2))
  if (!options) {
    process.stderr.write('Usage: node verifyAudit.mjs LOG.jsonl [--key HEX] [--heads FILE]...\n')
    return 2
  }
  let about
  let end
  const heads = []
  for await (const line of linesOf(options.log)) {
    if (line.type === 'log') about = line
    else if (line.type === 'head') heads.push(line)
    else if (line.type === 'end') end = line
  }
  if (about?.format !== 'countinghouse audit log 1')
    throw new Bad('this is no audit log of Countinghouse, or its first line is missing')
  const keyHex = options.key ?? about.publicKey
  if (options.key !== undefined && about.publicKey !== options.key)
    throw new Bad('the file names another public key than --key: it is of another vault or was made anew')
  const signed = heads.map((head) => readHead(head, keyHex, head.anchor ?? 'the log'))
  const known = bySize([...signed, ...keptHeads(options.heads, keyHex)])
  // Heads kept elsewhere may be newer than the file: it need not hold them, but what it holds must agree with them.
  const isNewer = ({ at }) => at > about.exportedAt
  const last = (about.whole ? [...known.keys()] : signed.map(({ size }) => size)).reduce((most, size) => Math.max(most, size), 0)
  const tree = new Tree()
  let previous = Buffer.alloc(32)
  let confirmed = 0
  let rows = 0
  for await (const { type, hash, proof, ...row } of linesOf(options.log)) {
    if (type !== 'row') continue
    const computed = leafHash(canonical(row))
    if (hash !== computed.toString('hex')) throw bad(row.seq, 'it is not what was written: its content does not match its hash')
    rows++
    if (about.whole) {
      if (row.seq !== rows) throw bad(rows, `it is missing: row ${row.seq} comes after row ${rows - 1}`)
      if (row.prev !== previous.toString('hex'))
        throw bad(Math.max(1, rows - 1), 'it was replaced: the next row follows another one')
      previous = computed
      tree.append(computed)
      if (!known.has(rows)) continue
      compare(known.get(rows), tree.root(), confirmed)
      confirmed = rows
    } else if (row.seq <= last) {
      const path = (proof ?? []).map((text) => bytes(text, 32))
      if (!includes(computed, row.seq - 1, last, path, known.get(last)[0].root))
        throw bad(row.seq, 'its proof does not lead to the signed head')
    }
  }
  const hint = known.get(last)?.every(isNewer) ? '; it was signed after this export, so export the log again and compare' : ''
  if (about.whole && last > rows) throw bad(rows + 1, `the end of the log is missing: a signed head covers ${last} rows${hint}`)
  const own = new Set(heads.filter((head) => head.anchor === undefined).map((head) => head.size))
  const taken = [...known.keys()].find((size) => !own.has(size) && !known.get(size).every(isNewer))
  if (taken) throw bad(taken, `the signed head of ${taken} rows was taken out of the log; ${known.get(taken)[0].where} holds it`)
  if (end?.rows !== rows)
    throw new Bad(`the file holds ${rows} rows, its last line says ${end?.rows ?? 'nothing'}: it was cut or added to`)
  const unsigned = about.whole ? rows - confirmed : 0
  const scope = about.whole ? 'the whole log' : 'a part of the log, each row by its proof'
  process.stdout.write(
    `ok: ${rows} rows (${scope}), ${signed.length} signed heads${unsigned > 0 ? `, ${unsigned} newest rows not signed yet` : ''}\n`,
  )
  if (!options.key && options.heads.length === 0)
    process.stdout.write(
      'note: checked against the key that the file itself names; give --key or --heads to check who signed it\n',
    )
  return 0
}

main().then(
  (code) => process.exit(code),
  (error) => {
    const [code, word] = error instanceof Bad ? [1, 'BAD'] : [2, 'cannot verify']
    process.stderr.write(`${word}: ${error.message}\n`)
    process.exit(code)
  },
)
