/** Which runtime shows the window. The Chromium runtime names itself in `process.versions`. */
const chromium = process.versions['countinghouse-chromium']

export const runtime: { readonly kind: 'electron' | 'chromium'; readonly version: string; readonly note: string | null } =
  chromium === undefined
    ? { kind: 'electron', version: process.versions.electron ?? '', note: null }
    : {
        kind: 'chromium',
        version: chromium,
        note: 'Electron’s binary is not on this machine, so the window runs in an installed browser: there is no tray, no keychain and no operating-system sandbox of Electron.',
      }
