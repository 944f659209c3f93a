/** Faults of the practice world. Probabilities lie between 0 and 1; the rest are counts. Left out means none. */
export interface StripeFaults {
  /** A webhook is never sent. */
  dropWebhooks?: number
  /** The request is carried out and stored, then the connection is cut instead of answered. */
  timeoutAfterSuccess?: number
  /** 500 or 429 before anything is done. */
  errorRate?: number
  /** How many extra copies of each webhook are sent. */
  duplicateWebhooks?: number
  /** How many webhooks are held back, to be released in random order. */
  shuffleWebhooks?: number
}

/** The faults of the moment. */
export class Faults {
  #current: StripeFaults = {}

  constructor(readonly random: () => number) {}

  set(faults: StripeFaults): void {
    this.#current = { ...faults }
  }

  happens(kind: 'dropWebhooks' | 'timeoutAfterSuccess' | 'errorRate'): boolean {
    const probability = this.#current[kind] ?? 0
    return probability > 0 && this.random() < probability
  }

  count(kind: 'duplicateWebhooks' | 'shuffleWebhooks'): number {
    return Math.max(0, Math.floor(this.#current[kind] ?? 0))
  }
}
