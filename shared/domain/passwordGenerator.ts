/** Uniform random words: answers `count` integers from 0 to 2^32 - 1, each equally likely. */
export type RandomWords = (count: number) => Uint32Array

/** How a password is made. */
export type PasswordRecipe =
  | {
      readonly kind: 'characters'
      readonly length: number
      readonly lower: boolean
      readonly upper: boolean
      readonly digits: boolean
      readonly signs: boolean
      /** Leaves out what looks alike in print: 0 O o, 1 l I |. */
      readonly legible: boolean
    }
  /** Groups of spoken syllables, such as "tavo-mireku-solafi". */
  | { readonly kind: 'spoken'; readonly groups: number }
  | { readonly kind: 'pin'; readonly length: number }

export const passwordLimits = {
  characters: { least: 8, most: 64 },
  spoken: { least: 3, most: 10 },
  pin: { least: 4, most: 12 },
} as const

const sets = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
  signs: '!#$%&*+-./:=?@^_~',
} as const
const lookalikes = /[0Oo1lI|]/g
const consonants = 'bdfghjklmnprstvz'
const vowels = 'aeiou'
const syllablesInGroup = 3
const words32 = 2 ** 32

/**
 * A whole number from 0 to `limit` - 1, every one equally likely: words in the incomplete last stretch are drawn again.
 * @param limit 1 to 2^32
 */
export function randomBelow(limit: number, random: RandomWords): number {
  const fair = words32 - (words32 % limit)
  for (;;) {
    const word = random(1)[0] ?? 0
    if (word < fair) return word % limit
  }
}

function pick(from: string, random: RandomWords): string {
  return from.charAt(randomBelow(from.length, random))
}

/** The chosen sets of characters; the small letters where none is chosen. */
function chosenSets(recipe: Extract<PasswordRecipe, { kind: 'characters' }>): string[] {
  const chosen = (['lower', 'upper', 'digits', 'signs'] as const).filter((name) => recipe[name]).map((name) => sets[name])
  const own = chosen.length === 0 ? [sets.lower] : chosen
  return recipe.legible ? own.map((set) => set.replace(lookalikes, '')) : own
}

function characters(recipe: Extract<PasswordRecipe, { kind: 'characters' }>, random: RandomWords): string {
  const own = chosenSets(recipe)
  const all = own.join('')
  // Drawn again as a whole until every chosen set is in it, so that no place of the password is likelier to hold one of them.
  for (;;) {
    const password = Array.from({ length: recipe.length }, () => pick(all, random)).join('')
    if (own.every((set) => [...password].some((sign) => set.includes(sign)))) return password
  }
}

/** A new password after a recipe, from a cryptographic source. Lengths outside `passwordLimits` are the caller's mistake. */
export function generatePassword(recipe: PasswordRecipe, random: RandomWords): string {
  switch (recipe.kind) {
    case 'characters':
      return characters(recipe, random)
    case 'spoken':
      return Array.from({ length: recipe.groups }, () =>
        Array.from({ length: syllablesInGroup }, () => pick(consonants, random) + pick(vowels, random)).join(''),
      ).join('-')
    case 'pin':
      return Array.from({ length: recipe.length }, () => pick(sets.digits, random)).join('')
  }
}

/** Whole bits of entropy that a recipe gives: log2 of the number of passwords it can make, rounded down. */
export function passwordBits(recipe: PasswordRecipe): number {
  switch (recipe.kind) {
    case 'characters':
      return Math.floor(recipe.length * Math.log2(chosenSets(recipe).join('').length))
    case 'spoken':
      return Math.floor(recipe.groups * syllablesInGroup * Math.log2(consonants.length * vowels.length))
    case 'pin':
      return Math.floor(recipe.length * Math.log2(10))
  }
}
