import { useMemo } from 'react'
import { encode } from 'uqr'

interface QrCodeProps {
  /** At most 2,900 bytes; not kept anywhere but in the picture. */
  readonly text: string
  /** What it holds, for who cannot see it. */
  readonly label: string
  readonly size?: number
}

/** A QR code (ISO/IEC 18004) as one path: dark on white in both themes, since cameras need it so. */
export function QrCode({ text, label, size = 200 }: QrCodeProps) {
  const { path, width } = useMemo(() => {
    const { data, size: width } = encode(text, { ecc: 'M', border: 3 })
    const path = data
      .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
      .filter((part) => part !== '')
      .join('')
    return { path, width }
  }, [text])
  return (
    <svg viewBox={`0 0 ${width} ${width}`} width={size} height={size} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={width} height={width} fill="#fff" rx={2} />
      <path d={path} fill="#111" />
    </svg>
  )
}
