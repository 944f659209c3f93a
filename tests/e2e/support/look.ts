import { mkdirSync } from 'node:fs'
import path from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import type { LaunchedApp } from './launchApp'

export const sizes = [
  [1280, 800],
  [900, 600],
] as const
export const themes = ['light', 'dark'] as const
type Theme = (typeof themes)[number]
const folder = path.join(import.meta.dirname, '../../../test-results/screens')

/**
 * Looks at what the window shows now: keeps a picture of it and answers what is wrong with it, a sentence each: it scrolls sideways, or axe
 * finds a fault of WCAG 2.1 AA (in the wide window only, since the parts are the same). It looks at what stands: what is fading in has the
 * contrast of neither its beginning nor its end.
 */
export async function look(app: LaunchedApp, name: string, theme: Theme, width: number): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  await stand(app.page, theme)
  await app.page.screenshot({ path: path.join(folder, `${name}-${theme}-${width}.png`) })
  const overflow = await app.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  const problems = overflow > 0 ? [`${name} at ${width} px scrolls sideways by ${overflow} px`] : []
  const shown = await app.page.evaluate(() => document.documentElement.dataset.mantineColorScheme)
  if (shown !== theme) problems.push(`${name} is shown in ${shown}, not in ${theme}`)
  if (width !== sizes[0][0]) return problems
  const { violations } = await new AxeBuilder({ page: app.page })
    .setLegacyMode()
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .analyze()
  return [
    ...problems,
    ...violations.flatMap(({ id, nodes }) => nodes.map((node) => `${name}: ${id} at ${node.html.slice(0, 200)}`)),
  ]
}

/** Lets what moves come to its end, and what appears from now on appear at once. */
async function stand(page: Page, theme: Theme): Promise<void> {
  // The theme is named, since what is left out is set to the default of the test runner.
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: theme })
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map(({ finished }) => finished))
  })
}
