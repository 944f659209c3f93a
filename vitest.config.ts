import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'shared/**/*.test.ts',
      'electron/**/*.test.ts',
      'renderer/**/*.test.{ts,tsx}',
      'build/**/*.test.ts',
      'tests/conformance/**/*.test.ts',
      'tests/fuzz/**/*.test.ts',
      'tests/faults/**/*.test.ts',
    ],
    pool: 'forks',
    maxWorkers: '100%',
    // For a busy machine: nothing waits for these where all is well.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
