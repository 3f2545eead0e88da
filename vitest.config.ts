import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
// Tests read the sources, so a library's change is seen without a build in between.
const alias = [{ find: /^#(libs|apps)\/([\w-]+)$/, replacement: `${root}$1/$2/src/index.ts` }];

const project = (name: string, include: string[], timeout: number, exclude: string[] = []) => ({
  resolve: { alias },
  test: {
    name,
    include,
    exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
    testTimeout: timeout,
    hookTimeout: 120_000,
    pool: 'forks' as const,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', ['{libs,apps,tools}/**/*.test.ts'], 20_000, ['**/*.{int,e2e}.test.ts']),
      project('service', ['{libs,apps}/**/*.int.test.ts'], 60_000),
      project('e2e', ['apps/e2e/**/*.e2e.test.ts'], 180_000),
    ],
  },
});
