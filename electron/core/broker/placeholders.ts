import { AppError } from '../../../shared/errors'

/** A piece of a text: as it is, or a place for a value. `field` null is the item's main value. */
export type Piece = { readonly text: string } | { readonly field: string | null }

const placeholder = /\{\{\s*secret\s*(?:\.([^{}]*))?\}\}/gu
const almost = /\{\{\s*secret\s*[.}]/u

/**
 * Splits a text at `{{secret}}` and `{{secret.field}}`. Other braces stay as they are.
 * @param where names the text in the refusal
 * @throws AppError invalid_input for a placeholder that is not closed
 */
export function piecesOf(text: string, where: string): Piece[] {
  const pieces: Piece[] = []
  const keep = (literal: string) => {
    if (almost.test(literal)) throw new AppError('invalid_input', `Nothing was sent: a placeholder in ${where} is not closed.`)
    if (literal !== '') pieces.push({ text: literal })
  }
  let from = 0
  for (const match of text.matchAll(placeholder)) {
    keep(text.slice(from, match.index))
    pieces.push({ field: match[1]?.trim() ?? null })
    from = match.index + match[0].length
  }
  keep(text.slice(from))
  return pieces
}

export function hasPlaceholder(pieces: readonly Piece[]): boolean {
  return pieces.some((piece) => 'field' in piece)
}
