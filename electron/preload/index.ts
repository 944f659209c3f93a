import { contextBridge, ipcRenderer } from 'electron'
import type { BridgeEvent, CountinghouseBridge } from '../../shared/contract/bridge'
import { procedureNames, shellNames } from './names'

/** One function per name and nothing generic: the page can reach no other channel. */
function functionsFor<Names extends string>(names: readonly Names[]) {
  return Object.fromEntries(names.map((name) => [name, (input: unknown) => ipcRenderer.invoke(name, input)]))
}

const bridge = {
  procedures: functionsFor(procedureNames),
  shell: functionsFor(shellNames),
  onEvent: (listener: (event: BridgeEvent) => void) => {
    const receive = (_: unknown, event: BridgeEvent) => listener(event)
    ipcRenderer.on('event', receive)
    return () => void ipcRenderer.removeListener('event', receive)
  },
} as unknown as CountinghouseBridge

contextBridge.exposeInMainWorld('countinghouse', bridge)
