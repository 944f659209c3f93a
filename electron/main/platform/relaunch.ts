/** Runs an AppImage without mounting it (AppImage runtime, type 2). */
const unmounted = '--appimage-extract-and-run'

/**
 * How `app.relaunch` starts the same app with the same arguments.
 *
 * In an AppImage the running executable lies in a mount that goes with the process, and what Electron starts may gain no privileges, which
 * mounting anew takes: so the image itself is started, and not mounted (electron-builder, issues 1727 and 4650).
 * @param appImage path of the image that runs; undefined where none does
 * @param argv as in `process.argv`: the executable first
 * @returns undefined where Electron's own choice, the same executable with the same arguments, is right
 */
export function relaunchOptions(
  appImage: string | undefined,
  argv: readonly string[],
): { execPath: string; args: string[] } | undefined {
  if (appImage === undefined) return undefined
  return { execPath: appImage, args: [unmounted, ...argv.slice(1).filter((argument) => argument !== unmounted)] }
}
