import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page } from '@playwright/test'
import { valueFromPage } from './callFromPage'
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

/**
 * Makes a second business and waits until the window knows it: a change shows within 250 ms, and keys pressed before that mean nothing.
 * Answers the keys that show it.
 */
export async function addBusiness(page: Page, name: string): Promise<string> {
  await valueFromPage(page, 'businesses.create', { name, currency: 'USD', country: 'US', timeZone: 'America/New_York' })
  const { items } = await valueFromPage(page, 'businesses.list', {})
  await page.getByRole('button', { name: /^Switch business/ }).click()
  const menu = page.getByRole('menu')
  await expect(menu.getByRole('menuitem', { name })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(menu).toBeHidden()
  return `ControlOrMeta+${items.findIndex((business) => business.name === name) + 1}`
}
