import type { Input } from '../../../shared/contract/index'
import type { FieldType } from '../../../shared/contract/secrets'

type Kept = Omit<Input<'secrets.create'>, 'businessId' | 'fields'>
type Fields = readonly (readonly [name: string, type: FieldType, value: string])[]

export interface PlannedItem extends Kept {
  /** Days before today on which it is kept. */
  readonly ago: number
  /** It belongs to the whole vault. */
  readonly vaultWide?: true
  readonly values: Fields
  /** A new value that replaces one some days later. */
  readonly changed?: { readonly ago: number; readonly field: string; readonly value: string }
  /** When the owner looked at a value. Not for sensitive items: only the owner's own proof shows those. */
  readonly shown?: readonly { readonly ago: number; readonly field: string }[]
  readonly file?: { readonly name: string; readonly mediaType: string; readonly text: string }
}

/**
 * What a small studio keeps in its vault. Names and addresses are invented, numbers are the published examples of their kind (the IBAN
 * registry's, the card networks' test number), and no value opens anything.
 */
export const vaultItems: readonly PlannedItem[] = [
  {
    ago: 365,
    kind: 'bank_account',
    title: 'Harbor First Bank, business checking',
    shown: [
      { ago: 301, field: 'Account number' },
      { ago: 94, field: 'Routing number' },
      { ago: 17, field: 'Account number' },
    ],
    tags: ['bank', 'dollars'],
    values: [
      ['Bank', 'text', 'Harbor First Bank'],
      ['Account holder', 'text', 'Alder & Finch Studio LLC'],
      ['Account number', 'hidden', '000123456789'],
      ['Routing number', 'text', '123456780'],
      ['Phone', 'phone', '+1 207 555 0142'],
    ],
  },
  {
    ago: 362,
    kind: 'bank_account',
    title: 'Euro account',
    shown: [
      { ago: 270, field: 'IBAN' },
      { ago: 33, field: 'IBAN' },
    ],
    tags: ['bank', 'euro'],
    values: [
      ['Account holder', 'text', 'Alder & Finch Studio LLC'],
      ['IBAN', 'hidden', 'DE89 3704 0044 0532 0130 00'],
      ['BIC', 'text', 'COBADEFFXXX'],
      ['Note', 'multiline', 'For customers in Europe. Sweep to the dollar account at the end of each quarter.'],
    ],
  },
  {
    ago: 360,
    kind: 'card',
    title: 'Studio card',
    tags: ['card'],
    sensitive: true,
    values: [
      ['Name on card', 'text', 'Robin Finch'],
      ['Number', 'hidden', '4242 4242 4242 4242'],
      ['Expires', 'text', '09/28'],
      ['Security code', 'hidden', '123'],
      ['PIN', 'hidden', '4821'],
    ],
  },
  {
    ago: 350,
    kind: 'login',
    title: 'Domain registrar',
    shown: [
      { ago: 250, field: 'Password' },
      { ago: 41, field: 'Password' },
    ],
    tags: ['dns', 'website'],
    rotateEveryDays: 365,
    values: [
      ['User name', 'text', 'studio@alderfinch.example'],
      ['Password', 'hidden', 'lantern-quarry-18-mossy'],
      ['Website', 'url', 'https://registrar.example/login'],
      ['One-time code', 'totp', 'otpauth://totp/Registrar:studio?secret=JBSWY3DPEHPK3PXP&issuer=Registrar'],
      ['Note', 'multiline', 'alderfinch.example renews every March. Transfers need the code and a call.'],
    ],
    changed: { ago: 41, field: 'Password', value: 'copper-heron-77-drift' },
  },
  {
    ago: 348,
    kind: 'login',
    title: 'Web hosting',
    shown: [
      { ago: 200, field: 'Password' },
      { ago: 12, field: 'Password' },
    ],
    tags: ['website'],
    values: [
      ['User name', 'text', 'alderfinch'],
      ['Password', 'hidden', 'v7!Rk2mQx9#Lw4tz'],
      ['Website', 'url', 'https://hosting.example'],
      ['SFTP host', 'text', 'sftp.hosting.example'],
    ],
  },
  {
    ago: 300,
    kind: 'login',
    title: 'Tax portal',
    tags: ['tax'],
    sensitive: true,
    values: [
      ['User name', 'text', 'alder.finch.llc'],
      ['Password', 'hidden', 'granite-ferry-40-olive'],
      ['Website', 'url', 'https://tax.example'],
      ['Taxpayer id', 'hidden', '00-0000000'],
    ],
  },
  {
    ago: 290,
    kind: 'note',
    title: 'Studio: alarm and keys',
    shown: [{ ago: 60, field: 'Alarm code' }],
    tags: ['studio'],
    values: [
      ['Alarm code', 'hidden', '7741'],
      ['Note', 'multiline', 'Arm with the code and “away”. The spare key is with the framer next door, second floor.'],
    ],
  },
  {
    ago: 240,
    kind: 'file',
    title: 'Lease of the studio',
    tags: ['studio', 'contracts'],
    values: [['Note', 'multiline', 'Runs until the end of 2028; three months’ notice.']],
    file: {
      name: 'lease-summary.txt',
      mediaType: 'text/plain',
      text: 'Lease of 14 Wharf Street, second floor\nRent: 1,450.00 USD, due on the 1st\nDeposit: 2,900.00 USD\nNotice: three months\n',
    },
  },
  {
    ago: 98,
    kind: 'api_key',
    title: 'Backup storage',
    shown: [{ ago: 98, field: 'Key' }],
    tags: ['backup'],
    values: [
      ['Key id', 'text', 'practice-0042'],
      ['Key', 'hidden', 'practice-backup-storage-key-1'],
      ['Website', 'url', 'https://storage.example/console'],
    ],
  },
  {
    ago: 82,
    kind: 'api_key',
    title: 'Mail delivery',
    shown: [
      { ago: 82, field: 'Key' },
      { ago: 5, field: 'Key' },
    ],
    tags: ['mail', 'website'],
    values: [
      ['Key', 'hidden', 'practice-mail-delivery-key-1'],
      ['Website', 'url', 'https://api.mailer.example'],
    ],
  },
  {
    ago: 64,
    kind: 'api_key',
    title: 'Maps on the website',
    tags: ['website'],
    values: [
      ['Key', 'hidden', 'practice-maps-key-1'],
      ['Website', 'url', 'https://maps.example'],
    ],
  },
  {
    ago: 55,
    vaultWide: true,
    kind: 'login',
    title: 'Password of the router',
    shown: [
      { ago: 54, field: 'Password' },
      { ago: 3, field: 'Password' },
    ],
    tags: ['office'],
    values: [
      ['User name', 'text', 'admin'],
      ['Password', 'hidden', 'tavo-mireku-solafi-pune'],
      ['Website', 'url', 'https://192.168.0.1'],
    ],
  },
]

/** A tax adviser had what the yearly return takes, for as long as it took. */
export const pastHelper = {
  holder: 'Jonas Reed, tax adviser',
  titles: ['Harbor First Bank, business checking', 'Euro account'],
  given: 228,
  looks: [
    { ago: 227, title: 'Harbor First Bank, business checking', field: 'Account number' },
    { ago: 226, title: 'Euro account', field: 'IBAN' },
    { ago: 224, title: 'Harbor First Bank, business checking', field: 'Routing number' },
  ],
  ended: 220,
} as const
