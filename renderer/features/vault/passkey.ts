/** What a passkey gives for this vault: its credential's id in base64url and 32 bytes of its PRF extension in base64. */
interface PasskeyProof {
  readonly credentialId: string
  readonly prf: string
}

/** The input of the PRF extension (WebAuthn level 3, section 10.1.4): fixed, so that a credential always gives the same bytes. */
const prfInput = new TextEncoder().encode('countinghouse vault 1')

/**
 * Makes a passkey on this device or a security key and asks it for the vault's secret.
 * @throws Error in words where the device has none, gives no PRF output or the owner cancels
 */
export async function createPasskey(label: string): Promise<PasskeyProof> {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      rp: { name: 'Countinghouse' },
      user: { id: crypto.getRandomValues(new Uint8Array(16)), name: label, displayName: label },
      pubKeyCredParams: [
        { type: 'public-key', alg: -8 },
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
      ],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      extensions: { prf: { eval: { first: prfInput } } },
    },
  })
  if (!(made instanceof PublicKeyCredential)) throw new Error('No passkey was made.')
  const first = made.getClientExtensionResults().prf?.results?.first
  return first === undefined ? askPasskey(made.rawId) : proof(made.rawId, first)
}

/** Asks a passkey for the vault's secret. @param only the credential that must answer; any of this app when left out */
export async function askPasskey(only?: ArrayBuffer): Promise<PasskeyProof> {
  const found = await navigator.credentials.get({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      userVerification: 'required',
      ...(only === undefined ? {} : { allowCredentials: [{ type: 'public-key' as const, id: only }] }),
      extensions: { prf: { eval: { first: prfInput } } },
    },
  })
  if (!(found instanceof PublicKeyCredential)) throw new Error('The passkey did not answer.')
  const first = found.getClientExtensionResults().prf?.results?.first
  if (first === undefined) throw new Error('This passkey cannot open a vault: its device gives no secret (PRF).')
  return proof(found.rawId, first)
}

function proof(rawId: ArrayBuffer, first: BufferSource): PasskeyProof {
  const bytes =
    first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer, first.byteOffset, first.byteLength)
  const credentialId = base64(new Uint8Array(rawId)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  return { credentialId, prf: base64(bytes) }
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
