import type { Migration } from '../migrate'
import { vault } from './0001_vault'

/** Every migration in order of version. Append only: a released one is never edited, removed or renumbered. */
export const migrations: readonly Migration[] = [vault]
