import type { ActorName } from './actor'
import type { DispatchDeps } from './call'

/** Who may approve a request besides the owner: everyone with the right whose own request it is not. */
export function otherApprovers({ actors }: Pick<DispatchDeps, 'actors'>, askedBy: string): ActorName[] {
  return actors.approvers().filter((approver) => !actors.isOwnRequest(askedBy as ActorName, approver))
}
