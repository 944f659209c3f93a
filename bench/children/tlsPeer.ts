// A provider over https on loopback, in a process of its own: answers every request with 4 KB of JSON.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { answerParent, childArgs } from '../support/child'

export interface TlsPeerArgs {
  /** Folder of the server's key and certificate. */
  readonly folder: string
}

const { folder } = childArgs<TlsPeerArgs>()
const read = (name: string) => readFileSync(`${folder}/${name}`)
const answer = JSON.stringify({
  object: 'list',
  data: Array.from({ length: 32 }, (_, n) => ({
    id: `ch_${n}`,
    amount: n * 100,
    description: 'A charge as providers list them',
  })),
})
const server = createServer({ key: read('server.key'), cert: read('server.crt') }, (request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer))
})
server.listen(0, '127.0.0.1', () => answerParent((server.address() as AddressInfo).port))
