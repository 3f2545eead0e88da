import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { TestCounts } from './tools/test-counts.js';

const root = fileURLToPath(new URL('.', import.meta.url));
// Tests read the sources, so a library's change is seen without a build in between.
const alias = [
  { find: '#libs/sdk/local', replacement: `${root}libs/sdk/src/local/index.ts` },
  { find: /^#(libs|apps)\/([\w-]+)$/, replacement: `${root}$1/$2/src/index.ts` },
];

// One Postgres for the run; each test file takes databases of its own on it.
const servers = `${root}libs/testing/src/global-setup.ts`;

interface Kind {
  timeout: number;
  exclude?: string[];
  globalSetup?: string;
}

const project = (name: string, include: string[], { timeout, exclude = [], globalSetup }: Kind) => ({
  resolve: { alias },
  // Test files are outside of the projects' tsconfig, where this is said for the sources.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    name,
    include,
    exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
    ...(globalSetup === undefined ? {} : { globalSetup }),
    testTimeout: timeout,
    hookTimeout: 120_000,
    pool: 'forks' as const,
  },
});

export default defineConfig({
  test: {
    reporters: ['default', new TestCounts()],
    // Tests wait for clocks, disks and other processes more than they compute.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project('unit', ['{libs,apps,tools}/**/*.test.ts'], {
        timeout: 20_000,
        exclude: ['**/*.{int,e2e}.test.ts'],
      }),
      project('service', ['{libs,apps}/**/*.int.test.ts'], { timeout: 60_000, globalSetup: servers }),
      project('e2e', ['apps/e2e/**/*.e2e.test.ts'], { timeout: 180_000, globalSetup: servers }),
    ],
  },
});
