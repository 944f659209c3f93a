/** A version or a plain word, as the names of collections and actions are. What names one thing of them holds digits or capital letters. */
const plainSegment = /^(?:v\d{1,3}|[a-z]+(?:[_-][a-z]+)*)$/
const longestSegment = 24
const longestShown = 120

/**
 * What of a path tells somebody who decides what a call does: its words, such as `/v1/refunds/…`. Ids and whatever may be a person or a
 * secret are left out, since a card is kept.
 * @param path as it will be sent, without the query
 */
export function shownPath(path: string): string {
  const segments = path
    .split('/')
    .map((segment) => (segment === '' || (segment.length <= longestSegment && plainSegment.test(segment)) ? segment : '…'))
  const shown = segments.join('/')
  return shown.length <= longestShown ? shown : `${shown.slice(0, longestShown)}…`
}
