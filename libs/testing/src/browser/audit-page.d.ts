import type { Page } from 'playwright-core';
/**
 * What on the page as it is now keeps people from using it, by the rules of WCAG 2.2 AA and common practice
 * that a program can check: one line for each finding, none if all is well. Works under any policy of the page.
 */
export declare const auditPage: (page: Page) => Promise<string[]>;
