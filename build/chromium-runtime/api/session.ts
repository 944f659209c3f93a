import { EventEmitter } from 'node:events'
import { chromiumRuntime } from '../runtime.ts'
import { Protocol } from './protocol.ts'

/** What `webRequest` offers; registrations are recorded and never called. */
const WEB_REQUEST_EVENTS = [
  'onBeforeRequest',
  'onBeforeSendHeaders',
  'onSendHeaders',
  'onHeadersReceived',
  'onResponseStarted',
  'onBeforeRedirect',
  'onCompleted',
  'onErrorOccurred',
] as const

type WebRequest = Record<(typeof WEB_REQUEST_EVENTS)[number], (...args: unknown[]) => void>

const recordedWebRequest = (): WebRequest =>
  Object.fromEntries(
    WEB_REQUEST_EVENTS.map((name) => [name, (...args: unknown[]) => chromiumRuntime.record(`webRequest.${name}`, ...args)]),
  ) as WebRequest

/**
 * Electron's `Session`. Windows never share storage here: each has a profile of its own that is gone when the window is, so there is
 * nothing left to clear. Every permission is denied by the browser itself, whatever the handlers would say.
 */
export class Session extends EventEmitter {
  readonly protocol = new Protocol()
  readonly webRequest = recordedWebRequest()
  readonly partition: string
  /** The registered handlers, so that tests can ask them. */
  permissionRequestHandler: ((...args: unknown[]) => void) | null = null
  permissionCheckHandler: ((...args: unknown[]) => boolean) | null = null
  devicePermissionHandler: ((...args: unknown[]) => boolean) | null = null

  constructor(partition: string) {
    super()
    this.partition = partition
  }

  isPersistent(): boolean {
    return false
  }

  getStoragePath(): string | null {
    return null
  }

  setPermissionRequestHandler(handler: ((...args: unknown[]) => void) | null): void {
    this.permissionRequestHandler = handler
  }

  setPermissionCheckHandler(handler: ((...args: unknown[]) => boolean) | null): void {
    this.permissionCheckHandler = handler
  }

  setDevicePermissionHandler(handler: ((...args: unknown[]) => boolean) | null): void {
    this.devicePermissionHandler = handler
  }

  async clearStorageData(...args: unknown[]): Promise<void> {
    chromiumRuntime.record('session.clearStorageData', ...args)
  }

  async clearCache(): Promise<void> {
    chromiumRuntime.record('session.clearCache')
  }

  async clearCodeCaches(...args: unknown[]): Promise<void> {
    chromiumRuntime.record('session.clearCodeCaches', ...args)
  }

  async clearHostResolverCache(): Promise<void> {
    chromiumRuntime.record('session.clearHostResolverCache')
  }

  async clearAuthCache(): Promise<void> {
    chromiumRuntime.record('session.clearAuthCache')
  }

  async clearData(...args: unknown[]): Promise<void> {
    chromiumRuntime.record('session.clearData', ...args)
  }

  async closeAllConnections(): Promise<void> {
    chromiumRuntime.record('session.closeAllConnections')
  }

  flushStorageData(): void {
    chromiumRuntime.record('session.flushStorageData')
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    chromiumRuntime.record('session.setSpellCheckerEnabled', enabled)
  }
}

const sessions = new Map<string, Session>()

/** `session`: the default session and one per partition name. */
export const session = {
  get defaultSession(): Session {
    return session.fromPartition('')
  },
  fromPartition(partition: string): Session {
    const known = sessions.get(partition) ?? new Session(partition)
    sessions.set(partition, known)
    return known
  },
}
