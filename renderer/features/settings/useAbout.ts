import { useQuery } from '@tanstack/react-query'
import { callShell } from '../../api/bridge'

/** What this app is made of and where its data lies. */
export function useAbout() {
  return useQuery({ queryKey: ['shell.about'], queryFn: () => callShell('shell.about', {}), staleTime: Number.POSITIVE_INFINITY })
}
