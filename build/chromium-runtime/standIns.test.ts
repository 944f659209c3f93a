import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, startFixture } from './fixture/startFixture.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await startFixture({ args: ['--stay'] })
})
afterAll(async () => {
  await fixture?.stop()
})

const recorded = async (api: string) =>
  await fixture.app.evaluate(
    (_electron, name) => globalThis.__chromiumRuntime.recorded.filter((call) => call.api === name).map(({ args }) => args),
    api,
  )

describe('stood-in parts of the desktop', () => {
  it('dialogs answer from the queue, and are cancelled without one', async () => {
    const answers = await fixture.app.evaluate(async ({ dialog, BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      if (!window) throw new Error('no window')
      globalThis.__chromiumRuntime.queueAnswer('showOpenDialog', { canceled: false, filePaths: ['/tmp/x.csv'] })
      return [
        await dialog.showOpenDialog(window, { title: 'Import' }),
        await dialog.showOpenDialog({ title: 'Again' }),
        await dialog.showSaveDialog(window, {}),
        await dialog.showMessageBox(window, { message: 'Sure?', buttons: ['Delete', 'Cancel'] }),
      ]
    })
    expect(answers).toEqual([
      { canceled: false, filePaths: ['/tmp/x.csv'] },
      { canceled: true, filePaths: [] },
      { canceled: true, filePath: '' },
      { response: 1, checkboxChecked: false },
    ])
    expect(await recorded('dialog.showOpenDialog')).toEqual([[{ title: 'Import' }], [{ title: 'Again' }]])
    expect(fixture.app.stderr()).toContain('dialog.showSaveDialog was answered with "cancelled"')
  })

  it('a person opens files and folders with the chooser of the browser, and saves into the downloads folder', async () => {
    const folder = mkdtempSync(path.join(fixture.data, 'chosen-'))
    writeFileSync(path.join(folder, 'statement.csv'), 'a,b')
    mkdirSync(path.join(folder, 'inner'))
    writeFileSync(path.join(folder, 'inner', 'x'), '')
    const choose = async (kind: 'openFile' | 'openDirectory', chosen: string) => {
      const chooser = fixture.page.waitForEvent('filechooser')
      // One round trip: the interception is in place before main asks.
      await fixture.page.evaluate(() => 0)
      const answer = fixture.app.evaluate(({ dialog }, property) => dialog.showOpenDialog({ properties: [property] }), kind)
      await (await chooser).setFiles(chosen)
      return (await answer).filePaths
    }
    await fixture.app.evaluate(({ app }, downloads) => {
      globalThis.__chromiumRuntime.hasPerson = true
      app.setPath('downloads', downloads)
    }, folder)
    expect(await choose('openFile', path.join(folder, 'statement.csv'))).toEqual([path.join(folder, 'statement.csv')])
    expect(await choose('openDirectory', folder)).toEqual([folder])
    const saved = await fixture.app.evaluate(async ({ dialog }) => {
      const answer = await dialog.showSaveDialog({ defaultPath: '/elsewhere/statement.csv' })
      globalThis.__chromiumRuntime.hasPerson = false
      return answer.filePath
    })
    expect(saved).toBe(path.join(folder, 'statement (1).csv'))
  })

  it('opened links and notifications are recorded, the clipboard reads back what was written', async () => {
    const text = await fixture.app.evaluate(async ({ shell, clipboard, Notification }) => {
      await shell.openExternal('https://example.com/pay')
      new Notification({ title: 'Paid', body: 'INV-1' }).show()
      clipboard.writeText('copied')
      return clipboard.readText()
    })
    expect(text).toBe('copied')
    expect(await recorded('shell.openExternal')).toEqual([['https://example.com/pay']])
    expect(await recorded('Notification.show')).toEqual([[{ title: 'Paid', body: 'INV-1' }]])
    expect(await recorded('clipboard.writeText'), 'what is copied may be a secret').toEqual([[]])
  })

  it('the theme main chooses, or the desktop has, is what the page prefers', async () => {
    const isDark = () => fixture.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
    const choose = (theme: 'dark' | 'light' | 'system') =>
      fixture.app.evaluate(({ nativeTheme }, source) => {
        let updates = 0
        nativeTheme.once('updated', () => {
          updates += 1
        })
        nativeTheme.themeSource = source
        return [nativeTheme.shouldUseDarkColors, updates]
      }, theme)
    expect(await choose('dark')).toEqual([true, 1])
    await expect.poll(isDark).toBe(true)
    expect(await choose('light')).toEqual([false, 1])
    await expect.poll(isDark).toBe(false)
    expect(await choose('system')).toEqual([false, 1])
    await fixture.app.evaluate(() => globalThis.__chromiumRuntime.setSystemTheme('dark'))
    await expect.poll(isDark).toBe(true)
  })

  it('the window has the size main gives it', async () => {
    const size = () => fixture.page.evaluate(() => [innerWidth, innerHeight])
    expect(await size()).toEqual([900, 600])
    await fixture.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800))
    await expect.poll(size).toEqual([1280, 800])
  })

  it('power events, idle time and shortcuts come from the test; input in the window ends idling', async () => {
    const told = await fixture.app.evaluate(({ powerMonitor, globalShortcut }) => {
      const heard: string[] = []
      powerMonitor.once('suspend', () => heard.push('suspend'))
      powerMonitor.emit('suspend')
      globalShortcut.register('Ctrl+L', () => heard.push('shortcut'))
      globalThis.__chromiumRuntime.pressShortcut('Ctrl+L')
      globalThis.__chromiumRuntime.setIdleTime(301)
      return [...heard, powerMonitor.getSystemIdleTime(), powerMonitor.getSystemIdleState(300)]
    })
    expect(told).toEqual(['suspend', 'shortcut', 301, 'idle'])
    await fixture.app.evaluate(() => globalThis.__chromiumRuntime.setIdleTime(undefined))
    const idle = () => fixture.app.evaluate(({ powerMonitor }) => powerMonitor.getSystemIdleTime())
    await expect.poll(idle, { timeout: 10_000 }).toBeGreaterThan(0)
    await fixture.page.mouse.click(10, 10)
    await expect.poll(idle).toBe(0)
  })

  it('there is no keychain', async () => {
    expect(
      await fixture.app.evaluate(({ safeStorage }) => {
        try {
          return [safeStorage.isEncryptionAvailable(), safeStorage.encryptString('x')]
        } catch (error) {
          return [safeStorage.getSelectedStorageBackend(), (error as Error).message]
        }
      }),
    ).toEqual(['basic_text', expect.stringContaining('no keychain')])
  })

  it('menus are built, found and clicked, though none is drawn', async () => {
    const clicked = await fixture.app.evaluate(({ Menu }) => {
      const heard: string[] = []
      const menu = Menu.buildFromTemplate([
        { label: 'File', submenu: [{ id: 'lock', label: 'Lock', click: () => heard.push('lock') }, { role: 'quit' }] },
      ])
      Menu.setApplicationMenu(menu)
      Menu.getApplicationMenu()?.getMenuItemById('lock')?.click()
      return heard
    })
    expect(clicked).toEqual(['lock'])
  })

  it('every page is isolated and sandboxed; one that is not is refused', async () => {
    const told = await fixture.app.evaluate(({ BrowserWindow }) => {
      const preferences = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): object }
      try {
        return [preferences.getLastWebPreferences(), new BrowserWindow({ webPreferences: { nodeIntegration: true } }).id]
      } catch (error) {
        return [preferences.getLastWebPreferences(), (error as Error).message]
      }
    })
    expect(told[0]).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      webSecurity: true,
      nodeIntegration: false,
      webviewTag: false,
    })
    expect(told[1]).toContain('runs only pages with sandbox')
  })

  it('a URL nobody answers is refused with its reason', async () => {
    const reasons = await fixture.app.evaluate(async ({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      const reason = (url: string) => window?.loadURL(url).then(String, (error: Error) => error.message)
      return [await reason('other://x/'), await reason('https://example.com/')]
    })
    expect(reasons).toEqual([
      "ERR_UNKNOWN_URL_SCHEME (-302) loading 'other://x/'",
      "ERR_BLOCKED_BY_CLIENT loading 'https://example.com/'",
    ])
  })
})
