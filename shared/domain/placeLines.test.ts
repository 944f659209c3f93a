import { describe, expect, it } from 'vitest'
import { placeLines } from './placeLines'

describe('placeLines', () => {
  it.each([
    [{ city: 'Portland', state: 'ME', postalCode: '04101', country: 'US' }, ['Portland, ME 04101']],
    [{ city: 'Portland', country: 'US' }, ['Portland']],
    [{ state: 'ME', postalCode: '04101', country: 'US' }, ['ME 04101']],
    [{ city: 'Toronto', state: 'ON', postalCode: 'M5V 2T6', country: 'CA' }, ['Toronto, ON M5V 2T6']],
    [{ city: 'Sydney', state: 'NSW', postalCode: '2000', country: 'AU' }, ['Sydney NSW 2000']],
    [{ city: 'Leeds', postalCode: 'LS1 4AP', country: 'GB' }, ['Leeds', 'LS1 4AP']],
    [{ city: 'Hamburg', postalCode: '20095', country: 'DE' }, ['20095 Hamburg']],
    [{ city: 'Zug', state: 'ZG', postalCode: '6300' }, ['6300 Zug', 'ZG']],
    [{ city: '', postalCode: '' }, []],
  ])('writes %o as its post does', (place, lines) => {
    expect(placeLines(place)).toEqual(lines)
  })
})
