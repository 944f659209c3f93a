interface Matchable {
  readonly label: string
  readonly keywords?: string
}

/**
 * The commands that fit what was typed, best first: every word must begin a word of the label or keywords, and labels that begin with the
 * text come first. All of them, in their own order, when nothing was typed.
 */
export function rankCommands<T extends Matchable>(commands: readonly T[], typed: string): readonly T[] {
  const words = split(typed)
  if (words.length === 0) return commands
  const scored = commands.flatMap((command) => {
    const label = split(command.label)
    const all = [...label, ...split(command.keywords ?? '')]
    if (!words.every((word) => all.some((candidate) => candidate.startsWith(word)))) return []
    const inLabel = words.every((word) => label.some((candidate) => candidate.startsWith(word)))
    const first = label[0]?.startsWith(words[0] ?? '') ?? false
    return [{ command, score: (inLabel ? 2 : 0) + (first ? 1 : 0) }]
  })
  return scored.sort((a, b) => b.score - a.score).map((entry) => entry.command)
}

function split(text: string): string[] {
  return text
    .toLocaleLowerCase()
    .split(/[\s/:,.-]+/)
    .filter((word) => word !== '')
}
