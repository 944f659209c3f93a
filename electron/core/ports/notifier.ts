/** What a notification says, and where a click on it leads. */
export interface Notice {
  readonly title: string
  readonly body: string
  /** A page of the window; null where the window itself is enough. */
  readonly route: string | null
  /** The business whose page it is; left out where the page belongs to all. */
  readonly businessId?: string
}

/** A notification of the operating system (or nothing, where there is none). Texts hold no secrets and no personal data when locked. */
export interface Notifier {
  notify(notice: Notice): void
}
