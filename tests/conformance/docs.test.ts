import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contract } from '../../shared/contract/index'

const root = join(import.meta.dirname, '../..')
const guides = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)
const pages = ['README.md', ...guides, ...readdirSync(join(root, 'docs/adr')).map((name) => `docs/adr/${name}`)]
const textOf = (page: string) => readFileSync(join(root, page), 'utf8')

/** What the API page has people type: `call domain/procedure '{...}'`. */
const calls = [...textOf('docs/api.md').matchAll(/^call (\S+) '([\s\S]+?)'$/gm)].map(([, path = '', body = '']) => ({
  path,
  body,
}))
const procedures: Readonly<Record<string, (typeof contract)[keyof typeof contract]>> = contract

describe('the documents', () => {
  test('show calls of the API', () => expect(calls.length).toBeGreaterThan(10))

  test.each(calls)('call $path with a body that its procedure takes', ({ path, body }) => {
    const parsed = procedures[path.replace('/', '.')]?.input.safeParse(JSON.parse(body))
    expect(parsed).toMatchObject({ success: true })
  })

  test('name only procedures that there are', () => {
    const domains = [...new Set(Object.keys(contract).map((name) => name.split('.')[0]))].join('|')
    // The page for who changes the app names folders in the same form.
    const named = pages
      .filter((page) => page !== 'docs/contributing.md')
      .flatMap((page) => {
        const found = textOf(page).matchAll(new RegExp(`(?:\`|/api/v1/)((?:${domains})/[a-z][A-Za-z]+)(?=[\`?" ])`, 'g'))
        return [...found].map(([, name = '']) => name.replace('/', '.'))
      })
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !(name in contract))).toEqual([])
  })

  test('link only to what is there, and every guide stands in the index of the README', () => {
    const links = (page: string) =>
      [...textOf(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => join(dirname(page), link))
    expect(pages.flatMap(links).filter((path) => !existsSync(join(root, path)))).toEqual([])
    expect(guides.filter((page) => !links('README.md').includes(page))).toEqual([])
  })

  test('name only scripts that there are', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
    const named = pages.flatMap((page) => [...textOf(page).matchAll(/npm run ([a-z][a-z:]*)/g)].map(([, name = '']) => name))
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})
