import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from '@playwright/test'
import { type LaunchedApp, launchApp } from './launchApp'

export interface OpenPractice {
  readonly app: LaunchedApp
  close(): Promise<void>
}

/** Starts the app in a new data folder, explores the practice business and waits for Today. */
export async function openPractice(): Promise<OpenPractice> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'countinghouse-e2e-'))
  const app = await launchApp({ dataDir })
  const close = async () => {
    await app.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await app.main.setWindowSize(1280, 800)
    await app.page.getByRole('button', { name: /Explore a practice business/ }).click()
    await expect(app.page.getByRole('heading', { level: 1, name: 'Today' })).toBeVisible({ timeout: 60_000 })
    return { app, close }
  } catch (error) {
    await close()
    throw error
  }
}
