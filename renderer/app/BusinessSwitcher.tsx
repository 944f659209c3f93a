import { Menu, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconPlus, IconSelector } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { Keys } from '../components/Keys'
import { Monogram } from '../components/Monogram'
import { useWorkplace } from './BusinessProvider'
import styles from './BusinessSwitcher.module.css'
import { words } from './words'

/** Top left: which business the window shows, and the way to another. */
export function BusinessSwitcher() {
  const { business, businesses, select } = useWorkplace()
  const navigate = useNavigate()
  return (
    <Menu width={260} position="bottom-start">
      <Menu.Target>
        <button type="button" className={styles.button}>
          <VisuallyHidden>{words.switchBusiness}</VisuallyHidden>
          <Monogram id={business.id} name={business.name} />
          <span className={styles.name}>{business.name}</span>
          <IconSelector size={16} stroke={1.7} className={styles.icon} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.switchBusiness}</Menu.Label>
        {businesses.map((candidate, index) => (
          <Menu.Item
            key={candidate.id}
            leftSection={<Monogram id={candidate.id} name={candidate.name} small />}
            rightSection={
              candidate.id === business.id ? <IconCheck size={15} /> : index < 9 ? <Keys keys={`mod+${index + 1}`} /> : null
            }
            onClick={() => void select(candidate.id)}
          >
            {candidate.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconPlus size={16} />}
          onClick={() => void navigate({ to: '/settings/$section', params: { section: 'new-business' } })}
        >
          {words.newBusiness}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
