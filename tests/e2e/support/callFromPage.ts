import type { Page } from '@playwright/test'
import type { CountinghouseBridge } from '../../../shared/contract/bridge'
import type { Input, ProcedureName, Reply } from '../../../shared/contract/index'
import type { Result } from '../../../shared/errors'

/** Calls a procedure as the page itself would, through the bridge that preload exposes. */
export function callFromPage<N extends ProcedureName>(page: Page, name: N, input: Input<N>): Promise<Result<Reply<N>>> {
  return page.evaluate(
    ([procedure, given]) => {
      const { procedures } = Reflect.get(window, 'countinghouse') as CountinghouseBridge
      const call = procedures[procedure as 'businesses.list'] as unknown as (input: unknown) => Promise<Result<Reply<N>>>
      return call(given)
    },
    [name, input] as const,
  )
}

/** As `callFromPage`, where it must succeed. @throws Error with the code otherwise */
export async function valueFromPage<N extends ProcedureName>(page: Page, name: N, input: Input<N>): Promise<Reply<N>> {
  const result = await callFromPage(page, name, input)
  if (!result.ok) throw new Error(`${name} failed: ${result.error.code}`)
  return result.value
}
