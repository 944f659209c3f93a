/** A notification of the operating system (or nothing, where there is none). Texts hold no secrets and no personal data when locked. */
export interface Notifier {
  notify(notice: { readonly title: string; readonly body: string; readonly route: string | null }): void
}
