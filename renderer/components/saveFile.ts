import type { ShellInput } from '../../shared/contract/shell'
import { callShell } from '../api/bridge'

/** UTF-16 units of one message to the shell. */
const pieceSize = 200_000

/**
 * Writes text to a file that the owner chooses in a native dialog. A file that is not written to its end is not left behind.
 * @param write appends the text, in as many parts as it likes; answers whether the file is whole
 * @returns whether there is a file now; null when the owner closed the dialog
 * @throws CallError and whatever `write` throws
 */
export async function saveFile(
  file: ShellInput<'shell.beginSave'>,
  write: (append: (text: string) => Promise<void>) => Promise<boolean>,
): Promise<boolean | null> {
  const { saveId } = await callShell('shell.beginSave', file)
  if (saveId === null) return null
  let whole = false
  try {
    whole = await write(async (text) => {
      for (const piece of pieces(text, pieceSize)) await callShell('shell.appendSave', { saveId, text: piece })
    })
  } finally {
    await callShell('shell.endSave', { saveId, discard: !whole })
  }
  return whole
}

/** Cuts text into pieces of at most `size` UTF-16 units, never between the halves of a surrogate pair. */
export function pieces(text: string, size: number): string[] {
  const parts: string[] = []
  let from = 0
  while (from < text.length) {
    let to = Math.min(from + size, text.length)
    const last = text.charCodeAt(to - 1)
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to -= 1
    parts.push(text.slice(from, to))
    from = to
  }
  return parts
}
