// Writes NOTICES.txt: name, version, licence and licence text of every third-party package that is shipped.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './lib.mjs'

/** Packages of the window are bundled, so they ship although they are development dependencies. */
const bundled = /^(react|react-dom|scheduler|dayjs|clsx|@mantine\/|@tanstack\/|@tabler\/|@floating-ui\/|zod)/

/** @returns {string[]} folders of the packages that ship, from the lockfile */
function shippedPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return Object.entries(packages)
    .filter(([path, info]) => path.startsWith('node_modules/') && (!info.dev || bundled.test(path.slice('node_modules/'.length))))
    .map(([path]) => path)
    .filter((path) => existsSync(join(root, path, 'package.json')))
    .sort()
}

export function writeNotices() {
  const parts = shippedPackages().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))
    const file = readdirSync(join(root, path)).find((entry) => /^(licen[cs]e|copying|notice)/i.test(entry))
    const text = file === undefined ? '' : `\n\n${readFileSync(join(root, path, file), 'utf8').trim()}`
    return `${name} ${version} (${typeof license === 'string' ? license : 'see text'})${text}`
  })
  writeFileSync(
    join(root, 'NOTICES.txt'),
    `Countinghouse includes the following third-party software.\n\n${parts.join('\n\n----------\n\n')}\n`,
  )
}
