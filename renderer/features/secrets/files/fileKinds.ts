import type { Attachment } from '../../../../shared/contract/secrets'
import { words } from './words'

/** Largest file that is dropped into the window or previewed in it. */
export const smallFile = 512 * 1024

type Kind = Pick<Attachment, 'mediaType' | 'name'>

/** Pictures that a page shows without running anything; SVG is not among them. */
export function isImage({ mediaType }: Kind): boolean {
  return ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'image/avif'].includes(mediaType)
}

const textNames = /\.(txt|md|csv|json|ya?ml|toml|ini|conf|env|log|pem|crt|cer|key|pub|asc|xml|ovpn)$/i

/** Files that read as text. */
export function isText({ mediaType, name }: Kind): boolean {
  return mediaType.startsWith('text/') || mediaType === 'application/json' || textNames.test(name)
}

/** Why a file has no preview; null when it has one. */
export function previewProblem(file: Kind & Pick<Attachment, 'bytes'>): string | null {
  if (!isImage(file) && !isText(file)) return words.noPreview
  return file.bytes > smallFile ? words.tooLargeToShow : null
}
