import { Link } from '@tanstack/react-router'
import { useRead } from '../../api/queries'

/** An item of the vault by its title, which leads to it; the id where it cannot be read. */
export function SecretTitle({ secretId }: { readonly secretId: string }) {
  const secret = useRead('secrets.get', { secretId })
  return (
    <Link to="/vault/$secretId" params={{ secretId }}>
      {secret.data?.title ?? secretId}
    </Link>
  )
}
