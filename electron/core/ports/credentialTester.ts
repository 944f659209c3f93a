export interface CredentialTest {
  readonly ok: boolean
  /** A sentence for people; never holds the credential. */
  readonly message: string
}

/** Tries a credential at its provider with a call that changes nothing there. */
export interface CredentialTester {
  /** The host that is asked. */
  readonly host: string
  /**
   * @param fields filled values by field name in lower case without spaces, - and _ ("Secret key" is `secretkey`), UTF-8; read only,
   *   wiped by the caller
   * @param item the business that the credential belongs to; null for one of the vault
   * @returns what the provider said; never throws for a credential that does not work or a provider that does not answer
   */
  test(fields: ReadonlyMap<string, Buffer>, item: { readonly businessId: string | null }): Promise<CredentialTest>
}
