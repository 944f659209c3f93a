import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { explorePractice, practiceYear } from './practice'

/** Makes the practice year once for a run; each test that wants a practice business opens a copy. */
export default async function makePracticeYear(): Promise<() => void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'countinghouse-e2e-year-'))
  const app = await explorePractice(dataDir)
  await app.close()
  process.env[practiceYear] = dataDir
  return () => rmSync(dataDir, { recursive: true, force: true })
}
