import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import styles from './CommandBar.module.css'
import { rankCommands } from './commandMatch'
import { useShortcut } from './shortcuts'
import { type Command, type CommandGroup, useCommands } from './useCommands'
import { useFound } from './useFound'
import { words } from './words'

const [store, spotlight] = createSpotlight()

/** Opens the command bar. */
export const openCommandBar = spotlight.open

const groupOrder: readonly CommandGroup[] = ['Invoices', 'Customers', 'Vault', 'Go to', 'Do', 'Settings']

/** Ctrl/Cmd+K: finds invoices, customers and items of the vault, goes to screens, acts. Nothing stands only here. */
export function CommandBar() {
  const [query, setQuery] = useState('')
  const [settled] = useDebouncedValue(query.trim(), 120)
  const found = useFound(settled)
  const commands = useCommands()
  useShortcut('mod+k', words.searchOrAct, spotlight.toggle, { group: 'everywhere' })

  const shown = [...found, ...rankCommands(commands, query)]
  const groups = groupOrder.flatMap((group) => {
    const own = shown.filter((command) => command.group === group)
    return own.length > 0 ? [{ group, own }] : []
  })
  const order = shown.map(({ id }) => id).join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when the rows or their order change
  useEffect(() => {
    if (query.trim() !== '') holdSelection()
  }, [order])
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      lockScroll={false}
      centered={false}
      yOffset="12vh"
      radius="lg"
      size={600}
      overlayProps={{ backgroundOpacity: 0.35, blur: 1 }}
      transitionProps={{ duration: 90 }}
      clearQueryOnClose
      attributes={{ content: { 'aria-label': words.commandBar } }}
      scrollable
      maxHeight="min(440px, 62vh)"
      classNames={{ content: styles.content ?? '', actionsGroup: styles.group ?? '', search: styles.search ?? '' }}
    >
      <Spotlight.Search
        placeholder={words.commandBar}
        aria-label={words.commandBar}
        leftSection={<IconSearch size={18} stroke={1.7} />}
      />
      <Spotlight.ActionsList>
        {groups.map(({ group, own }) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {own.map((command) => (
              <Action key={command.id} command={command} />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {shown.length === 0 ? (
          <Spotlight.Empty>Nothing found. Try an invoice number, a customer, an item of the vault or a screen.</Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

/**
 * What is found comes later than the text and moves the rows below it: the row that was chosen by hand stays chosen, else the first is, so
 * that Enter always has one.
 */
function holdSelection(): void {
  const { listId, selected } = store.getState()
  const rows = [...(document.getElementById(listId)?.querySelectorAll('[data-action]') ?? [])]
  const chosen = rows.findIndex((row) => row.hasAttribute('data-selected'))
  const at = selected > 0 && chosen >= 0 ? chosen : 0
  // The bar itself marks its rows so.
  for (const [index, row] of rows.entries()) row.toggleAttribute('data-selected', index === at)
  store.updateState((state) => ({ ...state, selected: at }))
}

function Action({ command }: { readonly command: Command }): ReactNode {
  return (
    <Spotlight.Action className={styles.action ?? ''} onClick={command.run}>
      <span className={styles.icon} aria-hidden="true">
        {command.icon}
      </span>
      <span className={styles.label}>{command.label}</span>
      {command.hint ? <span className={styles.hint}>{command.hint}</span> : null}
    </Spotlight.Action>
  )
}
