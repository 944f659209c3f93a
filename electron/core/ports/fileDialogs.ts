/** Files and folders that the owner chooses at this machine. No caller ever names a path. */
export interface FileDialogs {
  /** Asks for a file to read. @returns null when cancelled */
  openForReading(filter: { readonly title: string; readonly extensions: readonly string[] }): Promise<{
    /** Name of the file, without its folder. */
    readonly name: string
    readonly totalBytes: number
    readonly chunks: AsyncIterable<Uint8Array>
  } | null>
  /** Asks where to write, then writes the chunks and puts the file in place when it is whole. @returns false when cancelled */
  save(suggestedName: string, chunks: Iterable<string | Uint8Array>): Promise<boolean>
  /** Asks for a folder. @returns its path, for the core alone; null when cancelled */
  chooseFolder(title: string): Promise<string | null>
}
