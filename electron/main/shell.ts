import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { dialog, app as electronApp, safeStorage, shell as system } from 'electron'
import type { BridgeEvent } from '../../shared/contract/bridge'
import type { ShellInput, ShellOutput, ShellProcedure, ShellState, World } from '../../shared/contract/shell'
import { AppError } from '../../shared/errors'
import { createLogger } from '../adapters/pino/logger'
import { type App, openApp, practicePassphrase } from '../container'
import type { KeptOptions } from '../container.options'
import { noKeyStore } from '../core/ports/keyStore'
import { openingsOf, type ProofInput, proofOf, readVaultInfo, vaultExists, wipeProof } from '../core/vault/index'
import type { ApiDoor } from '../server/apiDoor'
import { Destination } from './destination'
import { contactedHosts } from './hosts'
import { ClipboardGuard } from './platform/clipboardGuard'
import { fileDialogs } from './platform/fileDialogs'
import { FileSaves } from './platform/fileSaves'
import { createKeychain } from './platform/keychain'
import { notifier } from './platform/notifier'
import { relaunchOptions } from './platform/relaunch'
import { runtime } from './platform/runtime'
import type { Settings } from './platform/settings'
import { RestoreBackup } from './restoreBackup'
import { type AppWindow, mayOpenOutside, openOutside } from './window'

/** Minutes without a key or pointer that are told while no vault is open to say its own. */
const usualIdleMinutes = 5

/** Why the window cannot ask an authenticator. Other programs can: what one gives is taken over the API. */
const passkeyProblem =
  runtime.kind === 'electron'
    ? 'A passkey belongs to a web address. This window shows pages of the app itself (app://), and for those the browser engine asks no authenticator.'
    : 'A passkey belongs to a web address. The pages of this window have only a made-up one, and a passkey made for it would open nothing in the installed app.'

type ShellHandlers = { readonly [N in ShellProcedure]: (input: ShellInput<N>) => Promise<ShellOutput<N>> }

/** The window's shell: which vault is open, the lock, and what only this machine's screen can do. */
export class Shell {
  readonly destination: Destination
  readonly #settings: Settings
  readonly #dataFolder: string | null
  readonly #window: AppWindow
  readonly #backupWorker: string
  readonly #restoring: RestoreBackup
  readonly #clipboard = new ClipboardGuard()
  readonly #saves = new FileSaves()
  readonly #keychain =
    runtime.kind === 'electron'
      ? createKeychain({
          safe: safeStorage,
          file: join(electronApp.getPath('userData'), 'keychain.json'),
          platform: process.platform,
        })
      : noKeyStore('The window runs in an installed browser here, which has no way to the keychain.')
  #desktopKeys: ShellState['desktopKeys'] = []
  #app: App | null = null
  #opening = false
  #door: ApiDoor | null = null
  #idleTimer: NodeJS.Timeout | null = null
  #takenDown: Promise<void> = Promise.resolve()
  #ending = false

  /**
   * @param dataFolder the folder of `--data`: the live vault lies in it, as in a headless run; null for Electron's userData
   * @param dist the folder of the built app
   */
  constructor(settings: Settings, window: AppWindow, dataFolder: string | null, dist: string) {
    this.#backupWorker = join(dist, 'main', 'backupWorker.js')
    this.#restoring = new RestoreBackup({
      liveFolder: () => this.folderOf('live'),
      backupWorker: this.#backupWorker,
      onProgress: (done) => this.#send({ kind: 'vaultProgress', step: 'restore', done, total: 100 }),
    })
    this.#dataFolder = dataFolder
    this.#settings = settings
    this.#window = window
    this.destination = new Destination(window)
  }

  get app(): App | null {
    return this.#app
  }

  folderOf(world: World): string {
    const home = this.#dataFolder ?? electronApp.getPath('userData')
    if (world === 'practice') return join(home, 'practice')
    return this.#settings.liveFolder ?? this.#dataFolder ?? join(home, 'live')
  }

  /** The open app for a procedure of the page. @throws AppError locked where there is none */
  requireApp(): App {
    if (this.#app === null) throw new AppError('locked', 'No vault is open. Open one first.')
    return this.#app
  }

  /** Says which keys of the whole desktop are ours. */
  set desktopKeys(keys: ShellState['desktopKeys']) {
    this.#desktopKeys = keys
  }

  state(): ShellState {
    const open = this.#app
    return {
      phase: this.#phase,
      world: open?.world ?? null,
      version: electronApp.getVersion(),
      runtime: runtime.kind,
      runtimeNote: runtime.note,
      existingVaults: (['live', 'practice'] as const).map((id) => {
        const folder = this.folderOf(id)
        return { id, exists: vaultExists(folder), opensWith: openingsOf(folder) }
      }),
      theme: this.#settings.theme,
      apiDoor: { on: this.#door !== null, url: this.#door === null ? null : `http://127.0.0.1:${this.#door.port}` },
      webhookUrl: open?.webhookOrigin ?? null,
      hosts: contactedHosts(open?.world ?? 'live'),
      idleMinutes: this.#idleMinutes,
      whileLocked: open?.locking.whileLocked ?? null,
      desktopKeys: this.#desktopKeys,
    }
  }

  /** Locks: the page and its process are destroyed, doors answer 423, the clipboard is ours no more. Schedules go on. */
  async lock(): Promise<void> {
    if (this.#app === null || this.#app.isLocked) return
    this.#app.lock()
    await this.#takenDown
  }

  /** Locks from outside the window, and says so: nobody may be looking at it. */
  async lockFromAnywhere(): Promise<void> {
    if (this.#app === null || this.#app.isLocked) return
    await this.lock()
    notifier.notify({
      title: 'The vault is locked',
      body: 'Its window unlocks it.',
      route: null,
    })
  }

  /** Pauses everything, also while locked, and says whether it worked: nobody may be looking at the window. */
  async pauseEverything(): Promise<void> {
    if (this.#app === null) return
    try {
      await this.#app.pauseEverything()
      const body = 'No schedule runs, nothing is sent and no secret is used until you go on in the window.'
      notifier.notify({ title: 'Everything is paused', body, route: '/' })
    } catch (error) {
      const body = error instanceof AppError ? error.message : 'Quit the app to stop everything.'
      notifier.notify({ title: 'It could not be paused', body, route: '/' })
    }
  }

  /** What follows a lock, whoever asked for it: the window's button, the API, the machine going to sleep. */
  async #takeDown(): Promise<void> {
    await this.#clipboard.clear()
    this.#saves.discardAll()
    await this.#window.replace()
  }

  /** Seals what is open before the process ends. The page says so meanwhile. */
  async end(): Promise<void> {
    this.#ending = true
    if (this.#app !== null) this.#announce()
    await this.#seal()
  }

  /** Seals: ends everything of the open vault. Of a live one something may stay in memory, which ends with the process alone. */
  async #seal(): Promise<void> {
    const open = this.#app
    if (open === null) return
    this.#app = null
    this.#stopIdle()
    await this.#clipboard.clear()
    this.#saves.discardAll()
    await this.#door?.close()
    this.#door = null
    await open.close()
  }

  readonly handlers: ShellHandlers = {
    'shell.state': async () => this.state(),
    'shell.createVault': async ({ passphrase }) => {
      if (vaultExists(this.folderOf('live')))
        throw new AppError('conflict', 'There is a vault on this machine already. Open it with its passphrase.')
      return this.#open('live', { passphrase })
    },
    'shell.openVault': async ({ world, ...proof }) => {
      if (this.#app !== null && this.#app.world === world) {
        await this.#app.unlock(proof, 'window')
        this.#restartIdle()
        return this.#announce()
      }
      if (!vaultExists(this.folderOf(world)))
        throw new AppError('not_found', 'There is no vault on this machine yet. Create one first.')
      return this.#open(world, proof)
    },
    'shell.chooseVault': async () => {
      this.#refuseBesideLive()
      const { filePaths } = await dialog.showOpenDialog({ title: 'Open a vault', properties: ['openDirectory'] })
      const folder = filePaths[0]
      if (folder === undefined) return { chosen: false, state: this.state() }
      if (!vaultExists(folder))
        throw new AppError('not_found', 'There is no vault in this folder. Choose the folder that holds the file vault.header.')
      this.#settings.liveFolder = folder
      return { chosen: true, state: this.#announce() }
    },
    'shell.chooseBackup': async () => {
      this.#refuseBesideLive()
      return { backup: await this.#restoring.choose() }
    },
    'shell.restoreBackup': async (given) => {
      const folder = await this.#alone(async () => this.#restoring.restore(await proofOf(given, () => '', this.#keychain)))
      if (folder !== this.folderOf('live')) this.#settings.liveFolder = folder
      return this.#open('live', given)
    },
    'shell.explorePractice': async () => this.#open('practice', { passphrase: practicePassphrase }),
    'shell.deletePractice': async () => {
      if (this.#app?.world === 'practice') await this.#seal()
      rmSync(this.folderOf('practice'), { recursive: true, force: true })
      return this.#announce()
    },
    'shell.closeVault': async () => {
      if (this.#app?.world !== 'live') {
        this.destination.take()
        await this.#seal()
        return this.#announce()
      }
      if (!this.#ending) {
        electronApp.relaunch(relaunchOptions(electronApp.isPackaged ? process.env.APPIMAGE : undefined, process.argv))
        electronApp.quit()
      }
      return this.state()
    },
    'shell.setTheme': async ({ theme }) => {
      this.#settings.theme = theme
      return this.#announce()
    },
    'shell.setApiDoor': async ({ on }) => {
      await this.#door?.close()
      this.#door = null
      if (!on) {
        this.#announce()
        return { on: false, url: null }
      }
      const token = `cht_${randomBytes(32).toString('base64url')}`
      const door = await this.requireApp().openApiDoor(0, token)
      this.#door = door
      this.#announce()
      return { on: true, url: `http://127.0.0.1:${door.port}`, token }
    },
    'shell.openExternal': async ({ url }) => {
      if (!mayOpenOutside(url, this.#app?.practiceOrigin ?? null)) {
        throw new AppError('forbidden', 'This address was not opened: only https and mailto addresses are.')
      }
      await openOutside(url)
      return { opened: true }
    },
    'shell.activity': async () => {
      this.#restartIdle()
      return { idleMinutes: this.#idleMinutes }
    },
    'shell.takeDestination': async () => ({ destination: this.destination.take() }),
    'shell.savePdf': async ({ invoiceId }) => {
      const open = this.requireApp()
      const pdf = await open.dispatcher.call('invoices.pdf', { invoiceId }, { actor: open.owner, door: 'window' })
      return { saved: await this.#saves.saveWhole(pdf.fileName, Buffer.from(pdf.base64, 'base64')) }
    },
    'shell.beginSave': async ({ suggestedName }) => ({ saveId: await this.#saves.begin(suggestedName) }),
    'shell.appendSave': async ({ saveId, text }) => ({ bytes: this.#saves.append(saveId, text) }),
    'shell.endSave': async ({ saveId, discard }) => ({ saved: this.#saves.end(saveId, discard) }),
    'shell.copyText': async ({ text, brief }) => {
      if (brief) await this.#clipboard.copySecret(text)
      else await this.#clipboard.copy(text)
      return { copied: true }
    },
    'shell.copySecret': async ({ ticket }) => {
      const value = this.requireApp().redeemCopyTicket(ticket)
      try {
        const clearsAt = await this.#clipboard.copySecret(value.toString('utf8'))
        this.#send({ kind: 'changed', topics: ['secrets', 'audit'] })
        return { copied: true, clearsAt }
      } finally {
        value.fill(0)
      }
    },
    'shell.showDataFolder': async () => {
      const folder = this.folderOf(this.#app?.world ?? 'live')
      if (!existsSync(folder)) return { shown: false }
      system.showItemInFolder(folder)
      return { shown: true }
    },
    'shell.about': async () => ({
      version: electronApp.getVersion(),
      runtime: runtime.kind,
      runtimeVersion: runtime.version,
      runtimeNote: runtime.note,
      databaseVersion: this.#app?.databaseVersion ?? '',
      dataLocation: this.folderOf(this.#app?.world ?? 'live'),
      license: 'UNLICENSED',
    }),
  }

  get #phase(): ShellState['phase'] {
    if (this.#ending) return 'closing'
    if (this.#app === null) return 'welcome'
    return this.#app.isLocked ? 'locked' : 'open'
  }

  get #idleMinutes(): number {
    return this.#app?.locking.idleMinutes ?? usualIdleMinutes
  }

  /** What a live vault leaves in memory goes with the process (promise V5), so nothing else is opened in one that had it. */
  #refuseBesideLive(): void {
    if (this.#ending) throw new AppError('conflict', 'Nothing was opened: the app is closing. It starts anew in a moment.')
    if (this.#app?.world === 'live')
      throw new AppError('conflict', 'Nothing was opened: your own vault is in use. Close it first; the app then starts anew.')
  }

  /** One vault at a time is opened or restored. @throws AppError conflict */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseBesideLive()
    if (this.#opening) throw new AppError('conflict', 'A vault is being opened. Wait until it is done.')
    this.#opening = true
    try {
      return await work()
    } finally {
      this.#opening = false
    }
  }

  #open(world: World, given: ProofInput): Promise<ShellState> {
    return this.#alone(async () => {
      const dataDir = this.folderOf(world)
      const proof = await proofOf(given, () => readVaultInfo(dataDir).vaultId, this.#keychain)
      try {
        await this.#seal()
        return this.#take(await openApp({ ...this.#optionsOf(world, dataDir), proof }))
      } finally {
        wipeProof(proof)
      }
    })
  }

  #take(app: App): ShellState {
    this.#app = app
    app.onLock(() => {
      this.#takenDown = this.#takeDown()
    })
    this.#restartIdle()
    return this.#announce()
  }

  /**
   * All that opening takes but the proof. What lives as long as the vault is open is made where no proof is in scope: a function keeps alive
   * everything that any other one made beside it uses (promise V5).
   */
  #optionsOf(world: World, dataDir: string): KeptOptions {
    return {
      dataDir,
      world,
      door: 'window',
      webhookPort: 0,
      ...(world === 'live' ? { anchorFolder: join(electronApp.getPath('userData'), 'anchors') } : {}),
      createLogger,
      notifier,
      fileDialogs,
      keyStore: this.#keychain,
      passkeyProblem,
      backupWorker: this.#backupWorker,
      publish: (event) => this.#send(event),
      onPracticeProgress: (step, done, total) => this.#send({ kind: 'practiceProgress', step, done, total }),
    }
  }

  #send(event: BridgeEvent): void {
    this.#window.send(event)
  }

  #announce(): ShellState {
    const state = this.state()
    this.#send({ kind: 'shellState', state })
    return state
  }

  #restartIdle(): void {
    this.#stopIdle()
    this.#idleTimer = setTimeout(() => void this.lock(), this.#idleMinutes * 60_000)
  }

  #stopIdle(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer)
    this.#idleTimer = null
  }
}
