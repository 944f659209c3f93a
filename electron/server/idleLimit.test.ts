import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { withIdleLimit } from './idleLimit'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  closers.push(() => void server.close().closeAllConnections())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts).toString()
}

test('everything is passed on', async () => {
  const source = new PassThrough()
  source.write('one ')
  source.end('two')
  expect(await textOf(withIdleLimit(source, 60_000))).toBe('one two')
})

test('an error of the body is passed on', async () => {
  const source = new PassThrough()
  source.destroy(new Error('cut off'))
  await expect(textOf(withIdleLimit(source, 60_000))).rejects.toThrow('cut off')
})

test('a sender whose body is refused at its first bytes still sends all of it, hears the answer and may ask again', async () => {
  const port = await serve(async (request, response) => {
    for await (const _ of withIdleLimit(request, 60_000)) break
    response.writeHead(400).end('refused')
  })
  const socket = connect({ port, host: '127.0.0.1' })
  closers.push(() => socket.destroy())
  socket.on('error', () => undefined)
  const ask = async () => {
    socket.write('POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1200000\r\n\r\nfirst bytes')
    const [answer] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [unknown]
    socket.write('x'.repeat(1_200_000 - 'first bytes'.length))
    return String(answer)
  }
  expect(await ask()).toContain('400 Bad Request')
  expect(await ask()).toContain('400 Bad Request')
})

test('W5: a sender that falls silent is answered with an error', async () => {
  const port = await serve(async (request, response) => {
    const problem = await textOf(withIdleLimit(request, 50)).catch((error: Error) => error.message)
    response.writeHead(400).end(problem)
  })
  const socket = connect({ port, host: '127.0.0.1' })
  closers.push(() => socket.destroy())
  socket.write('POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nhalf a ')
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString()).toContain('Nothing was imported: no data came for 0.05 s.')
})

test('a sender that hangs up is no defect of ours', async () => {
  const { promise: problem, resolve } = Promise.withResolvers<Error>()
  const port = await serve((request) => void textOf(withIdleLimit(request, 60_000)).catch(resolve))
  const socket = connect({ port, host: '127.0.0.1' })
  socket.write('POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nhalf a ', () => socket.destroy())
  expect(await problem).toMatchObject({
    code: 'invalid_input',
    message: 'Nothing was imported: the connection ended before the data.',
  })
})
