import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import styles from './CommandBar.module.css'
import { rankCommands } from './commandMatch'
import { useShortcut } from './shortcuts'
import { type Command, type CommandGroup, useCommands } from './useCommands'
import { useFound } from './useFound'
import { words } from './words'

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
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      lockScroll={false}
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
