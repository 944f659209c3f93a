/** The mark of the product: an account's total, ruled off twice as bookkeepers do. */
export function BrandMark({ size = 32 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#195a44" />
      <path d="M9 9.5h9M9 14h14" stroke="#a9d3c2" strokeWidth="2" strokeLinecap="round" />
      <path d="M14 20h9M14 23.5h9" stroke="#ffffff" strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}
