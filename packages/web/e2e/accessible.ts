// Whether what a page shows can be used by everybody, as far as axe can tell (WCAG 2.2 A and AA).
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { SCREENS } from './fixture.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Contrast goes with the scheme and is the slowest to find, space goes with the width. */
const LOOKS = [
  ['light', 'usual'],
  ['dark', 'wide'],
  ['light', 'narrow'],
] as const;

/** In: a page that shows what is to be looked at. Throws with every violation, by look, and with what runs off the screen. */
export async function expectAccessible(page: Page): Promise<void> {
  const found: string[] = [];
  for (const [colorScheme, screen] of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(SCREENS[screen]);
    await page.waitForFunction(
      (scheme) => document.documentElement.dataset['mantineColorScheme'] === scheme,
      colorScheme,
    );
    const axe = new AxeBuilder({ page })
      .options({ resultTypes: ['violations'] })
      .withTags(RULES)
      .setLegacyMode();
    if (screen === 'narrow') axe.disableRules('color-contrast');
    const { violations } = await axe.analyze();
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (tooWide > 0) found.push(`${colorScheme}, ${screen}: the page is ${tooWide} pixels wider than the screen`);
    for (const { id, nodes } of violations)
      for (const node of nodes.slice(0, 5))
        found.push(`${colorScheme}, ${screen}: ${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`);
  }
  await page.setViewportSize(SCREENS.usual);
  expect(found).toEqual([]);
}
