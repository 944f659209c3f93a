import { Agent } from 'node:http'
import { type HeadlessApp, post } from './headlessApp'
import { type Spread, spreadOf } from './stats'

/**
 * Asks the app something every `everyMs`, whether or not earlier questions were answered, in turn from a list.
 * @returns a function that ends it and tells how long the answers took, from the moment each was due
 */
export function probe(
  app: HeadlessApp,
  questions: readonly (readonly [name: string, input: unknown])[],
  everyMs = 20,
): () => Promise<Spread> {
  const agent = new Agent({ keepAlive: true })
  const waits: number[] = []
  const open = new Set<Promise<void>>()
  const begun = performance.now()
  let asked = 0
  let failure: unknown
  const ask = async (due: number) => {
    const [name, input] = questions[asked++ % questions.length] ?? ['vault.status', {}]
    try {
      await post(agent, `${app.url}/api/v1/${name.replace('.', '/')}`, app.token, input)
      waits.push(performance.now() - due)
    } catch (error) {
      failure ??= error
    }
  }
  const timer = setInterval(() => {
    for (let due = begun + asked * everyMs; due <= performance.now(); due = begun + asked * everyMs) {
      const question = ask(due)
      open.add(question)
      void question.then(() => open.delete(question))
    }
  }, everyMs / 4)
  return async () => {
    clearInterval(timer)
    await Promise.all(open)
    agent.destroy()
    if (failure !== undefined) throw failure
    return spreadOf(waits)
  }
}
