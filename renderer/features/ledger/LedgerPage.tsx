import { Outlet } from '@tanstack/react-router'

/** The books: statements, journal, registers and accounts, each under its own tab. */
export function LedgerPage() {
  return <Outlet />
}
