// The smallest app with a window: what any page costs in this runtime.
import { app, BrowserWindow, protocol } from 'electron'

protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
app.enableSandbox()
app.whenReady().then(async () => {
  protocol.handle(
    'app',
    () => new Response('<!doctype html><title>Blank</title><h1>Blank</h1>', { headers: { 'content-type': 'text/html' } }),
  )
  const window = new BrowserWindow({ width: 1280, height: 800, show: false })
  window.once('ready-to-show', () => window.show())
  await window.loadURL('app://blank/')
})
