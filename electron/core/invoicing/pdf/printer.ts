import type { TCreatedPdf, TDocumentDefinitions, TFontDictionary } from 'pdfmake/interfaces'

/** The part of pdfmake on Node that is used here; its published types describe the browser's build. */
interface Printer {
  createPdf(definition: TDocumentDefinitions): TCreatedPdf
  setFonts(fonts: TFontDictionary): void
  setUrlAccessPolicy(allows: (url: string) => boolean): void
  setLocalAccessPolicy(allows: (path: string) => boolean): void
  readonly virtualfs: { writeFileSync(name: string, content: Uint8Array): void }
}

const faces = { normal: 'Roboto-Regular.ttf', bold: 'Roboto-Medium.ttf' } as const

let loading: Promise<Printer> | undefined

async function load(): Promise<Printer> {
  const [{ default: pdfmake }, { default: fonts }] = await Promise.all([
    import('pdfmake') as Promise<unknown> as Promise<{ default: Printer }>,
    import('pdfmake/build/vfs_fonts.js'),
  ])
  for (const name of Object.values(faces)) pdfmake.virtualfs.writeFileSync(name, Buffer.from(fonts[name] ?? '', 'base64'))
  pdfmake.setFonts({ Roboto: faces })
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy(() => false)
  return pdfmake
}

/** The PDF printer with its fonts in memory; it may read neither files nor addresses. Loaded at the first use. */
export function loadPrinter(): Promise<Printer> {
  loading ??= load()
  return loading
}
