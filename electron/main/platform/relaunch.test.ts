import { expect, test } from 'vitest'
import { relaunchOptions } from './relaunch'

test('outside an AppImage the same executable starts with the same arguments', () => {
  expect(relaunchOptions(undefined, ['/opt/Countinghouse/countinghouse', '--data', '/home/anna/books'])).toBeUndefined()
})

test('an AppImage is started by its file, unmounted, with its arguments, however often', () => {
  const first = relaunchOptions('/home/anna/Countinghouse.AppImage', [
    '/tmp/.mount_x/countinghouse',
    '--data',
    '/home/anna/books',
  ])
  expect(first).toEqual({
    execPath: '/home/anna/Countinghouse.AppImage',
    args: ['--appimage-extract-and-run', '--data', '/home/anna/books'],
  })
  expect(relaunchOptions('/home/anna/Countinghouse.AppImage', ['/tmp/x/countinghouse', ...(first?.args ?? [])])).toEqual(first)
})
