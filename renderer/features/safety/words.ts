/** Words of the one switch that stops everything. */
export const words = {
  pause: 'Pause everything',
  pauseHint: 'Stops schedules, sends and broker calls within a second',
  resume: 'Go on',
  paused: 'Everything is paused',
  since: (when: string) => `since ${when}`,
  by: (who: string) => `by ${who}`,
  nothingHeld: 'Nothing waits yet.',
  held: (sends: number, refused: number) =>
    [
      sends > 0 ? `${sends} ${sends === 1 ? 'send waits' : 'sends wait'}` : '',
      refused > 0 ? `${refused} ${refused === 1 ? 'call was' : 'calls were'} refused` : '',
    ]
      .filter((part) => part !== '')
      .join(', '),
  show: 'What waits',
  title: 'What the pause holds back',
  sends: 'Sends',
  noSends: 'No send waits.',
  sendRow: (kind: string, count: number, when: string) => `${kind}: ${count}, the oldest ${when}`,
  kinds: { 'invoice.send': 'Invoices to be sent', 'invoice.void': 'Invoices to be voided', refund: 'Refunds' } as Readonly<
    Partial<Record<string, string>>
  >,
  schedules: 'Schedules',
  noSchedules: 'No schedule waits.',
  schedule: (name: string, when: string | null) => (when === null ? name : `${name}, next ${when}`),
  calls: 'Broker calls',
  callsRefused: (count: number) => `${count === 0 ? 'None' : count} refused since the pause began.`,
  pausedToast: 'Everything is paused',
  pausedText: 'Nothing is sent until you go on. Receiving and reading go on.',
  notPaused: 'The pause did not begin',
  resumed: 'Everything goes on',
  notResumed: 'The pause did not end',
  waits: 'Going on waits for an approval',
  close: 'Close',
} as const
