import { contract, type ProcedureName, procedureOf } from '../../../shared/contract/index'

/** Commands by which money goes out to somebody: those of payments. Others state amounts without paying anyone. */
export const payingCommands: readonly string[] = (Object.keys(contract) as ProcedureName[]).filter((name) => {
  const { kind, scope } = procedureOf(name)
  return kind === 'command' && scope === 'payments:write'
})

/** The commands that count as the same deed: all that pay out are one, any other stands for itself. */
export function kinOf(procedure: string): readonly string[] {
  return payingCommands.includes(procedure) ? payingCommands : [procedure]
}
