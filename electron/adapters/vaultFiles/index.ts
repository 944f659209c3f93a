import type { ForeignVaultReader } from '../../core/ports/foreignVault'
import { readBitwarden } from './bitwarden'
import { readKeePass } from './keePass'
import { readOnePassword } from './onePassword'
import { readCsv, readEnv } from './table'

/** Reads the exports of Bitwarden, 1Password and KeePass, CSV of browsers and others, and .env files. */
export const foreignVaultReader: ForeignVaultReader = {
  async read(format, content, password) {
    switch (format) {
      case 'bitwarden':
        return readBitwarden(content)
      case '1pux':
        return readOnePassword(content)
      case 'kdbx':
        return readKeePass(content, password)
      case 'csv':
        return readCsv(content)
      case 'env':
        return readEnv(content)
    }
  },
}
