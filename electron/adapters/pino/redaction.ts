const secretShapes = [
  /\b(?:sk|rk|pk)_(?:test|live)_[A-Za-z0-9_]{4,}/g,
  /\bwhsec_[A-Za-z0-9_+/=-]{4,}/g,
  /\bcht_[A-Za-z0-9_-]{8,}/g,
  /\bBearer\s+[A-Za-z0-9_\-.~+/]{8,}=*/g,
  /\/webhooks\/[a-z]+\/[A-Za-z0-9_-]{8,}/g,
  /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+/g,
]

/** A text with everything that looks like a key, token, webhook path or e-mail address taken out. */
export function redactText(text: string): string {
  return secretShapes.reduce((result, shape) => result.replace(shape, '[redacted]'), text)
}
