/** Deepest nesting of JSON from outside that is parsed. */
export const jsonDepthLimit = 64
/** Most values of a JSON file: parsed they take some hundred megabytes, and no vault has as many. */
const mostValues = 2_000_000

/** How deep a JSON text is nested, and how many values it has at most. Linear and without parsing it; says nothing of what is no JSON. */
export function jsonSize(text: string): { readonly depth: number; readonly values: number } {
  let depth = 0
  let deepest = 0
  let values = 1
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (inString) {
      if (c === 0x5c) i++
      else if (c === 0x22) inString = false
    } else if (c === 0x22) inString = true
    else if (c === 0x2c) values += 1
    else if (c === 0x5b || c === 0x7b) {
      values += 1
      deepest = Math.max(deepest, ++depth)
    } else if (c === 0x5d || c === 0x7d) depth--
  }
  return { depth: deepest, values }
}

/** Whether a JSON file can be parsed without more time and memory than it is worth: the parser cannot be interrupted. */
export function isModestJson(text: string): boolean {
  const { depth, values } = jsonSize(text)
  return depth <= jsonDepthLimit && values <= mostValues
}
