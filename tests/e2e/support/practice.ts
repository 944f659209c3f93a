import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page } from '@playwright/test'
import { valueFromPage } from './callFromPage'
import { type LaunchedApp, launchApp } from './launchApp'

/** The environment variable that names the folder with a finished practice year. */
export const practiceYear = 'COUNTINGHOUSE_E2E_PRACTICE_YEAR'

export interface OpenPractice {
  readonly app: LaunchedApp
  close(): Promise<void>
}

/** Starts the app in a data folder without a practice world, explores it and waits for Today. */
export async function explorePractice(dataDir: string): Promise<LaunchedApp> {
  return await enterPractice(dataDir, /Explore a practice business/)
}

/** Starts the app on a copy of the practice year that this run made, enters it and waits for Today. */
export async function openPractice(): Promise<OpenPractice> {
  const year = process.env[practiceYear]
  if (year === undefined) throw new Error('There is no practice year: globalSetup of playwright.config.ts makes it')
  const dataDir = mkdtempSync(path.join(tmpdir(), 'countinghouse-e2e-'))
  const remove = () => rmSync(dataDir, { recursive: true, force: true })
  try {
    cpSync(year, dataDir, { recursive: true })
    const app = await enterPractice(dataDir, /Continue in the practice world/)
    const close = async () => {
      await app.close()
      remove()
    }
    return { app, close }
  } catch (error) {
    remove()
    throw error
  }
}

async function enterPractice(dataDir: string, button: RegExp): Promise<LaunchedApp> {
  const app = await launchApp({ dataDir })
  try {
    await app.main.setWindowSize(1280, 800)
    await app.page.getByRole('button', { name: button }).click()
    await expect(app.page.getByRole('heading', { level: 1, name: 'Today' })).toBeVisible({ timeout: 120_000 })
    return app
  } catch (error) {
    await app.close()
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
