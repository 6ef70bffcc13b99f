import { defineConfig } from 'vitest/config';

// Two cores, other processes beside: timeouts are for hangs, not for speed. Speed is measured by `npm run bench`. A
// browser beside other heavy work may lose a connection of its own; one more try tells that from a fault.
const common = { testTimeout: 120_000, hookTimeout: 120_000, maxWorkers: 2 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts', 'lab/src/**/*.test.ts'],
        },
      },
      { test: { ...common, name: 'browser', include: ['packages/web/e2e/**/*.e2e.ts'], maxWorkers: 1, retry: 1 } },
    ],
  },
});
