import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { chromiumRuntime } from '../runtime.ts'

/** An image that is carried about and never drawn. */
class NativeImage {
  readonly #data: Buffer
  isMacTemplateImage = false

  constructor(data: Buffer) {
    this.#data = data
  }

  isEmpty = () => this.#data.length === 0
  toPNG = () => this.#data
  toDataURL = () => `data:image/png;base64,${this.#data.toString('base64')}`
  /** Width and height of a PNG, from its header (PNG specification, 11.2.2 IHDR); zero for anything else. */
  getSize = () =>
    this.#data.toString('latin1', 12, 16) === 'IHDR'
      ? { width: this.#data.readUInt32BE(16), height: this.#data.readUInt32BE(20) }
      : { width: 0, height: 0 }
  resize = () => this
  crop = () => this
  setTemplateImage = (on: boolean) => {
    this.isMacTemplateImage = on
  }
  isTemplateImage = () => this.isMacTemplateImage
}

function readImage(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    // Electron gives an empty image for a file it cannot read.
    return Buffer.alloc(0)
  }
}

export const nativeImage = {
  createEmpty: () => new NativeImage(Buffer.alloc(0)),
  createFromPath: (file: string) => new NativeImage(readImage(file)),
  createFromBuffer: (data: Buffer) => new NativeImage(data),
  createFromDataURL: (url: string) => new NativeImage(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
}

/** A notification that is recorded when it is shown; tests emit its 'click'. */
export class Notification extends EventEmitter {
  static readonly shown: Notification[] = []
  static isSupported = () => true
  readonly title: string
  readonly body: string
  readonly options: object

  constructor(options: { title?: string; body?: string } = {}) {
    super()
    this.options = options
    this.title = options.title ?? ''
    this.body = options.body ?? ''
  }

  show(): void {
    chromiumRuntime.record('Notification.show', this.options)
    Notification.shown.push(this)
    this.emit('show', {})
  }

  close(): void {
    this.emit('close', {})
  }
}

interface MenuItemOptions {
  id?: string
  label?: string
  role?: string
  type?: string
  accelerator?: string
  enabled?: boolean
  visible?: boolean
  checked?: boolean
  submenu?: Menu | MenuItemOptions[]
  click?: (item: MenuItem, window: unknown, event: unknown) => void
}

export class MenuItem {
  readonly id: string | undefined
  readonly label: string
  readonly role: string | undefined
  readonly type: string
  readonly accelerator: string | undefined
  enabled: boolean
  visible: boolean
  checked: boolean
  readonly submenu: Menu | undefined
  readonly #click: MenuItemOptions['click']

  constructor(options: MenuItemOptions) {
    this.id = options.id
    this.role = options.role
    this.label = options.label ?? options.role ?? ''
    this.type = options.type ?? (options.submenu ? 'submenu' : 'normal')
    this.accelerator = options.accelerator
    this.enabled = options.enabled ?? true
    this.visible = options.visible ?? true
    this.checked = options.checked ?? false
    this.submenu = Array.isArray(options.submenu) ? Menu.buildFromTemplate(options.submenu) : options.submenu
    this.#click = options.click
  }

  /** Does what choosing the item does; tests call it, as no menu is drawn. Roles do nothing. */
  click(window: unknown = undefined, event: unknown = {}): void {
    if (this.enabled) this.#click?.(this, window, event)
  }
}

export class Menu extends EventEmitter {
  static #application: Menu | null = null
  readonly items: MenuItem[] = []

  static buildFromTemplate(template: (MenuItemOptions | MenuItem)[]): Menu {
    const menu = new Menu()
    for (const item of template) menu.append(item instanceof MenuItem ? item : new MenuItem(item))
    return menu
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#application
  }

  append(item: MenuItem): void {
    this.items.push(item)
  }

  insert(position: number, item: MenuItem): void {
    this.items.splice(position, 0, item)
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }

  popup(options: unknown = {}): void {
    chromiumRuntime.record('Menu.popup', options)
  }

  closePopup(): void {
    chromiumRuntime.record('Menu.closePopup')
  }
}

/** A tray icon nobody sees; its menu can be read and clicked by tests. */
export class Tray extends EventEmitter {
  static readonly all: Tray[] = []
  menu: Menu | null = null
  #destroyed = false

  constructor(image: unknown) {
    super()
    chromiumRuntime.record('Tray', image)
    Tray.all.push(this)
  }

  setContextMenu(menu: Menu | null): void {
    this.menu = menu
  }

  setToolTip(text: string): void {
    chromiumRuntime.record('Tray.setToolTip', text)
  }

  setTitle(text: string): void {
    chromiumRuntime.record('Tray.setTitle', text)
  }

  setImage(image: unknown): void {
    chromiumRuntime.record('Tray.setImage', image)
  }

  popUpContextMenu(): void {
    chromiumRuntime.record('Tray.popUpContextMenu')
  }

  destroy(): void {
    this.#destroyed = true
    Tray.all.splice(Tray.all.indexOf(this), 1)
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }
}

const shortcuts = new Map<string, () => void>()

/** Shortcuts that no key reaches; `__chromiumRuntime.pressShortcut` stands in for the person. */
export const globalShortcut = {
  register(accelerator: string, callback: () => void): boolean {
    chromiumRuntime.record('globalShortcut.register', accelerator)
    if (shortcuts.has(accelerator)) return false
    shortcuts.set(accelerator, callback)
    return true
  },
  registerAll(accelerators: string[], callback: () => void): void {
    for (const accelerator of accelerators) globalShortcut.register(accelerator, callback)
  },
  isRegistered: (accelerator: string): boolean => shortcuts.has(accelerator),
  unregister: (accelerator: string): boolean => shortcuts.delete(accelerator),
  unregisterAll: (): void => shortcuts.clear(),
}

/** For tests: presses a registered shortcut; false when nobody registered it. */
export function pressShortcut(accelerator: string): boolean {
  const callback = shortcuts.get(accelerator)
  callback?.()
  return callback !== undefined
}
