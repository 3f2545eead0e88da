import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/**
 * What on the page as it is now keeps people from using it, by the rules of WCAG 2.2 AA and common practice
 * that a program can check: one line for each finding, none if all is well. Works under any policy of the page.
 */
export const auditPage = async (page) => {
    const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await page.evaluate(source);
    const { violations, passes } = await page.evaluate((values) => globalThis.axe.run({ runOnly: { type: 'tag', values }, iframes: false }), rules);
    if (passes.length === 0)
        throw new Error('The audit has checked nothing.');
    return violations.map(({ id, impact, help, nodes }) => {
        const where = nodes.map(({ html }) => html.slice(0, 120)).join(' | ');
        return `${id} (${impact ?? 'minor'}): ${help} at ${where}`;
    });
};
//# sourceMappingURL=audit-page.js.map