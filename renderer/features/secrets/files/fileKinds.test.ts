import { expect, it } from 'vitest'
import { isImage, isText, previewProblem, smallFile } from './fileKinds'

it('previews pictures and texts that are small, and never a picture that can hold a script', () => {
  expect(previewProblem({ name: 'a.png', mediaType: 'image/png', bytes: 10 })).toBeNull()
  expect(previewProblem({ name: 'id_ed25519.pub', mediaType: 'application/octet-stream', bytes: 10 })).toBeNull()
  expect(previewProblem({ name: 'a.png', mediaType: 'image/png', bytes: smallFile + 1 })).not.toBeNull()
  expect(previewProblem({ name: 'a.pdf', mediaType: 'application/pdf', bytes: 10 })).not.toBeNull()
  expect(isImage({ name: 'a.svg', mediaType: 'image/svg+xml' })).toBe(false)
  expect(isText({ name: 'a.bin', mediaType: 'application/octet-stream' })).toBe(false)
})
