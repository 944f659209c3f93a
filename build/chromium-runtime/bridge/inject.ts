import { Script } from 'node:vm'
import { createBridgeEnd } from './bridgeEnd.ts'
import { createCodec } from './codec.ts'
import { createExposer } from './pageHalf.ts'
import { runPreload } from './preloadHalf.ts'

/** Name of the isolated world in which preload runs. */
export const PRELOAD_WORLD = 'electron-preload'

export interface InjectionPlan {
  /** The random name that joins both halves of the bridge. */
  channel: string
  bindingName: string
  receiverName: string
  /** `nodeIntegrationInSubFrames`: whether iframes get a preload, and with it the api, as well. */
  inSubFrames: boolean
  process: Record<string, unknown>
  preload: { path: string; source: string } | null
}

const onlyWhere = (inSubFrames: boolean) => (inSubFrames ? '' : 'if (window !== window.top) return;')

/** The script of the page's own world. It has to be registered before every other one. */
export function pageScript({ channel, inSubFrames }: Pick<InjectionPlan, 'channel' | 'inSubFrames'>): string {
  return `(() => { ${onlyWhere(inSubFrames)}
const codec = (${createCodec})();
(${createBridgeEnd})({ codec, side: 'page', channel: ${JSON.stringify(channel)}, onExpose: (${createExposer})() });
})()`
}

/**
 * The script of the preload world.
 *
 * @throws SyntaxError when the app's preload is not a CommonJS script
 */
export function preloadScript({ channel, bindingName, receiverName, inSubFrames, process, preload }: InjectionPlan): string {
  const wrapped = preload ? `(function (exports, require, module, process) {\n${preload.source}\n})` : 'null'
  if (preload) new Script(wrapped, { filename: preload.path, lineOffset: -1 })
  return `(() => { ${onlyWhere(inSubFrames)}
const codec = (${createCodec})();
const bridge = (${createBridgeEnd})({ codec, side: 'preload', channel: ${JSON.stringify(channel)} });
(${runPreload})({ codec, bridge, bindingName: ${JSON.stringify(bindingName)}, receiverName: ${JSON.stringify(receiverName)},
  process: ${JSON.stringify(process)}, preload: ${wrapped} });
})()`
}
