import type { CodeGenerator } from '../../../../shared/domain/otpauth'

/** The code at an instant, UTC epoch milliseconds (RFC 6238 section 4, RFC 4226 section 5.3). */
export async function codeAt(generator: CodeGenerator, at: number): Promise<string> {
  const { key, hash, digits, period } = generator
  const counter = new DataView(new ArrayBuffer(8))
  counter.setBigUint64(0, BigInt(Math.floor(at / 1000 / period)))
  const hmac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash }, false, ['sign'])
  const mac = new DataView(await crypto.subtle.sign('HMAC', hmac, counter.buffer))
  const offset = mac.getUint8(mac.byteLength - 1) & 0xf
  const number = (mac.getUint32(offset) & 0x7fffffff) % 10 ** digits
  return String(number).padStart(digits, '0')
}
