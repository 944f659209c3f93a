/**
 * The order in which a list's places stand in the page. While the list is scrolled it stays as it was, so that no element is moved; at rest it
 * is that of the rows.
 * @param before the order so far
 * @param taken the places that hold a row now, in the order of the rows, each once
 */
export function orderOfPlaces(before: readonly number[], taken: readonly number[], isScrolling: boolean): readonly number[] {
  if (!isScrolling) return taken
  const present = new Set(taken)
  return [...new Set([...before.filter((place) => present.has(place)), ...taken])]
}
