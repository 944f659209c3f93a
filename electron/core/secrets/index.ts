export { fieldNamed, isHidden } from './fieldRules'
export { hintOf } from './hint'
export {
  type Act,
  type DependantSource,
  type ItemChange,
  type NewItem,
  type NewUse,
  type OpenField,
  type SecretItems,
  wipeFields,
} from './secretItems'
