/** The sections of the settings; `keywords` are what people look for when they want one. */
export const settingsSections = [
  { id: 'business', label: 'Business', keywords: 'name currency country time zone' },
  { id: 'integrations', label: 'Integrations', keywords: 'stripe connect key webhook sync events' },
  { id: 'rates', label: 'Exchange rates', keywords: 'currency conversion' },
  { id: 'policies', label: 'Policies', keywords: 'approval limit refund rules ask' },
  { id: 'tokens', label: 'API and tokens', keywords: 'http door access token automation' },
  {
    id: 'vault',
    label: 'Security',
    keywords: 'vault passphrase lock idle recovery kit passkey keychain code generator totp keys close',
  },
  { id: 'backups', label: 'Backups', keywords: 'backup restore drill copy folder schedule' },
  { id: 'appearance', label: 'Appearance', keywords: 'theme dark light' },
  { id: 'privacy', label: 'Privacy and data', keywords: 'hosts telemetry folder data location delete practice' },
  { id: 'about', label: 'About', keywords: 'version license runtime' },
] as const

export type SettingsSection = (typeof settingsSections)[number]['id'] | 'new-business'
