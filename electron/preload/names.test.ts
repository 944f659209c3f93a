import { expect, test } from 'vitest'
import { contract } from '../../shared/contract/index'
import { shell } from '../../shared/contract/shell'
import { procedureNames, shellNames } from './names'

test('the bridge names every procedure and every shell call, and nothing else', () => {
  expect([...procedureNames].sort()).toEqual(Object.keys(contract).sort())
  expect([...shellNames].sort()).toEqual(Object.keys(shell).sort())
})
