/** Where a call goes. */
export interface OutboundTarget {
  readonly scheme: 'https' | 'http'
  /** In lower case. */
  readonly host: string
  readonly port: number
}

/**
 * Why nothing was sent: the name leads to an address that is not of the public internet, it is unknown, the far side has no valid
 * certificate for it, nothing answers there, or it took too long.
 */
export type RefusalReason = 'inside' | 'unknown_host' | 'certificate' | 'unreachable' | 'timeout'

/** Why there is no answer to something that may have been received: time, a broken connection, an answer that is no HTTP. */
export type FailureReason = 'timeout' | 'connection' | 'no_http'

/** Bytes that stand in for a marker on the wire alone, so that they are never part of a text in memory. */
export interface Slot {
  /** Of visible ASCII letters; long and random enough to be nowhere else. */
  readonly marker: string
  readonly value: Uint8Array
}

export interface OutboundRequest {
  readonly method: string
  /** Path and query in ASCII; may hold markers. */
  readonly path: string
  /** Names and values in ASCII; values may hold markers. `Host` and what frames the message are added. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly slots: readonly Slot[]
  readonly body: Uint8Array | null
  /** Bytes of the answer's body that are kept, counted after decompression. */
  readonly maxBytes: number
}

export interface OutboundAnswer {
  readonly status: number
  /** As received, in order, names as they were written. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Decompressed; empty and `truncated` where it came in an encoding that is unknown here. */
  readonly body: Buffer
  readonly truncated: boolean
}

/** A connection to a checked address whose certificate holds for the name. It carries one call. */
export interface OutboundConnection {
  /** Redirects are answers like others. Rejects with the signal's reason when the call is cut off. */
  send(
    request: OutboundRequest,
  ): Promise<{ readonly ok: true; readonly answer: OutboundAnswer } | { readonly ok: false; readonly why: FailureReason }>
  close(): void
}

/** Calls to the outside that may go to public addresses only (promise W9). */
export interface OutboundHttp {
  /**
   * Resolves the name once, checks every address, connects to a checked one and verifies the certificate.
   * Rejects with the signal's reason when it is aborted meanwhile.
   * @param deadline milliseconds for connecting and the whole call
   */
  connect(
    target: OutboundTarget,
    limits: { readonly signal: AbortSignal; readonly deadline: number },
  ): Promise<{ readonly ok: true; readonly connection: OutboundConnection } | { readonly ok: false; readonly why: RefusalReason }>
}
