/** The one switch that stops schedules, sends and broker calls. */
export interface Pause {
  readonly paused: boolean
  /** @throws AppError paused, with the sentence that says what was not done and how to go on */
  assertRunning(): void
  /** Called after each change, until the returned function is called. */
  onChange(listener: (paused: boolean) => void): () => void
}
