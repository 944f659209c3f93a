/** Latin letters that Unicode does not decompose into a base letter and a mark. */
const undecomposed: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
}

/** Text without case and accents, for comparing and sorting: "Ångström" is found by "angstrom", "Łukasz" by "lukasz". */
export function fold(text: string): string {
  const lower = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return lower.replace(/[łøđðþßæœı]/g, (letter) => undecomposed[letter] ?? letter)
}

/** The words of a search, folded; none for blank text. */
export function foldedWords(query: string): string[] {
  return fold(query)
    .split(/\s+/)
    .filter((word) => word !== '')
}
