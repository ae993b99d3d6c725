import { defineConfig } from 'vitest/config'

const FLOW = 'test/flow/**/*.test.ts'
const exclude = ['**/node_modules/**', 'dist/**', 'data/**']

export default defineConfig({
  test: {
    testTimeout: 30_000,
    // The report is what the closing line of a CI run is taken from.
    reporters: ['default', ['json', { outputFile: 'node_modules/.cache/test-report.json' }]],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...exclude, FLOW],
          // By itself it leaves one processor to whoever watches: half of a small machine.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        // Real processes that need the machine for themselves: one file after another, after all others.
        test: { name: 'flow', include: [FLOW], exclude, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
