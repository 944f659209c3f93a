/** Every way to change the rules is ruled by what is said of setting them: a rule that could be taken out of force around itself is none. */
const asSettingRules: readonly string[] = ['policies.remove', 'policies.setPreset']

/** The procedures whose rules look at a command, besides those over every command. */
export function ruledAs(procedure: string): readonly string[] {
  return asSettingRules.includes(procedure) ? [procedure, 'policies.set'] : [procedure]
}

/** The commands that a rule over a procedure looks at. */
export function ruledBy(procedure: string): readonly string[] {
  return procedure === 'policies.set' ? [procedure, ...asSettingRules] : [procedure]
}
