interface Place {
  readonly city?: string | undefined
  readonly state?: string | undefined
  readonly postalCode?: string | undefined
  readonly country?: string | undefined
}

/**
 * City, region and postal code in the order in which the country's post writes them, one string a line; what is missing or empty is left out.
 * "Portland, ME 04101" in the United States and Canada, "Sydney NSW 2000" in Australia, the code below the town in the United Kingdom, and
 * the code before the town elsewhere.
 */
export function placeLines({ city, state, postalCode, country }: Place): string[] {
  const join = (parts: readonly (string | undefined)[], between: string) => parts.filter((part) => part).join(between)
  const lines = {
    US: [join([city, join([state, postalCode], ' ')], ', ')],
    CA: [join([city, join([state, postalCode], ' ')], ', ')],
    AU: [join([city, state, postalCode], ' ')],
    GB: [city, state, postalCode],
  }
  const own =
    country !== undefined && country in lines ? lines[country as keyof typeof lines] : [join([postalCode, city], ' '), state]
  return own.filter((line): line is string => line !== undefined && line !== '')
}
