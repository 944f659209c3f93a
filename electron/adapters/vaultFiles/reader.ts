import type { ForeignFormat, ForeignVault, ForeignVaultReader } from '../../core/ports/foreignVault'
import { readBitwarden } from './bitwarden'
import { checkCount, damaged } from './fields'
import { readKeePass } from './keePass'
import { readOnePassword } from './onePassword'
import { readCsv, readEnv } from './table'

/** Largest file by format, in MiB: those with attachments are larger, and no parser of text is asked for more than it can answer soon. */
const mostMiB: Readonly<Record<ForeignFormat, number>> = { bitwarden: 32, '1pux': 100, kdbx: 100, csv: 32, env: 1 }

async function readFormat(format: ForeignFormat, content: Buffer, password: string | undefined): Promise<ForeignVault> {
  switch (format) {
    case 'bitwarden':
      return readBitwarden(content, password)
    case '1pux':
      return readOnePassword(content)
    case 'kdbx':
      return readKeePass(content, password)
    case 'csv':
      return readCsv(content)
    case 'env':
      return readEnv(content)
  }
}

/** Reads the exports of Bitwarden, 1Password and KeePass, CSV of browsers and others, and .env files. */
export const foreignVaultReader: ForeignVaultReader = {
  async read(format, content, password) {
    if (content.length > mostMiB[format] * 1024 * 1024) throw damaged(`the file is larger than ${mostMiB[format]} MiB.`)
    const vault = await readFormat(format, content, password)
    checkCount(vault.items)
    return vault
  },
}
