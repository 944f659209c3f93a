/**
 * The module that `import 'electron'` answers with in main. Parts that cannot be stood in for are exported as `undefined`, so that a
 * named import of them still links.
 */
import { app } from './api/app.ts'
import { BrowserWindow } from './api/browserWindow.ts'
import { globalShortcut, Menu, MenuItem, Notification, nativeImage, pressShortcut, Tray } from './api/desktop.ts'
import { dialog } from './api/dialog.ts'
import { ipcMain } from './api/ipcMain.ts'
import { nativeTheme } from './api/nativeTheme.ts'
import { Session, session } from './api/session.ts'
import { shell } from './api/shell.ts'
import { clipboard, powerMonitor, safeStorage, screen, setIdleTime } from './api/system.ts'
import { WebContents } from './api/webContents.ts'
import { chromiumRuntime } from './runtime.ts'

const { protocol } = session.defaultSession

const webContents = {
  fromId: WebContents.fromId,
  getAllWebContents: WebContents.getAllWebContents,
  getFocusedWebContents: () => BrowserWindow.getFocusedWindow()?.webContents ?? null,
}

const crashReporter = {
  start: (options: unknown) => chromiumRuntime.record('crashReporter.start', options),
  getUploadToServer: () => false,
}

const absent = {
  autoUpdater: undefined,
  BaseWindow: undefined,
  contentTracing: undefined,
  desktopCapturer: undefined,
  inAppPurchase: undefined,
  MessageChannelMain: undefined,
  net: undefined,
  netLog: undefined,
  powerSaveBlocker: undefined,
  pushNotifications: undefined,
  systemPreferences: undefined,
  TouchBar: undefined,
  utilityProcess: undefined,
  View: undefined,
  WebContentsView: undefined,
  webFrameMain: undefined,
}

export const {
  autoUpdater,
  BaseWindow,
  contentTracing,
  desktopCapturer,
  inAppPurchase,
  MessageChannelMain,
  net,
  netLog,
  powerSaveBlocker,
  pushNotifications,
  systemPreferences,
  TouchBar,
  utilityProcess,
  View,
  WebContentsView,
  webFrameMain,
} = absent

const electron = {
  ...absent,
  app,
  BrowserWindow,
  clipboard,
  crashReporter,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  Session,
  session,
  shell,
  Tray,
  webContents,
}

Object.assign(chromiumRuntime, { pressShortcut, setIdleTime, setSystemTheme: nativeTheme.setSystemTheme.bind(nativeTheme) })

export {
  app,
  BrowserWindow,
  clipboard,
  crashReporter,
  dialog,
  electron as default,
  electron as 'module.exports',
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  Notification,
  nativeImage,
  nativeTheme,
  powerMonitor,
  protocol,
  Session,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  webContents,
}
