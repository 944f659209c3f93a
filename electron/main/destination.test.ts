import { expect, test } from 'vitest'
import type { BridgeEvent } from '../../shared/contract/bridge'
import { Destination } from './destination'

function openDestination() {
  const seen: string[] = []
  const destination = new Destination({
    open: async () => void seen.push('open'),
    send: (event: BridgeEvent) => void seen.push(event.kind),
  })
  return { destination, seen }
}

test('opens the window before its page is told, and tells the place once', async () => {
  const { destination, seen } = openDestination()
  await destination.follow({ title: 'An approval waits', body: '', route: '/approvals', businessId: 'biz_1' })
  expect(seen).toEqual(['open', 'destination'])
  expect(destination.take()).toEqual({ route: '/approvals', businessId: 'biz_1' })
  expect(destination.take()).toBeNull()
})

test('keeps the place that was asked for last; a notification without one only opens the window', async () => {
  const { destination } = openDestination()
  await destination.follow({ title: 'An item is due', body: '', route: '/vault' })
  await destination.follow({ title: 'The audit log needs a look', body: '', route: '/activity' })
  await destination.follow({ title: 'The vault is locked', body: '', route: null })
  expect(destination.take()).toEqual({ route: '/activity', businessId: null })
})
