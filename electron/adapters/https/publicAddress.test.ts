import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPublicAddress } from './publicAddress'

const inside = [
  '0.0.0.0',
  '0.255.255.255',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.0.170',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '192.168.255.255',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '192.31.196.1',
  '192.52.193.1',
  '192.175.48.1',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:8.8.8.8',
  '::7f00:1',
  '64:ff9b::7f00:1',
  '64:ff9b::808:808',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:0:7f00:1::',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:808:808::1',
  '2620:4f:8000::1',
  '3fff::1',
  'fc00::1',
  'fd12:3456:789a::1',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'fec0::1',
  'ff02::1',
  'ff0e::1',
  '5f00::1',
  '4000::1',
]
const outside = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '126.255.255.255',
  '128.0.0.1',
  '169.253.255.255',
  '169.255.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '192.0.1.1',
  '192.0.3.1',
  '192.167.255.255',
  '192.169.0.1',
  '198.17.255.255',
  '198.20.0.1',
  '203.0.112.1',
  '203.0.114.1',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
  '2001:200::1',
  '2001:4860:4860::8888',
  '2003::1',
  '3ffe::1',
]
const noAddresses = [
  '',
  'localhost',
  '1.1.1',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '2130706433',
  '1.1.1.1.',
  ' 1.1.1.1',
  '::1::',
  '1.1.1.256',
  '[::1]',
]

describe('W9: which addresses are of the public internet', () => {
  test.each(inside)('%s is not', (address) => expect(isPublicAddress(address)).toBe(false))
  test.each(outside)('%s is', (address) => expect(isPublicAddress(address)).toBe(true))
  test.each(noAddresses)('%j is no address at all', (text) => expect(isPublicAddress(text)).toBe(false))

  test('the same address in another spelling gets the same answer', () => {
    const group = fc.integer({ min: 0, max: 0xffff })
    fc.assert(
      fc.property(fc.tuple(group, group, group, group, group, group, group, group), (groups) => {
        const short = groups.map((n) => n.toString(16)).join(':')
        const long = groups.map((n) => n.toString(16).padStart(4, '0').toUpperCase()).join(':')
        expect(isIP(short)).toBe(6)
        expect(isPublicAddress(long)).toBe(isPublicAddress(short))
      }),
    )
  })

  test('no address that leads to an inside IPv4 address is public, mapped or translated', () => {
    fc.assert(
      fc.property(fc.constantFrom(...inside.filter((address) => isIP(address) === 4)), (v4) => {
        const [a = 0, b = 0, c = 0, d = 0] = v4.split('.').map(Number)
        const tail = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        for (const form of [`::ffff:${v4}`, `::${v4}`, `64:ff9b::${tail}`, `2002:${tail}::1`, `2001:0:${tail}::`]) {
          expect(isPublicAddress(form)).toBe(false)
        }
      }),
    )
  })
})
