/** Text that is safe in HTML content and in quoted attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Markup, as opposed to text. */
export class Html {
  constructor(readonly markup: string) {}
}

type Part = Html | string | number | null | readonly Html[]

/** Template tag: every value that is not `Html` is escaped. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Html {
  const written = values.map((value) => {
    if (value === null) return ''
    if (value instanceof Html) return value.markup
    return Array.isArray(value) ? value.map((item: Html) => item.markup).join('') : escaped(String(value))
  })
  return new Html(strings.map((string, index) => string + (written[index] ?? '')).join(''))
}
