import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

interface Finding {
  id: string;
  impact: string | null;
  help: string;
  nodes: { html: string }[];
}

/** The part of axe that runs in the page. */
interface Axe {
  run(options: object): Promise<{ violations: Finding[]; passes: unknown[] }>;
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What on the page as it is now keeps people from using it, by the rules of WCAG 2.2 AA and common practice
 * that a program can check: one line for each finding, none if all is well. Works under any policy of the page.
 */
export const auditPage = async (page: Page): Promise<string[]> => {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  const { violations, passes } = await page.evaluate(
    (values) =>
      (globalThis as unknown as { axe: Axe }).axe.run({ runOnly: { type: 'tag', values }, iframes: false }),
    rules,
  );
  if (passes.length === 0) throw new Error('The audit has checked nothing.');
  return violations.map(({ id, impact, help, nodes }) => {
    const where = nodes.map(({ html }) => html.slice(0, 120)).join(' | ');
    return `${id} (${impact ?? 'minor'}): ${help} at ${where}`;
  });
};
