import { contract, isProcedureName, type ProcedureName, procedureOf } from '../../../shared/contract/index'

/** Commands by which money goes out to somebody: those of payments. Others state amounts without paying anyone. */
export const payingCommands: readonly string[] = (Object.keys(contract) as ProcedureName[]).filter((name) => paysOut(name))

function paysOut(name: string): boolean {
  if (!isProcedureName(name)) return false
  const procedure = procedureOf(name)
  return procedure.kind === 'command' && procedure.scope === 'payments:write'
}

/** The commands that count as the same deed: all that pay out are one, any other stands for itself. */
export function kinOf(procedure: string): readonly string[] {
  return payingCommands.includes(procedure) ? payingCommands : [procedure]
}
